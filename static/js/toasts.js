// What was just done stays on screen until closed; good news leaves by itself after eight seconds.
import { fresh } from "./marks.js";

const STAYS_MS = 8000;

export function setUpToasts(root) {
  for (const toast of fresh(root, ".toast")) {
    const close = toast.querySelector("[data-close]");
    if (close) {
      close.hidden = false;
      close.addEventListener("click", () => toast.remove());
    }
    if (toast.matches(".done, .information") && !toast.querySelector("form")) leaveLater(toast);
  }
}

/** Say that something could not be done. */
export function showFailure(text) {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-words]").textContent = text;
  document.getElementById("toasts").append(toast);
  setUpToasts(toast);
}

// Never while somebody is reading it with the pointer or the keyboard on it.
function leaveLater(toast) {
  window.setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAYS_MS);
}
