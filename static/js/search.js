// The type-ahead as a combobox: arrows choose, Enter opens, Escape closes. The form works without any of it.
import { fresh } from "./marks.js";

export function setUpSearch(root) {
  for (const search of fresh(root, "[data-search]")) {
    const input = search.querySelector("input");
    const list = search.querySelector("[role=listbox]");
    const options = () => [...list.querySelectorAll("a[role=option]")];
    const close = () => choose(input, list.replaceChildren() ?? []);
    input.addEventListener("keydown", (event) => move(event, input, options()));
    input.addEventListener("keydown", (event) => event.key === "Escape" && close());
    search.addEventListener("focusout", (event) => !search.contains(event.relatedTarget) && close());
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    let held = "";
    list.addEventListener("htmx:beforeSwap", () => {
      held = list.querySelector("a[role=option][aria-selected=true]")?.getAttribute("href") ?? "";
    });
    // An answer that comes while somebody is choosing keeps the choice, where it still offers it.
    list.addEventListener("htmx:afterSwap", () => {
      choose(input, options(), options().findIndex((option) => held && option.getAttribute("href") === held));
    });
    list.addEventListener("htmx:beforeSwap", (event) => {
      // An answer that arrives after the field was left or emptied opens nothing.
      if (!input.value.trim() || document.activeElement !== input) event.detail.shouldSwap = false;
    });
    input.addEventListener("input", () => input.value.trim() || close());
  }
}

function move(event, input, options) {
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    options[at].click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !options.length) return;
  event.preventDefault();
  choose(input, options, (Math.max(at, step < 0 ? 0 : -1) + step + options.length) % options.length);
}

function choose(input, options, at = -1) {
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  input.setAttribute("aria-expanded", String(options.length > 0));
  if (at < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }
}
