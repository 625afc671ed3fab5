import { each } from "./dom.js";

// <div class="undo" data-undo="10"> … <span data-undo-left aria-hidden="true"></span> …</div> counts down and then
// goes, with its toast if it is in one. The seconds are for the eye: nobody wants them read out.
export function undo(root) {
  each(root, "[data-undo]", "undo", (box) => {
    const ends = Date.now() + Number(box.dataset.undo) * 1000;
    const left = box.querySelector("[data-undo-left]");
    const tick = () => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds <= 0) {
        if (box.contains(document.activeElement)) { setTimeout(tick, 1000); return; }
        (box.closest(".toast") ?? box).remove();
        return;
      }
      if (left) left.textContent = ` (${seconds})`;
      setTimeout(tick, 250);
    };
    tick();
  });
}
