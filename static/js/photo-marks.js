// Two marks in a photo: pointed at or dragged here, typed in the fields; each follows the other.
const NAMES = ["first", "second"];
const SVG = "http://www.w3.org/2000/svg";

for (const figure of document.querySelectorAll("[data-photo-marks]")) {
  const svg = figure.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  const marks = NAMES.map((name, index) => ({
    x: document.querySelector(`[name=${name}_x]`),
    y: document.querySelector(`[name=${name}_y]`),
    drawn: draw(svg, index + 1, Math.max(width, height)),
  }));
  let held = null;
  const show = () => {
    for (const mark of marks) {
      mark.drawn.setAttribute("transform", `translate(${(mark.x.value * width) / 100} ${(mark.y.value * height) / 100})`);
    }
  };
  const put = (mark, event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    mark.x.value = percent(point.x / width);
    mark.y.value = percent(point.y / height);
    show();
  };
  svg.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    held = nearest(marks, event);
    put(held, event);
  });
  svg.addEventListener("pointermove", (event) => held && put(held, event));
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (held = null));
  for (const mark of marks) for (const field of [mark.x, mark.y]) field.addEventListener("input", show);
  show();
}

const percent = (part) => (100 * Math.min(1, Math.max(0, part))).toFixed(1);

function nearest(marks, event) {
  const far = (mark) => {
    const box = mark.drawn.getBoundingClientRect();
    return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
  };
  return marks.reduce((best, mark) => (far(mark) < far(best) ? mark : best));
}

function draw(svg, number, side) {
  const group = svg.appendChild(document.createElementNS(SVG, "g"));
  group.classList.add("mark");
  const size = side / 30;
  for (const [name, attributes] of [
    ["circle", { r: size }],
    ["path", { d: `M${-size} 0H${size}M0 ${-size}V${size}` }],
    ["text", { x: size * 1.2, y: -size * 0.6, "font-size": size * 1.4 }],
  ]) {
    const part = group.appendChild(document.createElementNS(SVG, name));
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    if (name === "text") part.textContent = number;
  }
  return group;
}
