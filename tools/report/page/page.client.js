"use strict";
const changes = [...document.querySelectorAll(".change")];
const filter = document.getElementById("filter");
const operation = document.getElementById("operation");
const layer = document.getElementById("layer");
const shown = document.getElementById("shown");
function apply() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const change of changes) {
    const { text, operation: kind, layer: where } = change.dataset;
    change.hidden =
      !words.every((word) => text.includes(word)) ||
      (operation.value !== "" && operation.value !== kind) ||
      (layer.value !== "" && layer.value !== where);
    if (!change.hidden) count += 1;
  }
  shown.textContent = `${count} of ${changes.length} shown`;
}
for (const input of [filter, operation, layer]) input.addEventListener("input", apply);
document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
});
apply();
