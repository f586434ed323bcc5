// htmx under the strict policy: the CSRF header, whole pages instead of partials, and failures in words.
import { showFailure } from "./toasts.js";
import { words } from "./words.js";

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// After an expired sign-in the answer is a whole page: go there rather than put it into a corner of this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  window.location.assign(xhr.status < 400 ? xhr.responseURL : window.location.href);
});

document.addEventListener("htmx:responseError", (event) => {
  if (/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return;
  showFailure(words("failed"));
});

document.addEventListener("htmx:sendError", () => {
  showFailure(words("offline"));
});
