// Single keys, outside of fields: "/" puts the cursor into the search, a link with data-key="t" opens on "t".
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const key = CSS.escape(event.key);
  const field = document.querySelector(`[data-focus-key="${key}"]`);
  const link = document.querySelector(`a[data-key="${key}"]`);
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.focus();
  else link.click();
});
