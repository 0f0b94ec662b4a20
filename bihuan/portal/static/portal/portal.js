// Three small comforts. Everything works without this file.
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

for (const button of document.querySelectorAll("[data-locate]")) {
  const said = button.parentElement.querySelector("[role=status]");
  if (!("geolocation" in navigator)) { button.hidden = true; continue; }
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.form.elements.latitude.value = coords.latitude.toFixed(5);
      button.form.elements.longitude.value = coords.longitude.toFixed(5);
      said.textContent = button.dataset.found;
    },
    () => { said.textContent = button.dataset.failed; },
    { enableHighAccuracy: true, timeout: 15000 },
  ));
}

// What is typed stays in this tab until it is sent, so that Back loses nothing that was not sent on.
const sent = document.querySelector("script[data-sent]");
const form = document.querySelector("form[data-keep]");
const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
if (store && sent) {
  for (const key of Object.keys(store)) if (key.startsWith("/report/")) store.removeItem(key);
}
if (store && form) {
  const fields = () => [...form.elements].filter((field) => field.name
    && !["hidden", "file", "submit"].includes(field.type) && !["website", "drop", "find"].includes(field.name));
  const ticks = (field) => ["checkbox", "radio"].includes(field.type);
  const identify = (field) => field.name + (ticks(field) ? `=${field.value}` : "");
  const restore = () => {
    const said = JSON.parse(store.getItem(location.pathname) || "{}");
    for (const field of fields()) {
      const value = said[identify(field)];
      if (value === undefined) continue;
      if (ticks(field)) field.checked = value; else field.value = value;
      const folded = value && field.closest("details");
      if (folded) folded.open = true;
    }
  };
  const keep = () => {
    const said = {};
    for (const field of fields()) said[identify(field)] = ticks(field) ? field.checked : field.value;
    try { store.setItem(location.pathname, JSON.stringify(said)); } catch { /* full: it stays on the page */ }
  };
  restore();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}
