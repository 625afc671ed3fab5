import { calm, each } from "./dom.js";

// A new badge or level: a little confetti, once. The library is fetched only now.
export function celebrate(root) {
  each(root, "[data-celebrate]", "celebrate", async (element) => {
    if (calm()) return;
    const source = document.body.dataset.confetti;
    if (!source) return;
    const { burst } = await import(source);
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(document.documentElement);
    burst({
      x: (box.left + box.width / 2) / innerWidth,
      y: (box.top + box.height / 3) / innerHeight,
      colours: ["--primary", "--accent", "--good", "--community"].map((name) => style.getPropertyValue(name).trim()),
    });
  });
}
