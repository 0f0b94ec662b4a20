/* Photos that were chosen are shown before they are sent, and can be taken out again. On a phone a
   second button opens the camera at once and adds to what was chosen. */

const TYPES = /^image\/(jpeg|png|webp)$/;

function put(input, files) {
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  input.files = all.files;
  show(input);
}

function show(input) {
  const whole = input.parentElement.querySelector("[data-chosen]");
  const list = whole.querySelector("ul");
  const files = [...input.files];
  list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  list.replaceChildren(...files.map((file) => line(input, whole, file)));
}

function line(input, whole, file) {
  const item = document.createElement("li");
  if (TYPES.test(file.type)) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = "";
    item.append(image);
  }
  const name = document.createElement("span");
  name.textContent = file.name;
  const remove = document.createElement("button");
  Object.assign(remove, { type: "button", className: "link", textContent: whole.dataset.remove });
  remove.setAttribute("aria-label", `${whole.dataset.remove} ${file.name}`);
  remove.addEventListener("click", () => {
    put(input, [...input.files].filter((other) => other !== file));
    input.focus();
  });
  item.append(name, remove);
  return item;
}

/* The camera's own input adds to the other one, which is what is sent. */
function camera(input) {
  const taken = document.createElement("input");
  Object.assign(taken, { type: "file", accept: "image/*" });
  taken.setAttribute("capture", "environment");
  taken.addEventListener("change", () => put(input, [...input.files, ...taken.files]));
  taken.click();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file]") && event.target.parentElement.querySelector("[data-chosen]")) show(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-camera]");
  if (button) camera(button.closest("[data-chosen]").parentElement.querySelector("input[type=file]"));
});

function start() {
  document.querySelectorAll("[data-chosen]").forEach((whole) => { whole.hidden = false; });
}

start();
document.addEventListener("htmx:load", start);
