import { each } from "./dom.js";

// The contents beside an article say where the reader is.
export function contents(root) {
  each(root, ".toc[data-follow]", "contents", (toc) => {
    const links = new Map();
    for (const link of toc.querySelectorAll('a[href^="#"]')) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    const watcher = new IntersectionObserver((entries) => {
      const now = entries.filter((entry) => entry.isIntersecting).at(-1);
      if (!now) return;
      for (const [heading, link] of links) {
        if (heading === now.target) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-10% 0px -70% 0px" });
    for (const heading of links.keys()) watcher.observe(heading);
  });
}
