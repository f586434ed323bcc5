// A question (details[data-dialog]) opens as a native dialog; without JavaScript it unfolds in place.
// A dialog written as such opens with a button that has data-dialog-open="its id".
import { fresh } from "./marks.js";

export function setUpDialogs(root) {
  fresh(root, "details[data-dialog]").forEach(liftIntoDialog);
  for (const button of fresh(root, "[data-dialog-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.dialogOpen).showModal());
  }
  for (const close of fresh(root, "[data-dialog-close]")) {
    close.hidden = false;
    close.addEventListener("click", () => close.closest("dialog")?.close());
  }
}

function liftIntoDialog(details) {
  const summary = details.querySelector("summary");
  const dialog = document.createElement("dialog");
  const button = document.createElement("button");
  button.type = "button";
  button.className = summary.className;
  button.append(...summary.childNodes);
  dialog.setAttribute("aria-labelledby", details.querySelector("[aria-labelledby]").getAttribute("aria-labelledby"));
  dialog.append(...[...details.children].filter((child) => child !== summary));
  button.addEventListener("click", () => dialog.showModal());
  details.replaceWith(button, dialog);
}
