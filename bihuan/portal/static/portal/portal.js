// Small comforts. Everything works without this file.
"use strict";
document.documentElement.classList.add("js");

// A little work proves that no robot sends thousands: find a number whose hash begins with zeros.
// The browser's own digest is not there on plain http, so it is written out.
const K = [], H = [];
for (let n = 2; K.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
  if (!prime) continue;
  if (H.length < 8) H.push((Math.sqrt(n) * 4294967296) | 0);
  K.push((Math.cbrt(n) * 4294967296) | 0);
}
const turn = (x, n) => (x >>> n) | (x << (32 - n));
const w = new Int32Array(64);

function firstWord(text) {
  const bytes = new Uint8Array(((text.length + 72) >> 6) << 6);
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
  bytes[text.length] = 128;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, text.length * 8);
  let state = H.slice();
  for (let at = 0; at < bytes.length; at += 64) {
    for (let n = 0; n < 16; n++) w[n] = view.getInt32(at + n * 4);
    for (let n = 16; n < 64; n++) {
      const a = w[n - 15], b = w[n - 2];
      w[n] = w[n - 16] + w[n - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let n = 0; n < 64; n++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[n] + w[n]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state = [a, b, c, d, e, f, g, h].map((word, n) => (word + state[n]) | 0);
  }
  return state[0] >>> 0;
}

function work(field, number) {
  const stop = number + 1500;
  for (; number < stop; number++) {
    if (firstWord(`${field.dataset.work}:${number}`) >>> 16 === 0) { field.value = number; return; }
  }
  setTimeout(work, 0, field, number);
}
for (const field of document.querySelectorAll("[data-work]")) work(field, 0);

// The position of the device, shown as degrees, and removed again.
for (const button of document.querySelectorAll("[data-locate]")) {
  const said = button.parentElement.querySelector("[role=status]");
  const line = document.querySelector("[data-position]");
  const { latitude, longitude } = button.form.elements;
  const show = (...degrees) => {
    [latitude.value, longitude.value] = degrees;
    line.hidden = !degrees[0];
    line.querySelector("span").textContent = degrees.join(", ");
    said.textContent = "";
    latitude.dispatchEvent(new Event("change", { bubbles: true }));
  };
  line.querySelector("button").addEventListener("click", (event) => { event.preventDefault(); show("", ""); button.focus(); });
  if (!("geolocation" in navigator)) { button.hidden = true; continue; }
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => show(coords.latitude.toFixed(5), coords.longitude.toFixed(5)),
    () => { said.textContent = button.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000 },
  ));
}
