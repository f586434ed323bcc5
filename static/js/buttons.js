// Buttons that only make sense with JavaScript are hidden until here: print this page, hide names on this screen.
import { fresh } from "./marks.js";

const PRIVATE = "smpclinic-private";

export function setUpButtons(root) {
  for (const button of fresh(root, "[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const button of fresh(root, "[data-privacy]")) {
    button.hidden = false;
    show(button, sessionStorage.getItem(PRIVATE) === "yes");
    button.addEventListener("click", () => show(button, button.getAttribute("aria-pressed") !== "true"));
  }
}

function show(button, isPrivate) {
  sessionStorage.setItem(PRIVATE, isPrivate ? "yes" : "no");
  button.setAttribute("aria-pressed", String(isPrivate));
  document.body.classList.toggle("private", isPrivate);
}
