// The clocks at the chair. The server keeps the time; here it is only shown, counted on from what the page was made with.
// Space or PageDown (a foot pedal) presses the clock's button; the screen stays awake while a clock runs.
const counted = new Map();

function begin(clock) {
  counted.set(clock, { worked: Number(clock.dataset.worked), since: clock.hasAttribute("data-runs") ? performance.now() : null });
}

function workedBy(clock) {
  const { worked, since } = counted.get(clock);
  return Math.floor(worked + (since === null ? 0 : (performance.now() - since) / 1000));
}

function shown(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Let a clock run or stand still on this page, while the server cannot be reached. */
export function setRunning(clock, runs) {
  if (!counted.has(clock)) begin(clock);
  counted.set(clock, { worked: workedBy(clock), since: runs ? performance.now() : null });
  clock.toggleAttribute("data-runs", runs);
  tick();
  stayAwake();
}

const isRunning = () => [...counted.values()].some(({ since }) => since !== null);

function tick() {
  for (const clock of counted.keys()) {
    const worked = workedBy(clock);
    clock.querySelector("[data-time]").textContent = shown(worked);
    if (clock.dataset.breakAfter) offerBreak(clock, worked);
  }
}

// The break: after so much needle time since the last one offered, in words and with a quiet chime.
function offerBreak(clock, worked) {
  const every = Number(clock.dataset.breakAfter);
  const notice = document.querySelector("[data-break]");
  const due = Math.floor(worked / every);
  const isDue = due >= 1 && clock.hasAttribute("data-runs");
  if (isDue && notice.hidden && Number(notice.dataset.rung ?? Math.floor(Number(clock.dataset.worked) / every)) < due) {
    notice.dataset.rung = due;
    chime();
  }
  notice.hidden = !isDue;
}

// A browser lets a page sound only after it was touched.
let sound;
document.addEventListener("pointerdown", () => { sound ??= window.AudioContext && new AudioContext(); }, { once: true });

function chime() {
  if (!sound) return;
  [660, 880].forEach((hertz, place) => {
    const [tone, volume, from] = [sound.createOscillator(), sound.createGain(), sound.currentTime + place * 0.35];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.15, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.9);
    tone.connect(volume).connect(sound.destination);
    tone.start(from);
    tone.stop(from + 1);
  });
}

async function stayAwake() {
  if (!isRunning() || document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // A low battery may forbid it; the clock goes on.
  }
}

function isTyping(element) {
  return element.closest?.("input, select, textarea, button, a, summary, dialog, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  const isPedal = event.key === "PageDown" || event.key === " ";
  if (!isPedal || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const button = [...document.querySelectorAll("[data-pedal]")].find((one) => one.checkVisibility());
  if (!button) return;
  event.preventDefault();
  button.click();
});

// The browser counts on while the page sleeps in the history: then the server is asked again.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", stayAwake);
document.querySelectorAll("[data-clock]").forEach(begin);
setInterval(tick, 1000);
tick();
stayAwake();
