// A photo goes to the server in pieces. Where the network drops, the rest follows when it is back: the server says
// how much it has. Without this file the form sends the photo whole.
const PIECE_BYTES = 512 * 1024;
const LARGEST_BYTES = 20 * 1024 * 1024;
const LONGEST_PX = 4000;
const PATIENCE_MS = [1000, 2000, 4000, 8000, 15000];

const words = document.getElementById("upload-words")?.dataset ?? {};
const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

for (const form of document.querySelectorAll("form[data-resumable]")) {
  const input = form.querySelector("input[type=file]");
  form.querySelector("[data-send]").hidden = true;
  input.addEventListener("change", () => input.files[0] && sendPhoto(form, input.files[0]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files[0]) sendPhoto(form, input.files[0]);
    else say(form, words.none);
  });
}

/** Send one photo for the place of a form: a file that was chosen, or what the camera took. */
export async function sendPhoto(form, file) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  form.querySelectorAll("button, input[type=file]").forEach((each) => (each.disabled = true));
  say(form, words.preparing);
  try {
    const photo = await smallEnough(form, file);
    await sendWhole(form, photo);
    say(form, words.done);
    leaveFreely();
    window.location.hash = form.id;
    window.location.reload();
  } catch (refusal) {
    say(form, refusal.message || words.failed, true);
    form.querySelectorAll("button, input[type=file]").forEach((each) => (each.disabled = false));
    form.querySelector("input[type=file]").value = "";
    form.querySelector("progress").hidden = true;
  } finally {
    delete form.dataset.busy;
    leaveFreely();
  }
}

async function sendWhole(form, photo) {
  const bar = form.querySelector("progress");
  bar.hidden = false;
  const asked = new FormData();
  asked.set("moment", form.dataset.moment);
  asked.set("view", form.elements.view.value);
  asked.set("size_bytes", photo.size);
  asked.set("fingerprint", await fingerprint(photo));
  window.addEventListener("beforeunload", holdBack);
  let state = await patiently(form, () => post(form.dataset.resumable, asked));
  while (!state.done) {
    bar.max = photo.size;
    bar.value = state.received;
    say(form, `${words.sending} ${Math.round((100 * state.received) / photo.size)} %`);
    const piece = photo.slice(state.received, state.received + PIECE_BYTES);
    const { url, received } = state;
    state = { url, ...(await patiently(form, () => post(`${url}?offset=${received}`, piece))) };
  }
  bar.value = bar.max;
}

/** Try until the server answers; only its own refusal ends it. */
async function patiently(form, attempt) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (failure) {
      if (failure.isRefusal) throw failure;
      say(form, words.waiting);
      await backAgain(PATIENCE_MS[Math.min(tries, PATIENCE_MS.length - 1)]);
    }
  }
}

function backAgain(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    window.addEventListener("online", () => resolve(clearTimeout(timer)), { once: true });
  });
}

async function post(url, body) {
  const headers = { "X-CSRFToken": token() };
  if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream";
  const answer = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
  if (answer.status >= 500) throw new Error(`${answer.status}`);
  if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw refusalOf("");
  const told = await answer.json();
  if (told.problem) throw refusalOf(told.problem);
  return told;
}

function refusalOf(sentence) {
  return Object.assign(new Error(sentence || words.failed), { isRefusal: true });
}

/** By this the server finds a half-sent photo again: the beginning of the file, its end and its size. */
async function fingerprint(photo) {
  const ends = new Blob([photo.slice(0, 65536), photo.slice(-65536), `${photo.size}`]);
  if (!crypto.subtle) return randomName(); // outside secure contexts: a half-sent photo is then sent anew
  const hash = await crypto.subtle.digest("SHA-256", await ends.arrayBuffer());
  return hex(new Uint8Array(hash));
}

const randomName = () => hex(crypto.getRandomValues(new Uint8Array(32)));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A photo above the limit is made smaller here, where the browser can read it; else the server says so in words. */
async function smallEnough(form, file) {
  if (file.size <= LARGEST_BYTES) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    say(form, words.shrunk);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.92));
  } catch {
    return file;
  }
}

function say(form, text, isWrong = false) {
  const line = form.querySelector("[data-state]");
  line.textContent = text ?? "";
  line.classList.toggle("error", isWrong);
}

function holdBack(event) {
  event.preventDefault();
}

function leaveFreely() {
  window.removeEventListener("beforeunload", holdBack);
}
