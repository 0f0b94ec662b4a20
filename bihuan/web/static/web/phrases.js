/* A phrase goes into the text above it: it replaces an empty text, and follows another one. One that
   fills several fields (`data-fills`: their names and texts) fills those that are empty, too. What is typed can
   be saved as a phrase (`data-keep-phrase`: the page of phrases) without leaving the form. */

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

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-keep-phrase]");
  if (!button) return;
  const field = button.closest(".field").querySelector("textarea");
  if (!field.value.trim()) { field.focus(); return; }
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ use: button.dataset.use, text: field.value });
  button.disabled = true;
  const answer = await fetch(button.dataset.keepPhrase, { method: "POST", headers, body }).catch(() => null);
  button.disabled = false;
  // What was taken leads on to the list; what was refused stays.
  const isTaken = Boolean(answer?.ok && answer.redirected && new URL(answer.url).pathname === button.dataset.keepPhrase);
  button.nextElementSibling.textContent = isTaken ? button.dataset.said : button.dataset.failed;
});
