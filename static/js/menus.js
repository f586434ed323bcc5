// Menus (details.menu) close on Escape and on a click elsewhere.
import { fresh } from "./marks.js";

export function setUpMenus(root) {
  for (const menu of fresh(root, "details.menu")) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
  }
}
