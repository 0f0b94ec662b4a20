/* Fields of a form in rows (`data-row`: the number of the row): rows after the last filled one are shown
   one by one with a button (`data-row-add`: its text). Without this script all rows are shown. */

const fieldOf = (input) => input.closest(".field");
const numberOf = (input) => Number(input.dataset.row);

function update(form, most) {
  const inputs = [...form.querySelectorAll("[data-row]")];
  const used = inputs.filter((input) => input.value || fieldOf(input).matches(".field-wrong")).map(numberOf);
  const shown = Math.max(most, 1, ...used);
  inputs.forEach((input) => { fieldOf(input).hidden = numberOf(input) > shown; });
  const next = inputs.find((input) => numberOf(input) > shown);
  const button = form.querySelector("[data-add-row]");
  button.hidden = !next;
  if (next) fieldOf(next).before(button);
  button.dataset.addRow = shown + 1;
}

function watch(form) {
  const button = document.createElement("button");
  const add = form.querySelector("[data-row-add]").dataset.rowAdd;
  Object.assign(button, { type: "button", className: "button button-small", textContent: add });
  button.dataset.addRow = "";
  form.append(button);
  form.dataset.rows = "yes";
  button.addEventListener("click", () => {
    const row = Number(button.dataset.addRow);
    update(form, row);
    form.querySelector(`[data-row="${row}"]`).focus();
  });
  form.addEventListener("filled", () => update(form, 1));
  update(form, 1);
}

function start() {
  for (const input of document.querySelectorAll("[data-row='1']")) if (!input.form.dataset.rows) watch(input.form);
}

start();
document.addEventListener("htmx:load", start);
