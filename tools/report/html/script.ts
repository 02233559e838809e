/** What the page does by itself: filters, opens and closes folds, switches between light and dark. It loads nothing. */
export const SCRIPT = `
const all = (query) => [...document.querySelectorAll(query)];
const form = document.querySelector("form");
const shown = document.querySelector("output");
// What pictures do in the dark; the toggle turns it on and off.
const rules = all("figure div").flatMap((host) => [...(host.shadowRoot?.styleSheets ?? [])])
  .flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule.media?.mediaText.includes("prefers-color-scheme: dark"));
function filter() {
  const { text, operation, layer } = form.elements;
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const card of all("[data-change]")) {
    const fits = (!operation.value || card.dataset.operation === operation.value)
      && (!layer.value || card.dataset.layer === layer.value)
      && words.every((word) => card.textContent.toLowerCase().includes(word));
    card.hidden = !fits;
    if (fits) count++;
  }
  for (const section of all("[data-group]")) section.hidden = !section.querySelector("[data-change]:not([hidden])");
  shown.textContent = count + " shown";
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
document.querySelector("#folds").addEventListener("click", () => {
  const folds = all("details[data-change]");
  const open = folds.some((fold) => !fold.open);
  for (const fold of folds) fold.open = open;
});
document.querySelector("#theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  for (const rule of rules) rule.media.mediaText = dark ? "not all" : "all";
});
filter();
`;
