// A hairline on the front view: the picture follows the chosen shape; the custom one has points to drag. Each point is
// a slider for the keyboard: arrows move it, and what is drawn lies in a hidden field as [[x, y], …].
const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 200, height: 220 };

export function setUpHairline(front, form) {
  const field = form.querySelector("[name=hairline_points]");
  const lines = [...front.querySelectorAll("[data-hairline]")];
  const custom = front.querySelector("[data-hairline=custom]");
  const drawing = { front, field, custom, points: readPoints(field, custom), handles: [] };
  drawing.handles = drawing.points.map((_, index) => makeHandle(drawing, index));
  const show = () => {
    const chosen = form.querySelector("[name=hairline_shape]:checked")?.value ?? "";
    for (const line of lines) line.toggleAttribute("hidden", line.dataset.hairline !== chosen);
    for (const handle of drawing.handles) handle.toggleAttribute("hidden", chosen !== "custom");
    // A picture alone is hidden from screen readers; with points to move it is not.
    if (chosen === "custom") front.removeAttribute("aria-hidden");
    else front.setAttribute("aria-hidden", "true");
    if (chosen === "custom" && !field.value) store(drawing);
  };
  form.addEventListener("change", (event) => event.target.name === "hairline_shape" && show());
  redraw(drawing);
  show();
}

function readPoints(field, custom) {
  try {
    const points = JSON.parse(field.value);
    if (points.length > 1) return points;
  } catch {
    // Nothing drawn yet: begin with the first shape.
  }
  return custom.dataset.points.trim().split(" ").map((pair) => pair.split(",").map(Number));
}

function makeHandle(drawing, index) {
  const handle = document.createElementNS(SVG, "circle");
  const attributes = { class: "hairline-handle", r: "5", tabindex: "0", role: "slider" };
  for (const [name, value] of Object.entries(attributes)) handle.setAttribute(name, value);
  handle.setAttribute("aria-label", `${drawing.custom.dataset.label ?? ""} ${index + 1}`.trim());
  handle.setAttribute("aria-valuemin", "0");
  handle.setAttribute("aria-valuemax", String(BOX.height));
  drawing.front.append(handle);
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) moveTo(drawing, index, placeOf(drawing.front, event));
  });
  handle.addEventListener("pointerup", () => store(drawing));
  handle.addEventListener("keydown", (event) => moveByKey(drawing, index, event));
  return handle;
}

function placeOf(front, event) {
  const matrix = front.getScreenCTM().inverse();
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  return [place.x, place.y];
}

function moveByKey(drawing, index, event) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  const step = event.shiftKey ? 5 : 1;
  const [x, y] = drawing.points[index];
  moveTo(drawing, index, [x + move[0] * step, y + move[1] * step]);
  store(drawing);
}

function moveTo(drawing, index, [x, y]) {
  const within = (number, most) => Math.round(Math.min(most, Math.max(0, number)));
  drawing.points[index] = [within(x, BOX.width), within(y, BOX.height)];
  redraw(drawing);
}

function store(drawing) {
  drawing.field.value = JSON.stringify(drawing.points);
}

function redraw(drawing) {
  drawing.custom.setAttribute("d", smooth(drawing.points));
  drawing.handles.forEach((handle, index) => {
    const [x, y] = drawing.points[index];
    handle.setAttribute("cx", x);
    handle.setAttribute("cy", y);
    handle.setAttribute("aria-valuenow", String(BOX.height - y));
    handle.setAttribute("aria-valuetext", `${x}, ${BOX.height - y}`);
  });
}

// Through every point (Catmull-Rom), as planning/scalp_views.py draws it.
function smooth(points) {
  const around = [points[0], ...points, points.at(-1)];
  let path = `M${points[0].join(" ")}`;
  for (let index = 0; index < points.length - 1; index += 1) {
    const [before, start, end, after] = around.slice(index, index + 4);
    const first = start.map((value, axis) => (value + (end[axis] - before[axis]) / 6).toFixed(1));
    const second = end.map((value, axis) => (value - (after[axis] - start[axis]) / 6).toFixed(1));
    path += `C${first.join(" ")} ${second.join(" ")} ${end.join(" ")}`;
  }
  return path;
}
