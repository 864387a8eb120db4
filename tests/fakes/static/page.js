// A chat through the fake provider, for people: asks `/fake/...` what the person sees, and tells it what the person does.
import { showFaults, showItems } from "./view.js";

const POLL_MS = 700;
const field = (id) => document.getElementById(id);
let shown = "";

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/fake/${path}`, options);
  return answer.json();
}

function person() {
  return field("user").value.trim() || "7000000000000001";
}

async function act(path, body) {
  try {
    const told = await ask(path, body);
    const tries = (told.posts ?? []).flatMap((post) => post.attempts);
    field("said").textContent = tries.length
      ? tries.map((one) => `our channel: ${one.status ?? "no answer"} after ${one.took_ms} ms`).join(", ")
      : JSON.stringify(told);
  } catch (error) {
    field("said").textContent = String(error);
  }
  await refresh();
}

function button(label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", action);
  return made;
}

async function refresh() {
  const [chat, faults] = await Promise.all([ask(`conversation?user=${encodeURIComponent(person())}`), ask("faults")]);
  const seen = JSON.stringify([chat, faults]);
  if (seen === shown) return;
  shown = seen;
  showItems(field("items"), chat.items, (choice) => act("press", { user: person(), label: choice.label }));
  showFaults(field("faults"), faults);
  field("menu").replaceChildren(...chat.menu.map((label) => button(label, () => act("press", { user: person(), label }))));
  const states = [
    chat.typing && "the bot is typing …",
    chat.seen_ms > 0 && "seen by the page",
    chat.blocked && "this person has blocked us",
    chat.following === true && "follows",
    chat.following === false && "does not follow any more",
  ];
  field("state").textContent = states.filter(Boolean).join(" · ");
}

async function start() {
  const about = await ask("about");
  field("title").textContent = `Fake ${about.provider} → ${about.webhook_url}`;
  document.title = `Fake ${about.provider}`;
  field("user").value = "7000000000000001";
  field("kinds").replaceChildren(
    ...about.kinds.map((kind) => button(kind.replaceAll("_", " "), () => act("event", { user: person(), kind }))),
    button("block", () => act("block", { user: person(), blocked: true })),
    button("unblock", () => act("block", { user: person(), blocked: false })),
  );
  for (const one of document.querySelectorAll("[data-post]")) {
    one.addEventListener("click", () => act(one.dataset.post, JSON.parse(one.dataset.body ?? "{}")));
  }
  const send = (path, more) => {
    const text = field("text").value;
    field("text").value = "";
    if (text) act(path, { user: person(), text, ...more });
  };
  field("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send("say", {});
  });
  field("human").addEventListener("click", () => send("event", { kind: "human" }));
  field("user").addEventListener("change", refresh);
  setInterval(() => refresh().catch(() => { field("state").textContent = "the fake provider does not answer"; }), POLL_MS);
  await refresh();
}

start();
