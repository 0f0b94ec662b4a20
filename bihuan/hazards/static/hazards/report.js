/* Notes the point where somebody stands, when they ask for it; the form works without. */
const button = document.querySelector("[data-locate]");
const said = document.querySelector("[data-located]");
const fill = (name, value) => { document.querySelector(`#id_${name}`).value = value.toFixed(6); };

button?.addEventListener("click", () => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill("latitude", coords.latitude);
      fill("longitude", coords.longitude);
      said.textContent = button.dataset.found;
    },
    () => { said.textContent = button.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});
