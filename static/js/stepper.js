// − value +: two large buttons beside a number, as min, max and step of the field say.
import { fresh } from "./marks.js";
import { words } from "./words.js";

export function setUpSteppers(root) {
  for (const stepper of fresh(root, "[data-steps]")) {
    const input = stepper.querySelector("input");
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.firstChild?.textContent.trim() ?? "";
    const less = makeButton(input, -1, "−", label);
    const more = makeButton(input, 1, "+", label);
    stepper.prepend(less);
    stepper.append(more);
    const refresh = () => {
      less.disabled = input.min !== "" && Number(input.value) <= Number(input.min) && input.value !== "";
      more.disabled = input.max !== "" && Number(input.value) >= Number(input.max) && input.value !== "";
    };
    input.addEventListener("input", refresh);
    refresh();
  }
}

function makeButton(input, direction, sign, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = sign;
  button.setAttribute("aria-label", `${label}: ${words(direction > 0 ? "more" : "less")}`);
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    if (direction > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return button;
}
