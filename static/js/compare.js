// Before and after under one slider; without JavaScript the two photos stand side by side.
import { fresh } from "./marks.js";

export function setUpComparisons(root) {
  for (const frame of fresh(root, "[data-compare]")) {
    const slider = frame.querySelector("input");
    slider.hidden = false;
    frame.classList.add("ready");
    slider.addEventListener("input", () => frame.style.setProperty("--split", `${slider.value}%`));
  }
}
