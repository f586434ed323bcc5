// The camera with the earlier photo lying over it. Only where the browser lets a page see the camera (a secure address).
import { sendPhoto } from "./photo-upload.js";

const dialog = document.getElementById("camera");
const video = dialog?.querySelector("video");
const shutter = dialog?.querySelector("[data-shutter]");
const ghost = dialog?.querySelector(".ghost");
const strength = dialog?.querySelector("[data-ghost-strength]");
let form = null;
let facing = "environment";

if (dialog && navigator.mediaDevices?.getUserMedia) {
  for (const button of document.querySelectorAll("[data-camera]")) {
    button.hidden = false;
    button.addEventListener("click", () => openFor(button.closest("form")));
  }
  shutter.addEventListener("click", takePhoto);
  dialog.querySelector("[data-turn-camera]").addEventListener("click", () => {
    facing = facing === "environment" ? "user" : "environment";
    look();
  });
  strength.querySelector("input").addEventListener("input", (event) => {
    ghost.style.opacity = event.target.value / 100;
  });
  dialog.addEventListener("close", stop);
}

async function openFor(place) {
  form = place;
  dialog.querySelector("h2").textContent = place.dataset.label;
  const earlier = place.dataset.ghost;
  ghost.hidden = strength.hidden = !earlier;
  if (earlier) ghost.src = earlier;
  ghost.style.opacity = strength.querySelector("input").value / 100;
  dialog.showModal();
  await look();
}

async function look() {
  stop();
  shutter.disabled = true;
  try {
    const wanted = { facingMode: facing, width: { ideal: 2560 }, height: { ideal: 1920 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    await video.play();
    shutter.disabled = false;
  } catch {
    dialog.close();
    const line = form.querySelector("[data-state]");
    line.textContent = dialog.dataset.failed;
    line.classList.add("error");
  }
}

function takePhoto() {
  if (!video.videoWidth) return;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob(
    (blob) => {
      dialog.close();
      sendPhoto(form, blob);
    },
    "image/jpeg",
    0.92,
  );
}

function stop() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}
