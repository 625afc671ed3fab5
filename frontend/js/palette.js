// `/` or Ctrl-K opens the search, except where somebody is writing.
export function palette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
  };
  for (const opener of document.querySelectorAll("[data-palette-open]")) {
    opener.addEventListener("click", (event) => { event.preventDefault(); open(); });
  }
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (slash || k) { event.preventDefault(); open(); }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...dialog.querySelectorAll(".palette-results a")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
}
