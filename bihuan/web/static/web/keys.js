/* Comfort on top of pages that work without it: keys for lists, row selection, drafts of what is
   typed, one submit at a time. Everything hangs on attributes in the markup:

   data-list       a table or list whose rows (data-row) the keys walk; a[data-open] opens a row,
                   input[data-select] selects it, input[data-select-all] selects all
   data-search     where "/" leads                     data-key="t"    "g t" follows this link
   data-keys-help  opens the list of keys              data-menu       a <details> that closes itself
   data-dialog     opens this dialog in place      data-close-dialog  closes the dialog around it
   data-find       the box that goes to a place        data-fold       shows the side bar as icons
   data-no-draft   a form or field never kept          data-interrupts (body) an error page: it stands
   data-kept       a hidden field kept as well                         between a form and its result
   data-unkept     around forms that are never kept and ask before they are left; on a field: the
                   form is not kept while the field has a value
   data-ends-drafts  submitting this form drops the drafts of pages below this path               */

const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
root.classList.add("js");

/* ---- Lists ---------------------------------------------------------------- */
const rows = () => all("[data-list] [data-row]");

function move(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.classList.contains("current"));
  const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + step))];
  list[at]?.classList.remove("current");
  next.classList.add("current");
  (one("a[data-open]", next) ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const boxes = () => all("[data-list] [data-row] input[data-select]");
let lastBox = null;

function select(box, checked, through) {
  const list = boxes();
  const from = through && lastBox ? list.indexOf(lastBox) : list.indexOf(box);
  const [low, high] = [from, list.indexOf(box)].sort((a, b) => a - b);
  list.slice(Math.max(0, low), high + 1).forEach((each) => { each.checked = checked; });
  lastBox = box;
  showSelection();
}

function showSelection() {
  const list = boxes();
  const count = list.filter((box) => box.checked).length;
  all("[data-selected-count]").forEach((place) => { place.textContent = count; });
  all("input[data-select-all]").forEach((box) => {
    box.checked = count > 0 && count === list.length;
    box.indeterminate = count > 0 && count < list.length;
  });
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches("input[data-select]")) select(target, target.checked, event.shiftKey);
  if (target.matches("input[data-select-all]")) {
    boxes().forEach((box) => { box.checked = target.checked; });
    showSelection();
  }
  if (target.closest("[data-keys-help]")) one("#keys-help")?.showModal();
  if (target.closest("[data-close-dialog]")) target.closest("dialog")?.close();
  const opened = !event.ctrlKey && !event.metaKey && target.closest("[data-dialog]");
  if (opened && one(`#${opened.dataset.dialog}`)) {
    event.preventDefault();
    one(`#${opened.dataset.dialog}`).showModal();
  }
  all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-list] [data-row]");
  if (!row || row.classList.contains("current")) return;
  rows().forEach((each) => each.classList.toggle("current", each === row));
});

/* ---- Keys ----------------------------------------------------------------- */
const current = () => one("[data-list] [data-row].current");
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  Enter: () => one("a[data-open]", current())?.click(),
  "/": () => { const field = one("[data-search]"); if (field?.offsetParent) { field.focus(); field.select(); } else toFind(); },
  "?": () => one("#keys-help")?.showModal(),
};
let goingSince = -Infinity;

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    toFind();
    return;
  }
  if (event.key === "Escape") {
    const menu = event.target.closest("details[data-menu][open]");
    if (menu) { menu.open = false; one("summary", menu).focus(); }
  }
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.timeStamp - goingSince < 1500) {
    goingSince = -Infinity;
    one(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "g") { goingSince = event.timeStamp; return; }
  if (event.key.toLowerCase() === "x" && current()) {
    const box = one("input[data-select]", current());
    if (box) select(box, !box.checked, event.shiftKey);
    return;
  }
  if (event.key === "Enter" && (!current() || event.target.closest("a, button, input, summary"))) return;
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
}
document.addEventListener("keydown", onKey);

/* ---- The box at the top, the side bar ------------------------------------- */
function toFind() {
  const box = one("[data-find] input");
  if (box?.offsetParent) { box.focus(); box.select(); } else one(".find-link")?.click();
}

