/* A phrase goes into the text above it: it replaces an empty text, and follows another one. One that
   fills several fields (`data-fills`: their names and texts) fills those that are empty, too. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  if (!button) return;
  const text = button.closest(".field").querySelector("textarea");
  add(text, button.dataset.phrase);
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fills ?? "{}"))) {
    const other = text.form.elements[name];
    if (other && !other.value.trim()) add(other, value);
  }
  text.focus();
});

function add(field, phrase) {
  if (field.value.includes(phrase)) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${phrase}` : phrase;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}
