// The plan editor's map: zones are controls that press the checkboxes of the list, the drawing follows the form, scars
// and marks are put down and moved. Without JavaScript the list of zones does all of it but the drawing.
import { setUpHairline } from "./hairline.js";
import { setUpHairlinePhoto } from "./hairline-photo.js";
import { fillZone } from "./map-dots.js";
import { setUpSpots } from "./map-spots.js";

const REFERENCE_CM = 57;
const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const map = document.querySelector("[data-scalp-map]");
const form = document.getElementById("plan-form");

if (map && form) {
  map.classList.add("is-drawn");
  const says = map.querySelector("[data-says]");
  says.hidden = false;
  const tools = setUpTools();
  const spots = setUpSpots(map, form, says.dataset);
  for (const row of form.querySelectorAll("[data-zone-row]")) setUpZone(row, { tools, spots, says });
  for (const svg of map.querySelectorAll("[data-view]")) setUpView(svg);
  setUpCircumference();
  const line = setUpHairline(map.querySelector("[data-view=front]"), form);
  setUpHairlinePhoto(form, line);
}

function setUpTools() {
  const bar = map.querySelector(".map-tools");
  const buttons = [...bar.querySelectorAll("[data-tool]")];
  bar.hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
    });
  }
  return { chosen: () => buttons.find((each) => each.getAttribute("aria-pressed") === "true").dataset.tool };
}

function setUpZone(row, { tools, spots, says }) {
  const code = row.dataset.zoneRow;
  const fields = {
    box: row.querySelector("input[type=checkbox]"),
    surface: row.querySelector(`[name="${code}-among_hair"]`),
    dots: row.querySelector(`[name="${code}-dots_per_cm2"]`),
    part: row.querySelector(`[name="${code}-part_percent"]`),
    area: row.querySelector("[data-usual]"),
  };
  const drawings = [...map.querySelectorAll(`[data-zone="${code}"]`)];
  const draw = () => drawings.forEach((drawn) => drawZone(drawn, fields, says.dataset));
  for (const drawn of drawings) {
    drawn.setAttribute("role", "checkbox");
    drawn.setAttribute("tabindex", "-1");
    drawn.addEventListener("click", (event) => press(tools.chosen(), fields, () => spots.add(tools.chosen(), drawn, event)));
    drawn.addEventListener("keydown", (event) => pressByKey(event, tools, fields, () => spots.add(tools.chosen(), drawn)));
    point(drawn, [row, ...drawings], () => (says.textContent = drawn.getAttribute("aria-label")));
  }
  point(row, [row, ...drawings], () => {});
  fields.surface.addEventListener("change", () => followSurface(fields));
  for (const field of [fields.box, fields.surface, fields.dots, fields.part]) field.addEventListener("input", draw);
  draw();
}

function press(tool, fields, addSpot) {
  if (tool === "scar" || tool === "mark") return addSpot();
  const surface = tool === "among" ? "True" : "False";
  if (fields.box.checked && fields.surface.value === surface) return set(fields.box, false);
  set(fields.surface, surface);
  return fields.box.checked || set(fields.box, true);
}

function pressByKey(event, tools, fields, addSpot) {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  press(tools.chosen(), fields, addSpot);
}

function set(field, value) {
  if (field.type === "checkbox") field.checked = value;
  else field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

// The usual density of the surface, unless another was typed.
function followSurface({ surface, dots }) {
  const { dotsBare, dotsAmong } = form.dataset;
  const [usual, other] = surface.value === "True" ? [dotsAmong, dotsBare] : [dotsBare, dotsAmong];
  if (dots.value === other || dots.value === "") set(dots, usual);
}

function drawZone(drawn, { box, surface, dots, part, area }, told) {
  const state = box.checked ? (surface.value === "True" ? "among" : "bare") : "";
  const skull = drawn.closest("svg").querySelector("clipPath path").getAttribute("d");
  fillZone(drawn, skull, { state, dots: Number(dots.value), part: Number(part.value) });
  drawn.setAttribute("aria-checked", String(box.checked));
  drawn.setAttribute("aria-label", `${drawn.dataset.name}, ${area.textContent} cm², ${told[state || "none"]}`);
}

function point(element, all, tell) {
  const mark = (isOn) => {
    all.forEach((each) => each.classList.toggle("pointed", isOn));
    if (isOn) tell();
  };
  for (const [kind, isOn] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]]) {
    element.addEventListener(kind, () => mark(isOn));
  }
}

// One stop of the Tab key for each view; arrows go from zone to zone.
function setUpView(svg) {
  const zones = [...svg.querySelectorAll("[data-zone]")];
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", svg.dataset.name);
  zones[0].setAttribute("tabindex", "0");
  svg.addEventListener("focusin", (event) => {
    const zone = event.target.closest("[data-zone]");
    if (zone) zones.forEach((each) => each.setAttribute("tabindex", each === zone ? "0" : "-1"));
  });
  svg.addEventListener("keydown", (event) => {
    const place = zones.indexOf(event.target);
    if (place < 0 || !NEXT[event.key]) return;
    event.preventDefault();
    zones[(place + NEXT[event.key] + zones.length) % zones.length].focus();
  });
}

// Usual areas grow with the square of the head's circumference, as on the server.
function setUpCircumference() {
  const input = form.querySelector("[name=head_circumference_cm]");
  input.addEventListener("input", () => {
    const circumference = Number(input.value);
    if (!(circumference >= 40 && circumference <= 75)) return;
    for (const place of form.querySelectorAll("[data-usual]")) {
      const area = Number(place.dataset.usual) * (circumference / REFERENCE_CM) ** 2;
      place.textContent = String(Math.round(area * 10) / 10);
    }
  });
}
