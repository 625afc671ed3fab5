import { calm, each, language } from "./dom.js";

const last = new Map();

// <span data-count="1234" data-count-key="points">1,234</span> runs from the value it had before.
export function countUp(root) {
  each(root, "[data-count]", "counters", (element) => {
    const goal = Number(element.dataset.count);
    const key = element.dataset.countKey ?? element;
    const from = last.get(key) ?? goal;
    last.set(key, goal);
    if (from === goal || calm()) return;
    const text = element.textContent;
    const number = new Intl.NumberFormat(language);
    const began = performance.now();
    const tick = (now) => {
      const t = Math.min(1, (now - began) / 700);
      const value = Math.round(from + (goal - from) * (1 - (1 - t) ** 3));
      element.textContent = t < 1 ? number.format(value) : text;
      if (t < 1) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}
