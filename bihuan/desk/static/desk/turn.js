/* The photo is turned as chosen before it is kept: `data-turned` is how it is shown now. Without this
   script it is turned when the choice is saved. */

const photo = document.querySelector("[data-turned]");
const { form } = document.querySelector("[name=turns]");

function show() {
  const by = (Number(form.elements.turns.value) - photo.dataset.turned + 4) % 4;
  photo.style.transform = `rotate(${by * 90}deg) scale(${by % 2 ? 0.75 : 1})`;
}

for (const type of ["change", "filled"]) form.addEventListener(type, show);
show();
