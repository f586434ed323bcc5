// Read a printed code with the camera where the browser can; the field beside it takes a scanner gun or typing as well.
const CODES = ["data_matrix", "qr_code", "ean_13", "ean_8", "code_128", "code_39", "itf", "upc_a"];
const PAUSE_MS = 200;

for (const field of document.querySelectorAll("input[data-scan]")) {
  if (window.isSecureContext && "BarcodeDetector" in window && navigator.mediaDevices) offer(field);
}

function offer(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = field.dataset.scan;
  button.addEventListener("click", () => scan(field, button));
  field.after(button);
}

async function scan(field, button) {
  const dialog = document.createElement("dialog");
  const video = document.createElement("video");
  const close = document.createElement("button");
  video.className = "scan-view";
  video.playsInline = true;
  video.muted = true;
  close.type = "button";
  close.className = "button quiet";
  close.textContent = field.dataset.scanClose;
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", field.dataset.scan);
  dialog.append(video, close);
  document.body.append(dialog);
  let stream = null;
  dialog.addEventListener("close", () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    dialog.remove();
    button.focus();
  });
  dialog.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    const text = await firstCode(video, dialog);
    if (text !== null) take(field, text);
  } catch {
    field.setAttribute("placeholder", field.dataset.scanFailed);
  }
  if (dialog.open) dialog.close();
}

async function firstCode(video, dialog) {
  const known = await BarcodeDetector.getSupportedFormats();
  const detector = new BarcodeDetector({ formats: CODES.filter((format) => known.includes(format)) });
  while (dialog.open) {
    const [found] = await detector.detect(video);
    if (found) return found.rawValue;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

function take(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById(field.dataset.scanPress ?? "")?.click();
}
