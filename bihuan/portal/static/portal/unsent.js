/* What is typed stays in this tab until it is sent: Back, reload or a closed tab loses nothing. On this
   device it stays for a day only if the person ticks it, without names, contacts and position, and
   never for a complaint about an office, which the tab keeps for two hours and no other page mentions.
   Nothing of it is sent before the form is.

   `data-keep` (form) is the name under which it is kept, `data-step` the page, `data-sealed` the fields
   that are never kept on the device and for two hours at most in the tab. */
"use strict";
(() => {
  const HOUR = 3600000, DAY = 24 * HOUR, MARK = "sending", SEALED = "#sealed";
  const one = (selector, within = document) => within.querySelector(selector);
  const open = (name) => { try { return window[name]; } catch { return null; } };
  const tab = open("sessionStorage"), device = open("localStorage");
  if (!tab || !device) return;
  const ours = (key) => /^(report|track):/.test(key);
  const read = (store, key, lasts = DAY) => {
    try {
      const said = JSON.parse(store.getItem(key));
      if (said && Date.now() - said.at < lasts) return said;
    } catch { /* not ours */ }
    store.removeItem(key);
    return null;
  };
  const write = (store, key, said) => {
    try { store.setItem(key, JSON.stringify(said)); } catch { /* full: it stays on the page */ }
  };
  const isPrivate = (key) => /^report:accusation/.test(key);
  const span = (key) => (isPrivate(key) || /#sealed$|^track:/.test(key) ? 2 * HOUR : DAY);
  // Timers stand still while a tab or a device sleeps.
  const expire = () => {
    for (const key of Object.keys(device)) if (ours(key)) read(device, key);
    for (const key of Object.keys(tab)) if (ours(key)) read(tab, key, span(key));
  };
  expire();
  document.addEventListener("visibilitychange", expire);

  // Once it was sent or deleted, nothing is left; nor once the person leaves this device.
  if (one("script[data-sent]")) {
    const key = tab.getItem(MARK);
    for (const store of [tab, device]) if (key) store.removeItem(key);
    if (key) tab.removeItem(key + SEALED);
    tab.removeItem(MARK);
  }
  for (const form of document.querySelectorAll("form[data-leave]")) {
    form.addEventListener("submit", () => {
      for (const key of Object.keys(tab)) if (ours(key)) tab.removeItem(key);
    });
  }
  for (const line of document.querySelectorAll("[data-unsent]")) {
    const key = `report:${line.dataset.unsent}`;
    line.hidden = isPrivate(key) || !(read(tab, key) || read(device, key));
  }

  const form = one("form[data-keep]");
  if (!form) return;
  const { keep: key, step } = form.dataset;
  const sealed = new Set((form.dataset.sealed || "").split(" "));
  const box = one("[data-device]");
  const earlier = read(tab, key, span(key)) || (box && read(device, key));
  const kept = earlier || { at: 0, steps: {} };
  for (const [page, values] of Object.entries(read(tab, key + SEALED, 2 * HOUR)?.steps || {})) {
    kept.steps[page] = { ...kept.steps[page], ...values };
  }

  const isChoice = (field) => ["checkbox", "radio"].includes(field.type);
  const fields = () => [...form.elements].filter((field) => field.name
    && (!["hidden", "file", "submit"].includes(field.type) || ["latitude", "longitude"].includes(field.name))
    && !["website", "drop", "find"].includes(field.name));
  const said = () => {
    const values = {};
    for (const field of fields()) {
      if (!isChoice(field)) values[field.name] = field.value;
      else {
        values[field.name] ||= [];
        if (field.checked) values[field.name].push([field.value, field.parentElement.textContent.trim()]);
      }
    }
    return values;
  };
  // A choice that was found by a search is not on the page of a new form.
  const offer = (name, [value, text]) => {
    const first = one(`input[name="${name}"]`, form)?.closest("label");
    if (!first || !["unit", "about"].includes(name)) return;
    const label = first.cloneNode(true);
    const input = one("input", label);
    Object.assign(input, { value, checked: true, id: `kept-${value}` });
    label.htmlFor = input.id;
    one("span", label).textContent = text;
    first.before(label);
  };
  const fill = (values) => {
    for (const [name, value] of Object.entries(values)) {
      const group = fields().filter((field) => field.name === name);
      if (!Array.isArray(value)) { for (const field of group) field.value = value; continue; }
      for (const field of group) field.checked = value.some(([each]) => each === field.value);
      for (const each of value) if (!group.some((field) => field.value === each[0])) offer(name, each);
    }
    for (const field of fields()) {
      const folded = (isChoice(field) ? field.checked : field.value) && field.closest("details");
      if (folded) folded.open = true;
    }
    const { latitude, longitude } = form.elements, line = one("[data-position]");
    if (line && latitude?.value) {
      line.hidden = false;
      one("span", line).textContent = `${latitude.value}, ${longitude.value}`;
    }
  };

  const part = (isSealed) => Object.fromEntries(Object.entries(kept.steps).map(([page, values]) => [
    page, Object.fromEntries(Object.entries(values).filter(([name]) => sealed.has(name) === isSealed))]));
  let over;
  const save = () => {
    kept.at = Date.now();
    write(tab, key, { at: kept.at, steps: part(false) });
    write(tab, key + SEALED, { at: kept.at, steps: part(true) });
    clearTimeout(over);
    over = setTimeout(expire, 2 * HOUR + 100);
    if (box && one("input", box).checked) write(device, key, { at: read(device, key)?.at ?? kept.at, steps: part(false) });
  };
  const keep = () => {
    if (Date.now() - kept.at >= span(key)) kept.steps = {};
    kept.steps[step] = said();
    save();
  };

  const told = one("[data-restored]");
  if (kept.steps[step]) fill(kept.steps[step]);
  if (told && earlier) told.hidden = !("new" in form.dataset);
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", ({ submitter }) => {
    const pressed = submitter?.value;
    // What a search finds is chosen there.
    if (pressed === "find" && kept.steps[step]) { delete kept.steps[step].unit; save(); }
    if (["send", "gone"].includes(pressed) || step === "act") tab.setItem(MARK, key); else tab.removeItem(MARK);
  });
  const discard = () => {
    for (const store of [tab, device]) store.removeItem(key);
    tab.removeItem(key + SEALED);
    kept.steps = {};
  };
  if (told) {
    one("button", told).addEventListener("click", () => { discard(); location.reload(); });
  }
  if (!box) return;

  // On the device, for a day from the tick.
  const tick = one("input", box), line = one("[data-until]", box);
  const show = () => {
    const stored = tick.checked && read(device, key);
    line.hidden = !stored;
    if (stored) {
      const until = new Date(stored.at + DAY);
      one("b", line).textContent = until.toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    }
  };
  tick.checked = Boolean(read(device, key));
  tick.addEventListener("change", () => {
    if (tick.checked) keep(); else device.removeItem(key);
    show();
  });
  one("button", box).addEventListener("click", () => { tick.checked = false; device.removeItem(key); show(); tick.focus(); });
  box.hidden = false;
  show();
})();
