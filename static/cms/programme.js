// The badge form: the picture follows the choices, and only fields that matter are shown.
const form = document.querySelector("[data-badge-form]");
const paths = JSON.parse(document.getElementById("badge-shapes")?.textContent ?? "{}");
const PARTS = {
  "": ["kind"],
  count: ["kind", "at_least", "verbs", "import_verbs", "within", "per_object", "object_prefix", "value_at_least"],
  sum: ["kind", "at_least", "verbs", "import_verbs", "within", "per_object", "object_prefix", "value_at_least"],
  distinct: ["kind", "at_least", "verbs", "import_verbs", "within", "object_prefix", "value_at_least"],
  streak: ["kind", "at_least", "verbs", "import_verbs", "within", "grace", "object_prefix", "value_at_least"],
  balance: ["kind", "at_least", "currency"],
  badge: ["kind", "badge"],
};

function draw() {
  const { tier, shape, icon, colour } = form.elements;
  const picture = form.querySelector("[data-badge-picture]");
  const look = { shape: shape.value, tier: tier.value, icon: icon.value, colour: colour.value };
  picture.src = `${picture.src.split("?")[0]}?${new URLSearchParams(look)}`;
  for (const art of form.querySelectorAll("[data-badge-preview] .badge-art")) {
    art.setAttribute("class", `badge-art badge-${colour.value} tier-${tier.value}`);
    const layers = paths[shape.value];
    for (const path of art.querySelectorAll("path")) path.setAttribute("d", layers.path);
    const use = art.querySelector("use");
    use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${icon.value}`);
    use.setAttribute("y", layers.top);
  }
}

function show(line) {
  const kind = line.querySelector("select[name$=-kind]").value;
  for (const part of line.querySelectorAll("[data-part]")) part.hidden = !PARTS[kind].includes(part.dataset.part);
}

form.addEventListener("change", (event) => {
  draw();
  const line = event.target.closest("[data-criterion]");
  if (line) show(line);
});
draw();
form.querySelectorAll("[data-criterion]").forEach(show);
