// At the chair every change is saved as it is made. Forms with data-target send each field by itself; the buttons of a
// clock send their press. Without this file the same forms are sent whole. What cannot be sent is kept on the device.
import { Sender } from "./sending.js";

const bar = document.querySelector("[data-keeping]");
const NEW = "add";
const SOON_MS = 1_000;
const soon = new WeakMap();
let sender;
let wasCutOff = false;

const forms = () => [...document.querySelectorAll("form[data-target]")];
const targetOf = (control) => control.dataset.target ?? control.form.dataset.target;
const fieldOf = (control) => control.dataset.field ?? control.name;
const isReaction = (control) => targetOf(control) === "reaction";
const controlsOf = (form, field) => [...form.elements].filter((control) => control.name && fieldOf(control) === field);
const isKept = (control) => control.name && control.type !== "hidden" && control.type !== "submit" && control.form?.dataset.target;

// Values, as the server's forms read them

function valueOf(form, field) {
  const controls = controlsOf(form, field);
  const ticked = controls.filter((control) => control.checked && control.value).map((control) => control.value);
  if (field === "skin" || field === "kinds") return ticked;
  if (controls[0].type === "checkbox") return controls[0].checked;
  if (controls[0].type === "radio") return ticked[0] ?? "";
  return controls[0].value;
}

