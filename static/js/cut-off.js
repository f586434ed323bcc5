// While the server cannot be reached: the clock goes on here, and the next zone of the plan opens from what the page holds.
import { newId } from "./kept-changes.js";
import { setRunning } from "./session-clock.js";

const bar = document.querySelector("[data-keeping]");
const form = document.getElementById("pass-form");
const total = document.querySelector("[data-total]");
const starts = JSON.parse(form?.dataset.starts ?? "{}");
const isCutOff = () => ["offline", "signed out"].includes(bar?.dataset.state);

function cardOf(target) {
  const known = document.querySelector(`[data-pass="${target}"]`);
  if (known) return known;
  const card = document.getElementById("pass-template").content.firstElementChild.cloneNode(true);
  card.dataset.pass = target;
  card.querySelector("form").dataset.press = target;
  card.querySelector("[data-zone-name]").textContent = document.querySelector("[data-zone-title]").textContent;
  entry().before(card);
  return card;
}

const entry = () => form.closest(".pass-entry");

function show(target, runs) {
  for (const other of document.querySelectorAll("[data-pass].is-running")) stand(other, false);
  stand(cardOf(target), runs);
  setRunning(total, runs);
  entry().hidden = runs;
}

function stand(card, runs) {
  setRunning(card.querySelector("[data-clock]"), runs);
  card.classList.toggle("is-running", runs);
  for (const group of card.querySelectorAll("[data-buttons]")) group.hidden = (group.dataset.buttons === "running") !== runs;
}

function openZone(code) {
  const start = starts[code];
  if (!start) return;
  form.dataset.target = `pass:${newId()}`;
  form.dataset.new = "yes";
  form.elements.new_id.value = form.dataset.target.replace("pass:", "");
  form.elements.zone.value = code;
  document.querySelector("[data-zone-title]").textContent = start.name;
  for (const facts of document.querySelectorAll("[data-of-zone]")) facts.hidden = true;
  for (const link of document.querySelectorAll("[data-zone]")) {
    if (link.dataset.zone === code) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  form.dispatchEvent(new CustomEvent("session:start", { detail: start.values }));
  if (entry().tagName === "DETAILS") entry().open = true;
  entry().hidden = false;
}

document.addEventListener("session:cut-off", ({ detail: { target, value, next } }) => {
  if (value) show(target, value === "start");
  if (value === "stop") openZone(new URL(next, location.href).searchParams.get("zone"));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-zone]");
  if (!link || !isCutOff() || !starts[link.dataset.zone]) return;
  event.preventDefault();
  openZone(link.dataset.zone);
});
