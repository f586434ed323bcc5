/** A text for the person, in the language of the page: the server writes it into the page's head. */
export const words = (name) => document.querySelector(`meta[name="words-${name}"]`)?.content ?? "";
