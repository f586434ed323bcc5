// The photo may then be as wide as the page: each click tells how wide it was shown.
for (const form of document.querySelectorAll("[data-eyedropper]")) {
  const photo = form.querySelector("input[type=image]");
  form.classList.add("is-wide");
  photo.addEventListener("click", () => {
    form.elements.namedItem("shown_px").value = String(Math.round(photo.getBoundingClientRect().width));
  });
}
