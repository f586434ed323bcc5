// The policy on text that becomes part of the page (Trusted Types). Loaded before everything else.
//
// The server's partials hold no scripts. So text with a script, a handler or a "javascript:" address is
// somebody's attack or a mistake, and is refused whole rather than cleaned.
"use strict";
(() => {
  const REFUSED = "script, iframe, frame, object, embed, base, style, link, meta[http-equiv], [srcdoc]";
  // Control characters and blanks hide inside an address without changing where it leads.
  const HIDDEN = /[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028\u2029\ufeff]/g;
  const ACTIVE = /^(javascript|vbscript|data:text\/html|data:image\/svg)/i;
  let isReading = false;

  const isHarmless = (element) =>
    !element.matches(REFUSED) &&
    [...element.attributes].every(
      ({ name, value }) => !/^on/i.test(name) && !/^hx-on/i.test(name) && !ACTIVE.test(value.replace(HIDDEN, "")),
    );

  const areHarmless = (root) =>
    [...root.querySelectorAll("*")].every(
      (element) => isHarmless(element) && (!element.content || areHarmless(element.content)),
    );

  const createHTML = (text) => {
    // The parser below asks this policy about the same text; its document is inert and never shown.
    if (isReading) return text;
    isReading = true;
    try {
      return areHarmless(new DOMParser().parseFromString(text, "text/html")) ? text : null;
    } finally {
      isReading = false;
    }
  };

  if (window.trustedTypes) {
    window.trustedTypes.createPolicy("default", { createHTML, createScript: () => null, createScriptURL: () => null });
  }
})();
