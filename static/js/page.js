// Everything a page may need. Each part finds its own marks (data-…), and does nothing where there are none;
// what htmx puts into the page is set up as well.
import "./htmx-setup.js";
import "./shortcuts.js";
import { setUpMenus } from "./menus.js";
import { setUpDialogs } from "./dialogs.js";
import { setUpForms } from "./forms.js";
import { setUpSteppers } from "./stepper.js";
import { setUpSliders } from "./sliders.js";
import { setUpSignatures } from "./signature.js";
import { setUpFileDrops } from "./file-drop.js";
import { setUpUploads } from "./uploads.js";
import { setUpFormsets } from "./formset.js";
import { setUpComparisons } from "./compare.js";
import { setUpSearch } from "./search.js";
import { setUpToasts } from "./toasts.js";
import { setUpNowLine } from "./now-line.js";
import { setUpButtons } from "./buttons.js";

const PARTS = [
  setUpMenus,
  setUpDialogs,
  setUpForms,
  setUpSteppers,
  setUpSliders,
  setUpSignatures,
  setUpFileDrops,
  setUpUploads,
  setUpFormsets,
  setUpComparisons,
  setUpSearch,
  setUpToasts,
  setUpNowLine,
  setUpButtons,
];

const setUp = (root) => PARTS.forEach((part) => part(root));

setUp(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) setUp(event.target);
});
