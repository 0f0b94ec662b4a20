/* Notes the point where somebody stands, when they ask for it; the form works without. */
const button = document.querySelector("[data-locate]");
const said = document.querySelector("[data-located]");
const field = (name) => document.querySelector(`#id_${name}`);
const fill = (name, value) => { field(name).value = value.toFixed(6); field(name).dispatchEvent(new Event("input", { bubbles: true })); };
const tell = () => { said.textContent = field("latitude").value ? button.dataset.found : ""; };

button?.addEventListener("click", () => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill("latitude", coords.latitude);
      fill("longitude", coords.longitude);
      tell();
    },
    () => { said.textContent = button.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});

// With the text that the browser kept, the location comes back.
if (button) {
  field("latitude").form.addEventListener("filled", tell);
  tell();
}
