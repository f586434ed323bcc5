// Dots spread over a zone as planning/dot_field.py and map_dots.py spread them: Roberts' R2 sequence, so that fewer dots
// are the first of more and a zone always looks the same.
const PLASTIC = 1.32471795724474602596;
const [STEP_X, STEP_Y] = [1 / PLASTIC, 1 / PLASTIC ** 2];
const LEANS = ["l2.1 4.2", "l1.2 4.6", "l-1.4 4.4", "l2.8 3.6"];
const DRAWN_PER_SQUARE = 0.034;
const USUAL_DOTS = 90;
const MOST_DRAWN_DOTS = 180;
const pencil = document.createElement("canvas").getContext("2d");
const outlines = new Map();

/** Whether a place of the drawing lies inside a path, given as its `d`. */
export function holds(d, x, y) {
  if (!outlines.has(d)) outlines.set(d, new Path2D(d));
  return pencil.isPointInPath(outlines.get(d), x, y, "evenodd");
}

/** Fill a drawn zone: `state` is "bare", "among" or "", `dots` per cm² over the whole plan, `part` in per cent. */
export function fillZone(drawn, skull, { state, dots, part }) {
  const shape = drawn.querySelector(".zone");
  shape.classList.toggle("chosen", state !== "");
  const every = state === "among" ? 2 : 1;
  const amount = (Math.min(dots || 0, MOST_DRAWN_DOTS) * part) / 100;
  const places = state ? spread(shape, skull, (DRAWN_PER_SQUARE * amount * every) / USUAL_DOTS) : [];
  const planned = places.filter((_, index) => index % every === 0);
  const hairs = every === 2 ? places.filter((_, index) => index % 2 === 1) : [];
  drawn.querySelector(".dots:not(.done)").setAttribute("d", planned.map(([x, y]) => `M${x} ${y}h0`).join(""));
  drawn.querySelector(".hairs").setAttribute("d", hairs.map(([x, y], index) => `M${x} ${y}${LEANS[index % 4]}`).join(""));
}

function spread(shape, skull, perSquare) {
  const { x: left, y: top, width, height } = shape.getBBox();
  const side = Math.max(width, height);
  const outline = shape.getAttribute("d");
  const found = [];
  for (let tried = 1; tried <= Math.round(side * side * perSquare); tried += 1) {
    const x = left + side * ((tried * STEP_X) % 1);
    const y = top + side * ((tried * STEP_Y) % 1);
    if (holds(outline, x, y) && holds(skull, x, y)) found.push([x.toFixed(1), y.toFixed(1)]);
  }
  return found;
}
