// How strong the mix would be, while it is typed. The server works it out again when it is saved.
const form = document.querySelector("[data-mix]");
const shown = form?.querySelector("[data-strength]");
const DROP_ML = 0.05;

function number(name) {
  return Number(form.elements[name]?.value || 0);
}

function tell() {
  const rows = Number(form.elements["portions-TOTAL_FORMS"].value);
  let pigment = 0;
  let carried = 0; // water that a leftover brings
  for (let row = 0; row < rows; row += 1) {
    const source = form.elements[`portions-${row}-source`];
    if (!source?.value) continue;
    const facts = source.selectedOptions[0].dataset;
    const ml = number(`portions-${row}-ml`) || number(`portions-${row}-drops`) * Number(facts.dropMl || DROP_ML);
    const share = Number(facts.pigmentShare ?? 1);
    pigment += ml * share;
    carried += ml * (1 - share);
  }
  const water = number("diluent_ml") + carried;
  const all = pigment + water;
  shown.hidden = !(pigment > 0);
  if (shown.hidden) return;
  const percent = (100 * pigment) / all;
  const figure = (value) => String(Math.round(value * 100) / 100);
  shown.textContent = `${figure(percent)} % · ${figure(pigment)} mL + ${figure(water)} mL = ${figure(all)} mL`;
}

form?.addEventListener("input", tell);
if (form) tell();
