// A signature drawn on a canvas becomes strokes in a hidden field: {"width", "height", "strokes": [[[x, y], …], …]}
// in CSS pixels with one decimal. Without JavaScript the pad stays hidden and the typed name signs.
import { fresh } from "./marks.js";

const MOST_POINTS = 5000;

export function setUpSignatures(root) {
  for (const field of fresh(root, "[data-signature]")) {
    const pad = field.querySelector("[data-signature-pad]");
    pad.hidden = false;
    setUpPad(pad.querySelector("canvas"), field.querySelector("input[type=hidden]"), pad.querySelector("[data-clear]"));
  }
}

function setUpPad(canvas, output, clear) {
  let strokes = readStrokes(output.value);
  let current = null;
  const redraw = () => draw(canvas, strokes);
  const store = () => {
    const { width, height } = canvas.getBoundingClientRect();
    output.value = strokes.length
      ? JSON.stringify({ width: Math.round(width), height: Math.round(height), strokes })
      : "";
    output.dispatchEvent(new Event("change", { bubbles: true }));
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [place(canvas, event)];
    strokes.push(current);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || strokes.flat().length > MOST_POINTS) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    current.push(...(moves.length ? moves : [event]).map((move) => place(canvas, move)));
    redraw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (current) store();
      current = null;
    });
  }
  clear.addEventListener("click", () => {
    strokes = [];
    store();
    redraw();
  });
  new ResizeObserver(redraw).observe(canvas);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

function readStrokes(text) {
  try {
    return JSON.parse(text).strokes ?? [];
  } catch {
    return [];
  }
}

function place(canvas, event) {
  const { left, top } = canvas.getBoundingClientRect();
  return [Number((event.clientX - left).toFixed(1)), Number((event.clientY - top).toFixed(1))];
}

function draw(canvas, strokes) {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.lineWidth = 2.2;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) drawStroke(pen, stroke);
}

function drawStroke(pen, stroke) {
  const [first, ...others] = stroke;
  pen.beginPath();
  if (!others.length) {
    pen.arc(first[0], first[1], 1.2, 0, 2 * Math.PI);
    pen.fill();
    return;
  }
  pen.moveTo(...first);
  let [beforeX, beforeY] = first;
  for (const [x, y] of others) {
    pen.quadraticCurveTo(beforeX, beforeY, (beforeX + x) / 2, (beforeY + y) / 2);
    [beforeX, beforeY] = [x, y];
  }
  pen.lineTo(beforeX, beforeY);
  pen.stroke();
}
