// The hairline on the front view: the picture follows the chosen shape and height; a point that is moved makes it custom.
// What is drawn lies in a hidden field as [[x, y], …].
import { makeHandle, measure, pathOf, read, shifted, showNumbers, within } from "./hairline-line.js";

const BOX = [200, 220];
const GLABELLA = [100, 110];
const DRAWN_BREADTH = 128;
const BREADTH_OF_CIRCUMFERENCE = 0.27;

/** How broad the head is, in mm, by its circumference; NaN where none is typed. */
export const breadthMm = (form) => Number(form.querySelector("[name=head_circumference_cm]").value) * 10 * BREADTH_OF_CIRCUMFERENCE;

export function setUpHairline(front, form) {
  const path = front.querySelector("[data-hairline]");
  const part = form.querySelector("[data-hairline-part]");
  const line = {
    front,
    form,
    path,
    part,
    shapes: JSON.parse(part.dataset.shapes),
    field: form.querySelector("[name=hairline_points]"),
    height: form.querySelector("[name=hairline_height_mm]"),
    alike: form.querySelector("[data-alike]"),
    points: [],
    handles: [],
    listeners: [],
    shape: () => form.querySelector("[name=hairline_shape]:checked")?.value ?? "",
    isStraight: () => line.shape() === "sharp",
    scale: () => breadthMm(form) / DRAWN_BREADTH,
  };
  part.querySelectorAll("[data-drawn]").forEach((each) => (each.hidden = false));
  choose(line);
  form.addEventListener("change", (event) => event.target.name === "hairline_shape" && choose(line));
  line.height.addEventListener("input", () => putAtHeight(line));
  form.querySelector("[name=head_circumference_cm]").addEventListener("input", () => putAtHeight(line));
  line.alike.addEventListener("change", () => line.alike.checked && line.points.length && move(line, 0, line.points[0]));
  return line;
}

function choose(line) {
  const shape = line.shape();
  if (shape === "custom") line.points = read(line.field, line.points.length ? line.points : line.shapes.natural);
  else line.points = (line.shapes[shape] ?? []).map((point) => [...point]);
  if (shape === "custom" && !line.field.value) store(line);
  makeHandles(line);
  if (shape !== "custom" && line.points.length) putAtHeight(line);
  else draw(line);
}

function makeHandles(line) {
  line.handles.forEach((handle) => handle.element.remove());
  line.handles = line.points.map((_, index) =>
    makeHandle(line.front, {
      label: `${line.part.dataset.label} ${index + 1}`,
      size: 3.6,
      step: 1,
      at: () => line.points[index],
      moved: (place) => move(line, index, place),
      told: () => `${Math.round((GLABELLA[1] - line.points[index][1]) * line.scale())} mm`,
    }),
  );
}

function move(line, index, place) {
  line.points[index] = within(place, BOX);
  const other = line.points.length - 1 - index;
  if (line.alike.checked && other !== index) line.points[other] = [2 * GLABELLA[0] - line.points[index][0], line.points[index][1]];
  if (line.alike.checked && other === index) line.points[index][0] = GLABELLA[0];
  store(line);
  if (line.shape() !== "custom") becomeCustom(line);
  draw(line);
  const numbers = numbersOf(line);
  if (numbers) line.height.value = Math.min(150, Math.max(30, numbers.height));
}

function becomeCustom(line) {
  const custom = line.form.querySelector("[name=hairline_shape][value=custom]");
  const focused = document.activeElement;
  custom.checked = true;
  custom.dispatchEvent(new Event("input", { bubbles: true }));
  focused?.focus();
}

// A typed height puts the line there; without one a shape stands where it was drawn.
function putAtHeight(line) {
  const height = Number(line.height.value);
  if (line.points.length && line.height.value && height >= 30 && height <= 150 && line.scale() > 0) {
    line.points = shifted(line.points, GLABELLA[1] - height / line.scale());
    if (line.shape() === "custom") store(line);
  }
  draw(line);
}

const store = (line) => (line.field.value = JSON.stringify(line.points));

const numbersOf = (line) =>
  line.points.length > 1 && line.scale() > 0 ? measure(line.path, GLABELLA, line.scale()) : null;

function draw(line) {
  line.path.setAttribute("d", pathOf(line.points, line.isStraight()));
  line.handles.forEach((handle) => handle.draw());
  showNumbers(line.part.querySelector("[data-numbers=map]"), numbersOf(line));
  line.listeners.forEach((listener) => listener());
}
