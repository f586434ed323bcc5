// The slider between two photos that lie over one another; by arrow keys as well, for it is a range field.
for (const figure of document.querySelectorAll("[data-compare-photos]")) {
  const slider = figure.querySelector("[data-slider]");
  const width = figure.querySelector("svg").viewBox.baseVal.width;
  const move = (percent) => {
    const x = (width * percent) / 100;
    figure.querySelector("[data-split]").setAttribute("x", x);
    const line = figure.querySelector("[data-split-line]");
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  };
  slider.hidden = false;
  slider.querySelector("input").addEventListener("input", (event) => move(event.target.value));
}
