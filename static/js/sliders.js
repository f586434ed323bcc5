// A slider beside a number field; the field stays what is sent, and works alone without this file.
import { fresh } from "./marks.js";

export function setUpSliders(root) {
  for (const input of fresh(root, "input[data-slider]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = input.min;
    slider.max = input.max;
    slider.step = "1";
    slider.value = input.value || "0";
    slider.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() ?? "");
    slider.addEventListener("input", () => {
      input.value = slider.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    input.addEventListener("input", () => {
      if (input.value !== "") slider.value = input.value;
    });
    (input.closest(".field") ?? input.parentElement).append(slider);
  }
}