function walkFound(event) {
  const find = event.target.closest("[data-find]");
  if (!find || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  event.preventDefault();
  const input = one("input", find);
  if (event.key === "Escape") {
    input.value = "";
    one("#found").replaceChildren();
    input.focus();
    return;
  }
  const places = [input, ...all("a", find)];
  const at = places.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  places[(at + places.length) % places.length].focus();
}
document.addEventListener("keydown", walkFound);

document.addEventListener("click", (event) => {
  const fold = event.target.closest("[data-fold]");
  if (!fold) return;
  const narrow = one(".frame").classList.toggle("frame-narrow");
  fold.setAttribute("aria-pressed", narrow);
  document.cookie = `bihuan_side=${narrow ? "narrow" : "wide"}; path=/desk/; max-age=31536000; SameSite=Lax`;
});

/* ---- Drafts ---------------------------------------------------------------
   What is typed is kept in this tab until the server has taken it. A draft is "sent" once its form is
   submitted. Arriving anywhere by an ordinary navigation means the server took it; arriving at a page
   that interrupts (sign-in, an error), or at the form with a complaint, means it did not, and going
   back finds the form filled again. */
const PREFIX = "bihuan-draft:";
const KEPT = "input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button]), input[data-kept], textarea, select";
const who = document.body.dataset.who ?? "";
const interrupts = "interrupts" in document.body.dataset || Boolean(one("input[type=password]"));

const store = {
  read: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  write: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: nothing kept */ } },
  drop: (key) => sessionStorage.removeItem(key),
  keys: () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)),
};

const asked = (form) => form.method === "post" && !form.closest("[data-no-draft]") && !one("input[type=password]", form);
const unkept = (form) => Boolean(form.closest("[data-unkept]")) || all("[data-unkept]", form).some((field) => field.value?.trim());
const drafted = (form) => asked(form) && !unkept(form);
// By where the form goes: a form in a panel and the same form on its own page have one draft.
const pathOf = (url) => new URL(url ?? "", location.href).pathname;
const keyOf = (form) => `${PREFIX}${pathOf(form.getAttribute("action"))}|${form.id}`;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(KEPT) && !field.closest("[data-no-draft]") && !field.matches("[data-select], [data-select-all]"));

function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    const kept = (values[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") { if (field.checked) kept.push(field.value); }
    else if (field.multiple) kept.push(...[...field.selectedOptions].map((option) => option.value));
    else kept.push(field.value);
  }
  return values;
}

function fill(form, values) {
  const seen = {};
  for (const field of fieldsOf(form)) {
    const kept = values[field.name];
    if (!kept) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
    else if (field.multiple) [...field.options].forEach((option) => { option.selected = kept.includes(option.value); });
    else field.value = kept[(seen[field.name] = (seen[field.name] ?? -1) + 1)] ?? field.value;
  }
  form.dispatchEvent(new Event("filled"));
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function keep(form) {
  if (!asked(form)) return;
  form.dataset.typed = "1";
  if (unkept(form)) { store.drop(keyOf(form)); return; }
  store.write(keyOf(form), { who, values: valuesOf(form), sent: false });
}

const isRefused = (key) => Boolean(one("[data-error-summary]")) && key.startsWith(`${PREFIX}${location.pathname}|`);

// Back and reload ask for the page of a refused form again, instead of offering to send it again.
function leaveRefused() {
  if (who && store.keys().some(isRefused)) history.replaceState(history.state, "");
}

function settleDrafts() {
  const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const key of store.keys()) {
    const draft = store.read(key);
    if (!draft) store.drop(key);
    else if (interrupts || isRefused(key)) store.write(key, { ...draft, sent: false });
    else if (draft.who !== who || (draft.sent && arrived)) store.drop(key);
  }
}

// Not where somebody has typed already: a form in a panel can be used a moment before this is called.
function restore(form) {
  const draft = drafted(form) && !form.dataset.typed ? store.read(keyOf(form)) : null;
  if (!draft || one("[data-error-summary]")) return;
  if (same(draft.values, valuesOf(form))) { store.drop(keyOf(form)); return; }
  const before = valuesOf(form);
  fill(form, draft.values);
  form.closest("details")?.setAttribute("open", "");
  const note = one("#draft-note")?.content.firstElementChild.cloneNode(true);
  if (!note) return;
  form.prepend(note);
  one("[data-drop-draft]", note).addEventListener("click", () => {
    fill(form, before);
    store.drop(keyOf(form));
    note.remove();
  });
}

