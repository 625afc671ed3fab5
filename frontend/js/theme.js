// Runs before the first paint: a theme that the visitor chose wins over the system's.
const root = document.documentElement;
root.classList.add("js");
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") root.setAttribute("data-bs-theme", chosen);
} catch {
  // Storage may be forbidden; then the system decides.
}
