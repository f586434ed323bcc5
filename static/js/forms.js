// Forms: the summary of errors gets the focus; a second press while the first is on its way sends nothing twice.
import { fresh } from "./marks.js";

export function setUpForms(root) {
  for (const summary of fresh(root, "[data-focus]")) summary.focus();
  for (const form of fresh(root, "form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      else form.dataset.sent = "yes";
    });
    form.addEventListener("htmx:afterRequest", () => delete form.dataset.sent);
  }
}

// Back from the next page, the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