document.addEventListener("input", (event) => { if (event.target.form) keep(event.target.form); });

// Asked only where leaving loses something: chosen files cannot be kept, nor can anything in a browser
// that refuses storage. Typed text waits for whoever comes back.
window.addEventListener("beforeunload", (event) => {
  if (all("form").some((form) => form.method === "post" && !form.dataset.sending && losesOnLeaving(form))) event.preventDefault();
});

function losesOnLeaving(form) {
  if (all("input[type=file]", form).some((field) => field.files.length)) return true;
  return asked(form) && form.dataset.typed && !store.read(keyOf(form));
}

/* ---- Submitting ----------------------------------------------------------- */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  if (event.defaultPrevented) return;
  form.dataset.sending = "1";
  const { endsDrafts, endsSession } = form.dataset;
  if (endsSession !== undefined) store.keys().forEach(store.drop);
  if (endsDrafts) store.keys().filter((key) => key.startsWith(PREFIX + endsDrafts)).forEach(store.drop);
  const draft = store.read(keyOf(form));
  if (draft) store.write(keyOf(form), { ...draft, sent: true });
  // After the browser has collected the values, among them the name of the button itself.
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  all("form[data-sending]").forEach((form) => { delete form.dataset.sending; });
  all("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
});

// Only the request that sends the form: what a form looks up meanwhile takes nothing that is typed.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form || event.detail.requestConfig.verb === "get") return;
  delete form.dataset.sending;
  if (event.detail.successful && form.method === "post") store.drop(keyOf(form));
});

/* ---- Forms in a panel ----------------------------------------------------- */
const formsOf = (link) => all(`${link.getAttribute("hx-target")} form`).filter((form) => form.method === "post");
const leadsTo = (link) => all("form").find((form) => pathOf(form.getAttribute("action")) === pathOf(link.getAttribute("hx-get")));

// The button of a form that is open leads to its first empty field, or to its own button. Where another
// form would take away what cannot be kept, its page is opened instead: the browser asks first.
document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.detail.elt;
  if (!link.matches("a[hx-target]")) return;
  const [open, forms] = [leadsTo(link), formsOf(link)];
  if (forms.includes(open)) {
    event.preventDefault();
    const empty = all("[required]:not([type=hidden])", open).find((field) => field.offsetParent && !field.validity.valid);
    const place = empty ?? one("[type=submit]", open);
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "center" });
  } else if (forms.some(losesOnLeaving)) {
    event.preventDefault();
    location.assign(link.href);
  }
});

// A pressed link whose panel did not come (no connection, a fault, a sign-in that has ended) opens its
// page: the browser, or that page, says what happened.
function openPage(event) {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  if (!elt.matches("a[href]") || triggeringEvent?.type !== "click") return false;
  location.assign(elt.href);
  return true;
}
document.addEventListener("htmx:responseError", openPage);
document.addEventListener("htmx:sendError", openPage);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  const wasRedirected = xhr.responseURL && pathOf(xhr.responseURL) !== pathOf(requestConfig.path);
  if (wasRedirected && openPage(event)) event.detail.shouldSwap = false;
});

// Not for the whole page: its forms were filled at the start.
document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) all("form", event.target).forEach(restore); });

// After a reload or Back, the form that was open with a text.
function reopen() {
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  all("a[hx-target='#panel']").find((link) => store.read(`${PREFIX}${pathOf(link.getAttribute("hx-get"))}|`))?.click();
}

/* ---- At the start --------------------------------------------------------- */
// Of tabs that do not fit beside each other, the one that is shown.
all(".tabs").forEach((list) => {
  const tab = one("[aria-current]", list);
  if (!tab) return;
  const [here, there] = [list, tab].map((each) => each.getBoundingClientRect());
  list.scrollLeft += there.left + there.width / 2 - (here.left + here.width / 2);
});
settleDrafts();
leaveRefused();
if (!interrupts) {
  all("form").forEach(restore);
  document.addEventListener("DOMContentLoaded", reopen);
}
showSelection();
one("[data-error-summary]")?.focus();
