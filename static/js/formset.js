// "Add another": one more row of a list of forms, copied from its template, with the next number.
import { fresh } from "./marks.js";

export function setUpFormsets(root) {
  for (const list of fresh(root, "[data-formset]")) {
    const add = list.querySelector("[data-add]");
    const template = list.querySelector("template");
    if (!add || !template) continue;
    add.hidden = false;
    add.addEventListener("click", () => {
      const total = list.querySelector(`[name="${list.dataset.formset}-TOTAL_FORMS"]`);
      const row = numbered(template.content.cloneNode(true), Number(total.value));
      total.value = Number(total.value) + 1;
      const added = row.firstElementChild;
      add.before(row);
      window.htmx?.process(added);
      added.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      added.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
    });
  }
}

function numbered(row, index) {
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__prefix__", index);
  }
  row.querySelectorAll("[data-number]").forEach((mark) => (mark.textContent = index + 1));
  return row;
}
