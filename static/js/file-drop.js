// Files may be dropped on the frame of a file field; the chosen ones are named below it with their sizes.
import { fresh } from "./marks.js";

export function setUpFileDrops(root) {
  for (const drop of fresh(root, "[data-drop]")) {
    const input = drop.querySelector("input[type=file]");
    drop.querySelector("[data-drop-words]").hidden = false;
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      take(input, event.dataTransfer.files);
    });
    input.addEventListener("change", () => nameFiles(drop.querySelector("[data-chosen]"), input.files));
    showProgress(drop, input.form);
  }
}

function take(input, files) {
  const kept = new DataTransfer();
  for (const file of input.multiple ? files : [...files].slice(0, 1)) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function nameFiles(list, files) {
  list.replaceChildren(
    ...[...files].map((file) => {
      const line = document.createElement("li");
      const size = new Intl.NumberFormat(document.documentElement.lang, {
        style: "unit",
        unit: "megabyte",
        maximumFractionDigits: 1,
      });
      line.textContent = `${file.name}, ${size.format(file.size / 1e6)}`;
      return line;
    }),
  );
}

function showProgress(drop, form) {
  form?.addEventListener("htmx:xhr:progress", (event) => {
    const bar = drop.querySelector("progress") ?? drop.appendChild(document.createElement("progress"));
    bar.max = event.detail.total || 1;
    bar.value = event.detail.loaded;
  });
}
