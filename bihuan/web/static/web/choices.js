/* A long list to choose one from becomes a box in which one types a part of what is meant. The list
   stays in the form and is what is sent; without this script it is an ordinary list.

   `data-choices` (body) is the address of the library, fetched only where a list is long; the other
   texts are beside it, and `data-none` of a list says why somebody is not in it. A text that is none
   of the list's chooses nothing: the box then shows again what the list says. */

const LONG = 12;
const said = document.body.dataset;

/* What an option is called in the box, after the group that it is drawn in; nothing for an empty one. */
function labelOf(option) {
  if (!option?.value) return "";
  const group = option.parentElement.label;
  return (group ? `${group} · ` : "") + option.textContent.trim();
}

/* Where two have the same label, a text would not say which is meant: that list stays a list. So do
   those of a table, which is read line by line and would cut off a box's list. */
function isFit(select) {
  if (select.multiple || !select.id || select.options.length <= LONG || "replaced" in select.dataset || select.closest("table")) return false;
  const labels = [...select.options].map(labelOf).filter(Boolean);
  return new Set(labels).size === labels.length;
}

function choose(select, option) {
  if (!option || option.selected) return;
  option.selected = true;
  for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
}

function replace(select) {
  const { id } = select;
  const options = [...select.options];
  const labels = options.map(labelOf);
  // The library reads the chosen one from the list, in which a step into the tree is drawn with spaces.
  options.forEach((option, at) => { option.textContent = labels[at] || option.textContent; });
  // The label, and the initials by which it can be typed.
  const found = new Map(options.map((option, at) => [labels[at], `${labels[at]} ${option.dataset.keys ?? ""}`.toLowerCase()]));
  const named = (label) => options[labels.indexOf(label)];
  const chosen = () => labels[select.selectedIndex] ?? "";
  select.dataset.replaced = "";
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: chosen(),
    placeholder: options.find((option) => !option.value)?.textContent ?? "",
    showAllValues: true,
    confirmOnBlur: false,
    dropdownArrow: () => "",
    source: (typed, show) => {
      const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
      const all = labels.filter(Boolean);
      show(typed.trim() === chosen() ? all : all.filter((label) => words.every((word) => found.get(label).includes(word))));
    },
    onConfirm: (label) => choose(select, named(label)),
    tNoResults: () => select.dataset.none ?? said.choicesNone,
    tAssistiveHint: () => said.choicesHint,
    tStatusQueryTooShort: () => "",
    tStatusNoResults: () => select.dataset.none ?? said.choicesNone,
    tStatusSelectedOption: (label, length, index) => `${label} ${index + 1}/${length}`,
    tStatusResults: (length, label) => `${length} ${label}`,
  });
  const box = document.getElementById(id);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = select.getAttribute(name);
    if (value) box.setAttribute(name, [box.getAttribute(name), value].filter(Boolean).join(" "));
  }
  /* Nothing is chosen in silence: an emptied box empties the list if it can be, and a text that is
     none of the list's goes. */
  const whole = box.closest(".autocomplete__wrapper");
  whole.addEventListener("focusout", (event) => {
    if (whole.contains(event.relatedTarget)) return;
    choose(select, box.value.trim() ? named(box.value.trim()) : options.find((option) => !option.value));
    show(box, chosen());
  });
  // A draft that is dropped changes the list alone.
  select.form?.addEventListener("filled", () => show(box, chosen()));
}

/* The library keeps the text by itself and has to hear of another one; it opens its list then. */
function show(box, text) {
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", keyCode: 27, bubbles: true }));
}

let library = null;

function fetchLibrary() {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: said.choices, onload: done, onerror: failed });
    document.head.append(script);
  });
}

async function start() {
  const fit = () => [...document.querySelectorAll("select")].filter(isFit);
  if (!said.choices || !fit().length) return;
  await (library ??= fetchLibrary());
  fit().forEach(replace);
}

start();
document.addEventListener("htmx:load", start);
