// The clocks at the chair. The server keeps the time; here it is only shown, counted on from what the page was made with.
// Space or PageDown (a foot pedal) presses the clock's button; the screen stays awake while a clock runs.
const since = performance.now();
const clocks = [...document.querySelectorAll("[data-clock]")];
const runs = clocks.some((clock) => clock.hasAttribute("data-runs"));

function shown(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function tick() {
  const passed = Math.floor((performance.now() - since) / 1000);
  for (const clock of clocks) {
    const worked = Number(clock.dataset.worked) + (clock.hasAttribute("data-runs") ? passed : 0);
    clock.querySelector("[data-time]").textContent = shown(worked);
    if (clock.dataset.breakAfter && worked >= Number(clock.dataset.breakAfter)) {
      document.querySelector("[data-break]").hidden = !clock.hasAttribute("data-runs");
    }
  }
}

async function stayAwake() {
  if (!runs || document.visibilityState !== "visible" || !navigator.wakeLock) return;
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
  const button = document.querySelector("[data-pedal]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// The browser counts on while the page sleeps in the history: then the server is asked again.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
document.addEventListener("visibilitychange", stayAwake);
if (runs) setInterval(tick, 1000);
tick();
stayAwake();
