// A file on its way shows how far it has come.
import { fresh } from "./marks.js";

export function setUpUploads(root) {
  for (const form of fresh(root, "form[data-upload]")) {
    const bar = form.querySelector("progress.upload");
    form.addEventListener("htmx:beforeRequest", () => {
      bar.hidden = false;
    });
    form.addEventListener("htmx:xhr:progress", (event) => {
      bar.max = event.detail.total || 1;
      bar.value = event.detail.loaded;
    });
    form.addEventListener("htmx:afterRequest", () => {
      bar.hidden = true;
    });
  }
}
