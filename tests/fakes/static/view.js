// Draws the chat and the faults; everything that was sent becomes a text node, nothing is loaded.

function add(parent, tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function drawChoice(row, choice, press) {
  const made = add(row, "button", choice.label);
  made.type = "button";
  made.title = `${choice.kind}: ${choice.payload}`;
  if (choice.kind === "url" || choice.kind === "phone") made.disabled = true;
  else made.addEventListener("click", () => press(choice));
}

function notes(item) {
  const found = [new Date(item.at_ms).toLocaleTimeString()];
  if (item.from === "human") found.push("a human agent");
  if (item.kind !== "text") found.push(item.kind.replaceAll("_", " "));
  if (item.paid) found.push("paid");
  const tries = item.webhooks.map((one) => `${one.status ?? "no answer"} in ${one.took_ms} ms`);
  if (tries.length) found.push(`our channel: ${tries.join(", ")}`);
  return [...found, ...item.reactions].join(" · ");
}

export function showItems(list, items, press) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren();
  for (const item of items) {
    const entry = add(list, "li", "", item.from);
    if (item.text) add(entry, "p", item.text);
    if (item.link) add(entry, "p", item.link);
    for (const choice of item.choices.filter((one) => one.kind === "url" || one.kind === "phone")) {
      add(entry, "p", `${choice.label}: ${choice.payload}`, "note");
    }
    const row = add(entry, "div", "", "row");
    for (const choice of item.choices) drawChoice(row, choice, press);
    add(entry, "p", notes(item), "note");
    if (item.times > 1 && item.from === "bot") add(entry, "p", `seen ${item.times} times`, "note again");
  }
  if (atEnd) list.scrollTop = list.scrollHeight;
}

export function showFaults(list, faults) {
  list.replaceChildren();
  for (const fault of faults.slice(-50).reverse()) add(list, "li", `${fault.kind}: ${fault.detail}`);
  if (!faults.length) add(list, "li", "none", "note");
}
