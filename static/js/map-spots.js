// Scars and places not to treat on the map: put down in a zone, moved by dragging or with the arrow keys. Each is a row
// of its list; where it lies stands in the row's hidden field as [view, x, y].
import { holds } from "./map-dots.js";

const SVG = "http://www.w3.org/2000/svg";
const UNITS_PER_CM = 8;
const MOVES = { ArrowLeft: [-2, 0], ArrowRight: [2, 0], ArrowUp: [0, -2], ArrowDown: [0, 2] };
const LISTS = { scar: "scars", mark: "marks" };

export function setUpSpots(map, form, told) {
  const lists = Object.fromEntries(
    Object.entries(LISTS).map(([kind, name]) => [kind, form.querySelector(`[data-formset="${name}"]`)]),
  );
  const drawing = { map, form, told, lists, spots: new Map() };
  const drawAll = () => Object.keys(lists).forEach((kind) => rowsOf(lists[kind]).forEach((row) => draw(drawing, kind, row)));
  for (const list of Object.values(lists)) list.addEventListener("input", drawAll);
  drawAll();
  return { add: (kind, drawn, event) => add(drawing, kind, drawn, event) };
}

const rowsOf = (list) => [...list.querySelectorAll(":scope > .formset-row")];
const fieldOf = (row, name) => row.querySelector(`[name$="-${name}"]`);

function add(drawing, kind, drawn, event) {
  const list = drawing.lists[kind];
  list.open = true;
  let row = rowsOf(list).find((each) => fieldOf(each, "zone").value === "");
  if (!row) {
    list.querySelector("[data-add]").click();
    row = rowsOf(list).at(-1);
  }
  const svg = drawn.closest("svg");
  const spot = event ? [svg.dataset.view, ...placeOf(svg, event)] : usualSpot(drawing, drawn.dataset.zone);
  put(row, drawn.dataset.zone, spot);
  fieldOf(row, kind === "scar" ? "length_cm" : "note").focus();
}

function usualSpot({ form }, zone) {
  const [view, x, y] = form.querySelector(`[data-zone-row="${zone}"]`).dataset.spot.split(",");
  return [view, Number(x), Number(y)];
}

function put(row, zone, spot) {
  fieldOf(row, "spot").value = JSON.stringify(spot);
  fieldOf(row, "zone").value = zone;
  for (const kind of ["input", "change"]) fieldOf(row, "zone").dispatchEvent(new Event(kind, { bubbles: true }));
}

function placeOf(svg, event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [Math.round(place.x), Math.round(place.y)];
}

function zoneAt(svg, x, y) {
  const skull = svg.querySelector("clipPath path").getAttribute("d");
  if (!holds(skull, x, y)) return "";
  const zones = [...svg.querySelectorAll("[data-zone]")];
  return zones.find((zone) => holds(zone.querySelector(".zone").getAttribute("d"), x, y))?.dataset.zone ?? "";
}

// Where a row is drawn: its own place while that lies in its zone, else the zone's usual one.
function spotOf(drawing, row) {
  const zone = fieldOf(row, "zone").value;
  let spot = [];
  try {
    spot = JSON.parse(fieldOf(row, "spot").value || "[]");
  } catch {
    // Not a place: the zone's own counts.
  }
  const svg = spot.length === 3 && drawing.map.querySelector(`[data-view="${spot[0]}"]`);
  return svg && zoneAt(svg, spot[1], spot[2]) === zone ? spot : usualSpot(drawing, zone);
}

function draw(drawing, kind, row) {
  const zone = fieldOf(row, "zone").value;
  const isGone = !zone || fieldOf(row, "DELETE")?.checked;
  let sign = drawing.spots.get(row);
  if (isGone) {
    sign?.remove();
    drawing.spots.delete(row);
    return;
  }
  if (!sign) {
    sign = makeSign(drawing, kind, row);
    drawing.spots.set(row, sign);
  }
  const [view, x, y] = spotOf(drawing, row);
  const svg = drawing.map.querySelector(`[data-view="${view}"]`);
  if (sign.parentNode !== svg) svg.append(sign);
  sign.setAttribute("transform", `translate(${x} ${y})`);
  if (kind === "scar") sign.querySelector(".scar").setAttribute("d", scarPath(row));
  const where = fieldOf(row, "zone").selectedOptions[0].textContent;
  sign.setAttribute("aria-label", `${drawing.told[kind]}, ${where}: ${drawing.told.move}`);
}

function scarPath(row) {
  const half = Math.max(3, Math.min(46, (Number(fieldOf(row, "length_cm").value) * UNITS_PER_CM) / 2));
  return `M${-half} 0H${half}`;
}

function makeSign(drawing, kind, row) {
  const sign = document.createElementNS(SVG, "g");
  sign.setAttribute("class", `spot ${kind}-spot`);
  sign.setAttribute("tabindex", "0");
  sign.setAttribute("role", "button");
  const parts = kind === "scar" ? [["path", { class: "scar" }]] : [["g", { class: "mark" }]];
  for (const [name, attributes] of [["circle", { class: "grip", r: "10" }], ...parts]) sign.append(make(name, attributes));
  if (kind === "mark") sign.lastChild.append(make("circle", { r: "5" }), make("path", { d: "M-2.2 -2.2l4.4 4.4m0 -4.4l-4.4 4.4" }));
  sign.addEventListener("pointerdown", (event) => sign.setPointerCapture(event.pointerId));
  sign.addEventListener("pointermove", (event) => {
    if (sign.hasPointerCapture(event.pointerId)) move(sign, row, placeOf(sign.ownerSVGElement, event));
  });
  sign.addEventListener("keydown", (event) => {
    const by = MOVES[event.key];
    if (!by) return;
    event.preventDefault();
    const [, x, y] = spotOf(drawing, row);
    move(sign, row, [x + by[0], y + by[1]]);
  });
  return sign;
}

function move(sign, row, [x, y]) {
  const svg = sign.ownerSVGElement;
  const zone = zoneAt(svg, x, y);
  if (zone) put(row, zone, [svg.dataset.view, x, y]);
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
