// The tablet in a patient's hand: asks "Still there?" after a while without a touch, and clears the screen where nobody
// answers. What was typed is sent as a draft first. The server holds to the same times without this script.
const HEARD_EVERY_MS = 60_000;
const box = document.querySelector("[data-kiosk]");
const idleMs = Number(box.dataset.idleS) * 1000;
const waitMs = Number(box.dataset.waitS) * 1000;
const seconds = box.querySelector("[data-seconds]");
let touchedAt = Date.now();
let heardAt = Date.now();
let isOver = false;

const send = (url, fields) => {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const token = document.querySelector("meta[name=csrf-token]").content;
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => undefined);
};

function touched() {
  if (isOver || box.open) return;
  touchedAt = Date.now();
  if (touchedAt - heardAt > HEARD_EVERY_MS) {
    heardAt = touchedAt;
    send(box.dataset.hereUrl, {});
  }
}

function goOn() {
  box.close();
  heardAt = 0;
  touched();
}

async function finish() {
  isOver = true;
  const draft = document.querySelector("form.step-form");
  const typed = draft && new FormData(draft);
  document.body.replaceChildren();
  if (typed) {
    typed.set("draft", "yes");
    await send(window.location.href, typed);
  }
  await send(box.dataset.hereUrl, { over: "yes" });
  window.location.replace(box.dataset.overUrl);
}

function look() {
  if (isOver) return;
  const left = idleMs + waitMs - (Date.now() - touchedAt);
  if (left <= 0) finish();
  else if (left <= waitMs) {
    seconds.textContent = Math.ceil(left / 1000);
    if (!box.open) box.showModal();
  }
}

for (const kind of ["pointerdown", "keydown", "input", "touchmove", "wheel"]) {
  document.addEventListener(kind, touched, { passive: true });
}
box.querySelector("[data-here]").addEventListener("click", goOn);
box.addEventListener("cancel", (event) => {
  event.preventDefault();
  goOn();
});
document.addEventListener("visibilitychange", look);
// A page that the browser kept would show what the patient had answered.
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
setInterval(look, 1000);
