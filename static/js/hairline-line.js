// A line through points that are dragged, or moved with the arrow keys; on the front view of the map and on a photo
// alike. The geometry is that of planning/hairline.py.
const SVG = "http://www.w3.org/2000/svg";
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Through every point: straight, or smooth (Catmull-Rom). */
export function pathOf(points, isStraight) {
  if (points.length < 2) return "";
  if (isStraight) return `M${points.map((point) => point.join(" ")).join("L")}`;
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

/** Height of the line's middle above the glabella and the recession of both sides, in whole millimetres. */
export function measure(path, glabella, mmPerUnit) {
  const places = [];
  const length = path.getTotalLength();
  for (let step = 0; step <= 200; step += 1) places.push(path.getPointAtLength((length * step) / 200));
  const over = places.filter((place) => Math.abs(place.x - glabella[0]) < length / 100);
  if (!over.length) return null;
  const middle = Math.min(...over.map((place) => place.y));
  const deepest = (side) => Math.min(middle, ...places.filter((place) => side(place.x)).map((place) => place.y));
  const mm = (units) => Math.max(0, Math.round(units * mmPerUnit));
  return {
    height: Math.round((glabella[1] - middle) * mmPerUnit),
    right: mm(middle - deepest((x) => x < glabella[0])),
    left: mm(middle - deepest((x) => x > glabella[0])),
  };
}

/** The points moved so that the middle one lies at `y`; the ends stay, their neighbours follow by half. */
export function shifted(points, y) {
  const last = points.length - 1;
  const by = y - points[Math.floor(last / 2)][1];
  const follow = (place) => (place === 0 || place === last ? 0 : place === 1 || place === last - 1 ? 0.5 : 1);
  return points.map(([x, old], place) => [x, Math.round(old + by * follow(place))]);
}

/** A point to drag in `svg`. `at()` gives its place, `moved(place)` is told where it should go, `step` is one key press. */
export function makeHandle(svg, { label, size, step, at, moved, told, landmark = false }) {
  const handle = document.createElementNS(SVG, "g");
  handle.setAttribute("class", landmark ? "handle landmark" : "handle");
  handle.setAttribute("tabindex", "0");
  handle.setAttribute("role", "slider");
  handle.setAttribute("aria-label", label);
  for (const [name, radius] of [["grip", size * 2.2], ["knob", size]]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", name);
    circle.setAttribute("r", radius);
    handle.append(circle);
  }
  svg.append(handle);
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) moved(placeOf(svg, event));
  });
  handle.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const by = step * (event.shiftKey ? 5 : 1);
    moved(at().map((value, axis) => value + move[axis] * by));
  });
  return {
    element: handle,
    draw() {
      const [x, y] = at();
      handle.setAttribute("transform", `translate(${x} ${y})`);
      handle.setAttribute("aria-valuenow", String(-y));
      handle.setAttribute("aria-valuetext", told?.() ?? `${x}, ${y}`);
    },
  };
}

function placeOf(svg, event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [place.x, place.y];
}

/** Whole numbers inside the box. */
export const within = ([x, y], [width, height]) => [
  Math.round(Math.min(width, Math.max(0, x))),
  Math.round(Math.min(height, Math.max(0, y))),
];

/** Write the measured numbers where they are shown; a dash where nothing can be measured. */
export function showNumbers(place, numbers) {
  for (const name of ["height", "right", "left"]) {
    place.querySelector(`[data-number="${name}"]`).textContent = numbers ? String(numbers[name]) : "–";
  }
}

export function read(field, otherwise) {
  try {
    return JSON.parse(field.value) || otherwise;
  } catch {
    return otherwise;
  }
}
