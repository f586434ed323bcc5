// The line of the present moves on with the clock, from where the server drew it.
import { fresh } from "./marks.js";

const MINUTE_MS = 60_000;

export function setUpNowLine(root) {
  for (const line of fresh(root, "[data-now]")) {
    const drawnAt = Date.now();
    const start = minutesOf(line);
    const timer = window.setInterval(() => {
      if (!line.isConnected) window.clearInterval(timer);
      else place(line, start + Math.floor((Date.now() - drawnAt) / MINUTE_MS));
    }, MINUTE_MS / 2);
  }
}

const number = (line, name) => Number(line.className.match(new RegExp(`\\b${name}-(\\d+)`))?.[1] ?? 0);
const minutesOf = (line) => number(line, "row") * 15 + number(line, "plus");

function place(line, minutes) {
  line.className = `now row-${Math.floor(minutes / 15)} plus-${minutes % 15}`;
}