function setValue(form, field, value) {
  for (const control of controlsOf(form, field)) {
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = value === true || [value].flat().map(String).includes(control.value);
    } else {
      control.value = value ?? "";
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const fieldsOf = (form) => [...new Set([...form.elements].filter(isKept).map(fieldOf))];
const wholeOf = (form) => Object.fromEntries([...fieldsOf(form).map((field) => [field, valueOf(form, field)]), ["zone", form.elements.zone?.value ?? ""]]);

function reactionOf(form) {
  const names = ["kinds", "pain", "zone", "reaction_note"];
  return Object.fromEntries(names.map((name) => [name, valueOf(form, name)]));
}

/** What the server is known to hold of a form, by field: the page came with it. */
const known = new WeakMap();

function learn(form) {
  const values = Object.fromEntries(fieldsOf(form).map((field) => [field, valueOf(form, field)]));
  known.set(form, { ...values, ...(form.dataset.target === "reaction" ? { reaction: reactionOf(form) } : {}) });
}

// Each change

async function changed(control) {
  const form = control.form;
  const target = targetOf(control);
  const field = isReaction(control) ? "reaction" : fieldOf(control);
  forget(form, field);
  if (form.hasAttribute("data-new")) return addPass(form);
  const value = isReaction(control) ? reactionOf(form) : valueOf(form, field);
  const was = known.get(form)[field];
  if (JSON.stringify(value) === JSON.stringify(was)) return undefined;
  known.get(form)[field] = value;
  if (await dropRefused(target, field)) return addPass(form);
  return sender.add({ target, field, value, was });
}

function addPass(form) {
  form.removeAttribute("data-new");
  learn(form);
  return sender.add({ target: form.dataset.target, field: NEW, value: wholeOf(form) });
}

/** Forget what was refused of a field that is corrected now; whether that was the whole pass, which is then sent anew. */
async function dropRefused(target, field) {
  const old = (await sender.refused()).filter((change) => change.target === target && [field, NEW].includes(change.field));
  for (const change of old) await sender.kept.remove(change);
  return old.some((change) => change.field === NEW);
}

// Buttons: what was typed is on its way already; a press goes on when the server has it, or stays here and says so

async function submitted(form, button) {
  if (button?.hasAttribute("data-check-all")) await checkAll(form);
  if (form.hasAttribute("data-new")) await addPass(form);
  const value = button?.name === "start" ? "start" : null;
  if (value) await press(form.dataset.target, value);
  await goOn(form, { target: form.dataset.target, value, next: form.dataset.next });
}

async function checkAll(form) {
  for (const box of form.querySelectorAll("[type=checkbox]:not(:checked)")) {
    box.checked = true;
    await changed(box);
  }
}

async function clockPressed(form, button) {
  await press(form.dataset.press, button.value);
  const next = button.value === "stop" ? form.dataset.nextZone : form.dataset.next;
  await goOn(form, { target: form.dataset.press, value: button.value, next });
}

function press(target, value) {
  return sender.add({ target, field: "clock", value, at: new Date(serverNow()).toISOString() });
}

async function goOn(form, told) {
  const isThere = await sender.flush();
  delete form.dataset.sent;
  const isRefused = (await sender.refused()).length > 0;
  if (isThere && !isRefused) window.location.assign(told.next);
  else if (!isThere) document.dispatchEvent(new CustomEvent("session:cut-off", { detail: told }));
}

// The server's clock, counted on from when it made the page: the tablet's own may be wrong.
const loaded = { server: Number(bar?.dataset.now), here: performance.now() };
const serverNow = () => loaded.server + (performance.now() - loaded.here);

// What became of it, beside the field and in the bar

function forget(form, field) {
  form.querySelector(`[data-refused="${CSS.escape(field)}"]`)?.remove();
  for (const control of controlsOf(form, field)) control.removeAttribute("aria-invalid");
}

function placeOf(form, field) {
  const control = controlsOf(form, field)[0];
  return control?.closest("[id^=div_id_]") ?? form.querySelector("[type=submit]")?.parentElement ?? form;
}

function showRefused(change, outcome) {
  const form = forms().find((one) => one.dataset.target === change.target || one.querySelector(`[data-target="${change.target}"]`));
  if (!form) return;
  for (const [name, words] of Object.entries(outcome.words)) {
    const field = name && controlsOf(form, name).length ? name : change.field;
    forget(form, field);
    const place = placeOf(form, field);
    place.closest("details")?.setAttribute("open", "");
    const note = document.getElementById("refused-template").content.firstElementChild.cloneNode(true);
    note.dataset.refused = field;
    note.querySelector("[data-words]").textContent = words.join(" ");
    const mine = note.querySelector("[data-keep-mine]");
    mine.hidden = outcome.result !== "changed";
    mine.addEventListener("click", () => keepMine(change, form, field));
    for (const control of controlsOf(form, field)) control.setAttribute("aria-invalid", "true");
    place.append(note);
  }
}

async function keepMine(change, form, field) {
  await sender.kept.remove(change);
  forget(form, field);
  await sender.add({ target: change.target, field: change.field, value: change.value, was: null });
}

function tell({ state, waiting, refused, others, isLasting }) {
  bar.dataset.state = state;
  if (state === "offline" || state === "signed out") wasCutOff = true;
  else if (state === "saved" && isBehind && !refused) window.location.reload();
  const shown = {
    saved: waiting === 0 && refused === 0,
    saving: state === "saving",
    offline: state === "offline" && waiting > 0,
    "signed out": state === "signed out" && waiting > 0,
    refused: refused > 0,
    others: others > 0,
    fleeting: !isLasting && waiting > 0,
  };
  for (const words of bar.querySelectorAll("[data-when]")) words.hidden = !shown[words.dataset.when];
  for (const count of bar.querySelectorAll("[data-count]")) count.textContent = { waiting, refused, others }[count.dataset.count];
}

// A pass or a press that arrives after a cut: the page was made without it.
let isBehind = false;

function answered(change, outcome) {
  if (outcome.result === "refused" || outcome.result === "changed") showRefused(change, outcome);
  else if (wasCutOff && (change.field === NEW || change.field === "clock")) isBehind = true;
}

// After a reload: what the server does not have yet stands in the fields again, and is sent

async function restore() {
  for (const change of await sender.kept.all()) {
    const form = forms().find((one) => one.dataset.target === change.target) ?? formFor(change);
    if (form && change.field !== "clock") putBack(form, change);
    if (change.words) showRefused(change, change);
  }
}

function formFor(change) {
  if (change.field !== NEW) return forms().find((form) => form.querySelector(`[data-target="${change.target}"]`));
  const form = forms().find((one) => one.hasAttribute("data-new") && one.elements.zone?.value === change.value.zone);
  if (form) {
    form.dataset.target = change.target;
    form.elements.new_id.value = change.target.replace("pass:", "");
    form.removeAttribute("data-new");
  }
  return form;
}

/** What a new pass starts with; known to be nobody's yet. */
function fill(form, values) {
  for (const [field, value] of Object.entries(values)) if (controlsOf(form, field).length) setValue(form, field, value);
  learn(form);
}

function putBack(form, change) {
  const values = change.field === NEW || change.field === "reaction" ? change.value : { [change.field]: change.value };
  for (const [field, value] of Object.entries(values)) {
    if (field !== "zone" || change.field === "reaction") setValue(form, field, value);
  }
  learn(form);
}

// What is done before the store on the device is open waits for it: nothing is lost in the first moment of a page.
let isOpen;
const opened = new Promise((resolve) => { isOpen = resolve; });

async function begin() {
  forms().forEach(learn);
  const { changes: url, record, owner, key } = bar.dataset;
  sender = await Sender.open({ url, record, owner, key, tell, answered });
  isOpen();
  const waited = (await sender.waiting()).length;
  await restore();
  await sender.report();
  const isThere = await sender.flush();
  // The page was made before these arrived.
  if (waited && isThere) window.location.reload();
}

if (bar) {
  document.addEventListener("change", (event) => isKept(event.target) && opened.then(() => changed(event.target)));
  // Long texts are saved while they are written, not only when the field is left.
  document.addEventListener("input", (event) => {
    const control = event.target;
    if (!control.matches("textarea, input[type=text]") || !isKept(control)) return;
    clearTimeout(soon.get(control));
    soon.set(control, setTimeout(() => opened.then(() => changed(control)), SOON_MS));
  });
  document.addEventListener("session:start", (event) => fill(event.target, event.detail), true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const act = form.dataset.press ? clockPressed : form.dataset.target && submitted;
    if (!act) return;
    event.preventDefault();
    const button = event.submitter;
    opened.then(() => act(form, button));
  });
  begin();
}
