/** The elements under root (itself included) that match, each handed out once for this purpose. */
const seen = new Map();

export function fresh(root, selector) {
  const known = seen.get(selector) ?? seen.set(selector, new WeakSet()).get(selector);
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => !known.has(element) && known.add(element));
}
