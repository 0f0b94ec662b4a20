/* A group of fields that applies only to some answers is shown with these. Without this script every
   group is shown, and its legend says when it applies.

   `data-when` is the name of a field and its values: "way=request other". */

function isChosen(form, [name, values]) {
  const field = form.elements.namedItem(name);
  return Boolean(field) && values.split(" ").includes(field.value);
}

/* What is not shown is not sent, so that nothing is decided by a forgotten answer. */
function update(form) {
  for (const group of form.querySelectorAll("[data-when]")) {
    const applies = isChosen(form, group.dataset.when.split("="));
    group.hidden = !applies;
    group.disabled = !applies;
  }
}

function start() {
  for (const form of new Set([...document.querySelectorAll("[data-when]")].map((group) => group.form ?? group.closest("form")))) {
    if (form.dataset.watched) continue;
    form.dataset.watched = "yes";
    for (const type of ["change", "filled"]) form.addEventListener(type, () => update(form));
    update(form);
  }
}

start();
document.addEventListener("htmx:load", start);
