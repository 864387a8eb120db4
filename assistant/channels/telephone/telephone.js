// A telephone for trying the hotline: it keys, speaks and pays as a caller would. Text nodes only.
const $ = (id) => document.getElementById(id);
const FEE_VND = 1000;
let call = null;
let speaker = null;

const post = async (event, value = "") => {
  const body = JSON.stringify({ call_id: call.id, from: call.caller, event, value });
  const answer = await fetch("simulator", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Error((await answer.json()).error.message);
  return answer.json();
};

const line = (text, kind) => {
  const item = document.createElement("p");
  if (kind) item.className = kind;
  item.append(text);
  $("log").append(item);
  $("log").scrollTop = $("log").scrollHeight;
  return item;
};

const listen = (item, say, lang) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(lang === "en" ? "Listen" : "Nghe");
  button.addEventListener("click", async () => {
    const answer = await fetch("telephone/voice", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ say, lang }),
    });
    if (!answer.ok) { button.textContent = "Không có espeak-ng"; button.disabled = true; return; }
    speaker ??= new AudioContext();
    const sound = speaker.createBufferSource();
    sound.buffer = await speaker.decodeAudioData(await answer.arrayBuffer());
    sound.connect(speaker.destination);
    sound.start();
  });
  item.append(button);
};

const show = (turn) => {
  for (const piece of turn.say) {
    const item = line(piece.text ?? "");
    if (piece.spell) {
      item.classList.add("digits");
      item.append(piece.spell);
    }
    listen(item, [piece], turn.lang);
  }
  $("spoken").textContent = `${turn.seconds} s`;
  document.documentElement.lang = turn.lang;
  call.gather = turn.gather;
  call.keyed = "";
  clearTimeout(call.pause);
  wanted();
  if (turn.transfer) line(`Chuyển máy đến ${turn.transfer}`, "end");
  if (turn.hangup || turn.transfer) over("Cuộc gọi kết thúc");
};

const wanted = () => {
  const gather = call?.gather;
  $("wanted").textContent = !gather ? "" :
    gather.digits === 1 ? "Chờ một phím hoặc lời nói" : `Chờ ${gather.digits}${gather.or ? ` hoặc ${gather.or}` : ""} số: ${call.keyed}`;
};

const over = (why) => {
  if (!call) return;
  clearInterval(call.ticking);
  clearTimeout(call.pause);
  call = null;
  line(why, "end");
  for (const id of ["hang", "speech", "speak"]) $(id).disabled = true;
  for (const key of $("keys").children) key.disabled = true;
  $("call").disabled = $("caller").disabled = false;
  $("wanted").textContent = "";
};

const turn = async (event, value) => {
  try {
    show(await post(event, value));
  } catch (error) {
    line(String(error.message), "end");
    over("Cuộc gọi kết thúc");
  }
};

const key = (digit) => {
  if (!call?.gather) return;
  clearTimeout(call.pause);
  const { digits, or = digits, inter_digit_s: pause = 3 } = call.gather;
  if (digit !== "#") call.keyed += digit;
  wanted();
  const send = () => {
    const keyed = call.keyed;
    call.keyed = "";
    if (!keyed) return;
    line(keyed, "own");
    turn("digits", keyed);
  };
  // Twelve digits begin with 0: whatever else has ten is complete.
  const complete = call.keyed.length >= or || (call.keyed.length >= digits && (or === digits || call.keyed[0] !== "0"));
  if (digit === "#" || complete) send();
  else if (call.keyed.length >= digits) call.pause = setTimeout(send, pause * 1000);
};

for (const digit of "123456789*0#") {
  const button = document.createElement("button");
  button.type = "button";
  button.disabled = true;
  button.append(digit);
  button.addEventListener("click", () => key(digit));
  $("keys").append(button);
}

document.addEventListener("keydown", (event) => {
  if (event.target.tagName !== "INPUT" && /^[0-9#*]$/.test(event.key)) key(event.key);
});

$("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  $("log").replaceChildren();
  call = { id: `demo-${crypto.randomUUID()}`, caller: $("caller").value.trim(), began: Date.now(), keyed: "" };
  call.ticking = setInterval(() => {
    const seconds = Math.floor((Date.now() - call.began) / 1000);
    $("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    $("fee").textContent = `${(FEE_VND * Math.max(1, Math.ceil(seconds / 60))).toLocaleString("vi")} đ`;
  }, 250);
  $("call").disabled = $("caller").disabled = true;
  for (const id of ["hang", "speech", "speak"]) $(id).disabled = false;
  for (const button of $("keys").children) button.disabled = false;
  turn("start");
});

$("hang").addEventListener("click", () => {
  post("hangup").catch(() => {});
  over("Bạn đã gác máy");
});

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = $("speech").value.trim();
  if (!said || !call) return;
  $("speech").value = "";
  line(said, "own");
  turn("speech", said);
});
