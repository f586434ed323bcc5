// The calendar by hand and by key. A visit is carried to another place, by mouse or with "g" and the arrows; letting go
// only asks: the page it opens names the place, and the server decides. A free time is pressed where it is meant.
const QUARTER_MIN = 15;
const FAR_ENOUGH_PX = 6;

const board = document.querySelector("[data-board]");
const tracks = board ? [...board.querySelectorAll(".day-track")] : [];
const status = board?.querySelector("[data-carried]");
const number = (element, name) => Number(element.className.match(new RegExp(`\\b${name}-(\\d+)`))?.[1] ?? 0);
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const firstMinute = () => number(board, "from") * QUARTER_MIN;
const lastMinute = () => firstMinute() + number(board, "rows") * QUARTER_MIN;
const lengthOf = (visit) => number(visit, "span") * QUARTER_MIN - number(visit, "less");

let carried = null;

function minuteAt(track, y) {
  const box = track.getBoundingClientRect();
  const quarter = box.height / number(board, "rows");
  return firstMinute() + Math.floor((y - box.top) / quarter) * QUARTER_MIN;
}

function take(visit, offset) {
  const track = visit.closest(".day-track");
  const starts = number(visit, "row") * QUARTER_MIN + number(visit, "plus");
  const ghost = document.createElement("li");
  carried = { visit, ghost, offset, track, starts, from: { track, starts } };
  visit.classList.add("is-carried");
  board.classList.add("is-carrying");
  show();
}

function show() {
  const { visit, ghost, track, starts } = carried;
  const length = lengthOf(visit);
  ghost.className = `ghost row-${Math.floor(starts / 15)} plus-${starts % 15} span-${number(visit, "span")} less-${number(visit, "less")}`;
  ghost.textContent = `${clock(starts)}–${clock(starts + length)}`;
  if (ghost.parentElement !== track) track.append(ghost);
  status.textContent = `${track.dataset.title}, ${ghost.textContent}`;
}

function carryTo(track, starts) {
  const latest = lastMinute() - lengthOf(carried.visit);
  carried.track = track;
  carried.starts = Math.max(firstMinute(), Math.min(starts, latest));
  show();
}

function putBack() {
  carried.ghost.remove();
  carried.visit.classList.remove("is-carried");
  board.classList.remove("is-carrying");
  carried.visit.querySelector("a").focus();
  carried = null;
  status.textContent = "";
}

function letGo() {
  const { visit, track, starts, from } = carried;
  const stays = track === from.track && starts === from.starts;
  putBack();
  // The address of the move stands below that of the visit.
  const move = new URL(visit.dataset.move, visit.querySelector("a").href);
  if (!stays) window.location.assign(`${move}?${track.dataset.query}&at=${clock(starts)}`);
}

// By mouse or pen; a finger scrolls the board, and moves a visit from its page.
let pressed = null;

function press(event) {
  const visit = event.target.closest("[data-move]");
  if (!visit || event.button !== 0 || event.pointerType === "touch") return;
  pressed = { visit, x: event.clientX, y: event.clientY, offset: event.clientY - visit.getBoundingClientRect().top };
}

function drag(event) {
  if (!pressed) return;
  if (!carried) {
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < FAR_ENOUGH_PX) return;
    take(pressed.visit, pressed.offset);
  }
  const track = tracks.find((each) => {
    const box = each.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX < box.right;
  });
  if (track) carryTo(track, minuteAt(track, event.clientY - pressed.offset + 4));
}

function release() {
  const wasCarried = Boolean(carried && pressed);
  pressed = null;
  if (!wasCarried) return;
  // The click that follows would open the visit.
  board.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  window.setTimeout(() => board.dispatchEvent(new MouseEvent("click", { cancelable: true })), 0);
  letGo();
}

// By key: arrows carry, Enter asks, Escape puts back.
function carryByKey(event) {
  const place = tracks.indexOf(carried.track);
  const moves = {
    ArrowUp: [0, -QUARTER_MIN],
    ArrowDown: [0, QUARTER_MIN],
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
  };
  const move = moves[event.key];
  if (move) carryTo(tracks[place + move[0]] ?? carried.track, carried.starts + move[1]);
  else if (event.key === "Enter") letGo();
  else if (event.key === "Escape") putBack();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const visits = () => [...document.querySelectorAll(".visit > a, .week-visit > a")];

function step(by) {
  const all = visits();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by;
  all[next]?.focus();
}

function onKey(event) {
  if (carried) {
    carryByKey(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "g" && board) {
    const visit = document.activeElement.closest("[data-move]");
    if (!visit) return;
    take(visit, 0);
    status.textContent = board.dataset.wordsCarry;
  } else return;
  event.preventDefault();
}

// A free time pressed with the mouse means the quarter under it; by key it means its beginning.
let hint = null;

function freeUnder(event) {
  const link = event.target.closest?.("[data-free]");
  if (!link || carried) return null;
  const track = link.closest(".day-track");
  const first = number(link.parentElement, "row") * QUARTER_MIN + number(link.parentElement, "plus");
  return { link, track, minute: Math.max(first, minuteAt(track, event.clientY)) };
}

function pointAt(event) {
  const free = event.pointerType === "touch" ? null : freeUnder(event);
  if (!free) {
    hint?.remove();
    return;
  }
  hint ??= document.createElement("li");
  hint.className = `ghost is-hint row-${Math.floor(free.minute / 15)} plus-${free.minute % 15} span-1`;
  hint.textContent = clock(free.minute);
  hint.setAttribute("aria-hidden", "true");
  if (hint.parentElement !== free.track) free.track.append(hint);
}

function choose(event) {
  const free = event.detail > 0 ? freeUnder(event) : null;
  if (!free) return;
  const url = new URL(free.link.href);
  url.searchParams.set("at", clock(free.minute));
  free.link.href = url;
}

document.addEventListener("keydown", onKey, { capture: true });
if (board) {
  board.addEventListener("pointerdown", press);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", () => {
    pressed = null;
    if (carried) putBack();
  });
  board.addEventListener("pointermove", pointAt);
  board.addEventListener("pointerleave", () => hint?.remove());
  board.addEventListener("click", choose);
}
