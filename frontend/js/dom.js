// All elements below and including `root` that match, each given to `callback` once a part.
const seen = new WeakMap();

export function each(root, selector, part, callback) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  for (const element of found) {
    const done = seen.get(element) ?? new Set();
    if (done.has(part)) continue;
    done.add(part);
    seen.set(element, done);
    callback(element);
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content
    ?? document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

export const language = document.documentElement.lang || "en";
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
