/* The columns of an export: all or none at once, and in another order with two buttons or a number.
   Without this script links tick the boxes, and the numbers alone give the order. */

const form = document.querySelector("#columns");
const boxes = [...form.querySelectorAll("input[name=column]")];
const placeOf = (line) => line.querySelector("input[type=number]");

function count() {
  form.querySelector("[data-ticked]").textContent = boxes.filter((box) => box.checked).length;
}

/* The next line in this direction; a ticked one passes over lines that are not. */
function beside(line, step) {
  const next = (each) => (step < 0 ? each.previousElementSibling : each.nextElementSibling);
  const isTicked = (each) => each.querySelector("input[name=column]").checked;
  let other = next(line);
  while (other && isTicked(line) && !isTicked(other)) other = next(other);
  return other;
}

function move(button) {
  const line = button.closest("li");
  const step = Number(button.dataset.step);
  const other = beside(line, step);
  if (other) {
    const list = line.parentElement;
    const places = [...list.children].map((each) => placeOf(each).value).sort((a, b) => a - b);
    other[step < 0 ? "before" : "after"](line);
    [...list.children].forEach((each, at) => { placeOf(each).value = places[at]; });
    button.focus();
  }
  form.querySelector("[data-moved]").textContent = `${line.querySelector(".choice").textContent.trim()}: ${placeOf(line).value}`;
}

/* A line whose number was typed goes where the number says. */
function sort(input) {
  const list = input.closest("ul");
  const lines = [...list.children];
  const moved = input.closest("li");
  lines.sort((a, b) => placeOf(a).value - placeOf(b).value || (b === moved) - (a === moved));
  list.append(...lines);
  input.focus();
}

form.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  const tick = event.target.closest("[data-tick]");
  if (step) move(step);
  if (!tick || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  boxes.forEach((box) => { box.checked = Boolean(tick.dataset.tick); });
  count();
});
form.addEventListener("change", (event) => {
  if (event.target.type === "number") sort(event.target); else count();
});
count();
