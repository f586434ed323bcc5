// The hairline on the patient's own photo. Three marks give the place and the scale: the glabella, and two points a known
// distance apart (without one: both sides of the head, as broad as its circumference says). Until a point is moved by
// hand the line follows the map. All of it lies in a hidden field, in thousandths of the photo's width.
import { breadthMm } from "./hairline.js";
import { makeHandle, measure, pathOf, read, showNumbers, within } from "./hairline-line.js";

const WIDTH = 1000;
const SVG = "http://www.w3.org/2000/svg";
const MAP_GLABELLA = [100, 110];

export function setUpHairlinePhoto(form, line) {
  const part = form.querySelector("[data-photo-part]");
  if (!part) return;
  const photo = {
    form,
    line,
    part,
    choice: form.querySelector("[name=hairline_photo]"),
    field: form.querySelector("[name=hairline_on_photo]"),
    apart: part.querySelector("[data-apart]"),
    stage: part.querySelector("[data-photo-stage]"),
    drawn: null,
  };
  photo.choice.addEventListener("change", () => show(photo, true));
  photo.apart.addEventListener("input", () => photo.drawn && changed(photo));
  part.querySelector("[data-again]").addEventListener("click", () => followMap(photo));
  line.listeners.push(() => photo.drawn && redraw(photo));
  show(photo, false);
}

function show(photo, isNew) {
  const address = photo.choice.selectedOptions[0]?.dataset.url;
  photo.stage.replaceChildren();
  photo.drawn = null;
  photo.part.querySelectorAll("[data-drawn]").forEach((each) => (each.hidden = !address));
  if (!address) {
    photo.field.value = "";
    return;
  }
  const image = document.createElement("img");
  image.alt = photo.choice.selectedOptions[0].textContent;
  image.addEventListener("load", () => begin(photo, image, isNew));
  image.src = address;
  photo.stage.append(image);
}

function begin(photo, image, isNew) {
  const height = Math.round((WIDTH * image.naturalHeight) / image.naturalWidth);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", image.alt);
  const paths = ["ruler", "hairline under", "hairline"].map((name) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    svg.append(path);
    return path;
  });
  photo.stage.append(svg);
  const middle = Math.round(height * 0.55);
  const first = { points: [], glabella: [500, middle], marks: [[220, middle], [780, middle]], apart_mm: null };
  const stored = isNew ? null : read(photo.field, null);
  const points = stored?.by_hand ? stored.points : [];
  photo.drawn = { ...first, ...stored, points, box: [WIDTH, height], svg, paths, handles: [] };
  if (photo.drawn.apart_mm) photo.apart.value = photo.drawn.apart_mm;
  makeHandles(photo);
  if (!isNew && stored) draw(photo);
  else changed(photo);
}

function makeHandles(photo) {
  const { drawn, part } = photo;
  drawn.handles.forEach((handle) => handle.element.remove());
  const handle = (label, at, put, landmark) =>
    makeHandle(drawn.svg, { label, size: 13, step: 4, at, landmark, moved: (place) => put(within(place, drawn.box)) });
  const landmarks = [
    handle(part.dataset.glabella, () => drawn.glabella, (place) => ((drawn.glabella = place), changed(photo)), true),
    ...drawn.marks.map((_, index) =>
      handle(`${part.dataset.mark} ${index + 1}`, () => drawn.marks[index], (place) => ((drawn.marks[index] = place), changed(photo)), true),
    ),
  ];
  const count = (drawn.points.length ? drawn.points : photo.line.points).length;
  const points = Array.from({ length: count }, (_, index) =>
    handle(`${photo.line.part.dataset.label} ${index + 1}`, () => pointsOf(photo)[index] ?? [0, 0], (place) => movePoint(photo, index, place), false),
  );
  drawn.handles = [...landmarks, ...points];
}

function movePoint(photo, index, place) {
  const { drawn } = photo;
  if (!drawn.points.length) drawn.points = pointsOf(photo);
  drawn.points[index] = place;
  const other = drawn.points.length - 1 - index;
  if (photo.line.alike.checked && other !== index) {
    drawn.points[other] = within([2 * drawn.glabella[0] - place[0], place[1]], drawn.box);
  }
  changed(photo);
}

function followMap(photo) {
  if (!photo.drawn) return;
  photo.drawn.points = [];
  makeHandles(photo);
  changed(photo);
}

function redraw(photo) {
  if (photo.drawn.points.length === 0) {
    makeHandles(photo);
    changed(photo);
  } else {
    draw(photo);
  }
}

// Millimetres to a thousandth of the photo's width.
function scaleOf(photo) {
  const [[ax, ay], [bx, by]] = photo.drawn.marks;
  return (Number(photo.apart.value) || breadthMm(photo.form)) / Math.hypot(bx - ax, by - ay);
}

// As moved by hand, else the map's line at this photo's scale.
function pointsOf(photo) {
  const { drawn, line } = photo;
  if (drawn.points.length) return drawn.points;
  const grow = line.scale() / scaleOf(photo);
  return line.points.map(([x, y]) =>
    within([drawn.glabella[0] + (x - MAP_GLABELLA[0]) * grow, drawn.glabella[1] + (y - MAP_GLABELLA[1]) * grow], drawn.box),
  );
}

function changed(photo) {
  draw(photo);
  const { drawn, line } = photo;
  const points = pointsOf(photo);
  const apart = Number(photo.apart.value) || null;
  photo.field.value =
    points.length > 1
      ? JSON.stringify({
          points,
          glabella: drawn.glabella,
          marks: drawn.marks,
          apart_mm: apart,
          is_straight: line.isStraight(),
          by_hand: drawn.points.length > 0,
          box: drawn.box,
        })
      : "";
}

function draw(photo) {
  const { drawn, line } = photo;
  const points = pointsOf(photo);
  const [ruler, ...lines] = drawn.paths;
  ruler.setAttribute("d", `M${drawn.marks.map((mark) => mark.join(" ")).join("L")}`);
  for (const path of lines) path.setAttribute("d", pathOf(points, line.isStraight()));
  drawn.handles.forEach((handle) => handle.draw());
  const scale = scaleOf(photo);
  const canMeasure = points.length > 1 && Number.isFinite(scale) && scale > 0;
  showNumbers(photo.part.querySelector("[data-numbers=photo]"), canMeasure ? measure(lines[1], drawn.glabella, scale) : null);
}
