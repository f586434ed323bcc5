// The plan editor's map: a press on a zone presses its checkbox, the drawing follows the form, and a custom hairline
// is dragged or moved with the arrow keys. Without JavaScript the list of zones does all of it but the drawing.
import { setUpHairline } from "./hairline.js";

const DOTS_BARE = "90";
const DOTS_AMONG = "60";
const REFERENCE_CM = 57;

const map = document.querySelector("[data-scalp-map]");
const form = document.getElementById("plan-form");

if (map && form) {
  map.classList.add("is-drawn");
  for (const row of form.querySelectorAll("[data-zone-row]")) setUpZone(row);
  setUpCircumference();
  setUpHairline(map.querySelector("[data-front]"), form);
}

function setUpZone(row) {
  const code = row.dataset.zoneRow;
  const box = row.querySelector("input[type=checkbox]");
  const surface = row.querySelector(`[name="${code}-among_hair"]`);
  const dots = row.querySelector(`[name="${code}-dots_per_cm2"]`);
  const shapes = [...map.querySelectorAll(`[data-zone="${code}"]`)];
  const draw = () => drawZone(code, shapes, box.checked, surface.value === "True");
  box.addEventListener("change", draw);
  surface.addEventListener("change", () => {
    followSurface(dots, surface.value === "True");
    draw();
  });
  for (const shape of shapes) {
    shape.addEventListener("click", () => box.click());
    point(shape, row, shapes);
  }
  point(row, row, shapes);
  draw();
}

// The usual density of the surface, unless another was typed.
function followSurface(dots, isAmong) {
  const [usual, other] = isAmong ? [DOTS_AMONG, DOTS_BARE] : [DOTS_BARE, DOTS_AMONG];
  if (dots.value === other || dots.value === "") dots.value = usual;
}

function drawZone(code, shapes, isChosen, isAmong) {
  for (const shape of shapes) {
    shape.classList.toggle("chosen", isChosen);
    const view = shape.closest("svg").querySelector("clipPath").id.replace("skull-", "");
    const fill = isChosen ? `url(#${isAmong ? "among" : "bare"}-${view})` : "none";
    shape.nextElementSibling.setAttribute("fill", fill);
  }
}

function point(element, row, shapes) {
  const mark = (isOn) => [row, ...shapes].forEach((each) => each.classList.toggle("pointed", isOn));
  element.addEventListener("pointerenter", () => mark(true));
  element.addEventListener("pointerleave", () => mark(false));
  element.addEventListener("focusin", () => mark(true));
  element.addEventListener("focusout", () => mark(false));
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
