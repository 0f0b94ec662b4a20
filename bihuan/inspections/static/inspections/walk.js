/* The page on which an inspection is walked: item by item or as a whole list. Each tap is saved at
   once; what cannot be sent is kept on this device and says so. Without this script it is a form. */
const form = document.querySelector("form[data-walk]");
const one = (selector, within = form) => within.querySelector(selector);
const all = (selector, within = form) => [...within.querySelectorAll(selector)];
const text = (name) => form.dataset[name];
const items = all("[data-item]");
const byKey = new Map(items.map((item) => [item.dataset.item, item]));
const MODE = "bihuan-walk-mode";
const ADVANCE_MS = 180, TYPED_MS = 800;
let now = 0;

const queue = new globalThis.BihuanQueue({
  inspection: form.dataset.inspection,
  who: document.body.dataset.who,
  urls: { answer: form.dataset.answerUrl, photo: form.dataset.photoUrl, state: form.dataset.stateUrl },
  csrf: one("[name=csrfmiddlewaretoken]").value,
  changed,
});

/* ------------------------------------------------------------------- answers */
const given = (item) => {
  const field = one("input[data-answer]:checked, input[data-answer]:not([type=radio]), textarea[data-answer]", item);
  const other = one("input[type=radio][data-answer]:checked", item);
  return (other ?? field)?.value.trim() ?? "";
};
const note = (item) => one("[data-note]", item)?.value.trim() ?? "";
const photosOf = (item) => all("[data-photos] figure", item).length;

function fails(item, value) {
  if (!value || value === "not_applicable") return false;
  const { failing, low, high } = item.dataset;
  if (failing) return JSON.parse(failing).includes(value);
  return (low && Number(value) < Number(low)) || (high && Number(value) > Number(high)) || false;
}

/* Which items are asked: a condition names an earlier item, which must itself be asked. */
function asked() {
  const found = new Set();
  for (const item of items) {
    const { condition } = item.dataset;
    const { item: on, values } = condition ? JSON.parse(condition) : {};
    if (!condition || (found.has(on) && values.includes(given(byKey.get(on))))) found.add(item.dataset.item);
  }
  return items.filter((item) => found.has(item.dataset.item));
}

function save(item) {
  queue.answer(item.dataset.item, given(item), note(item));
  show();
}

for (const item of items) {
  item.addEventListener("change", ({ target }) => {
    if (target.type === "file") return;
    clearTimeout(item.typed);
    const other = all("[data-answer]", item).filter((field) => field !== target);
    if (target.matches("[data-typed]") && target.value) for (const field of other) field.checked = false;
    if (target.value === "not_applicable") for (const field of other) if (field.matches("[data-typed]")) field.value = "";
    save(item);
    if (target.type === "radio") setTimeout(() => advance(item), ADVANCE_MS);
  });
  item.addEventListener("input", ({ target }) => {
    if (!target.matches("textarea, [data-typed]")) return;
    clearTimeout(item.typed);
    item.typed = setTimeout(() => save(item), TYPED_MS);
  });
  const camera = one("input[type=file]", item);
  camera?.addEventListener("change", async () => {
    for (const file of camera.files) await queue.photo(item.dataset.item, "found", file);
    camera.value = "";
  });
}
form.addEventListener("submit", (event) => event.preventDefault());

/* ---------------------------------------------------------- one item at a time */
const isOne = () => form.classList.contains("one-by-one");
const places = () => [...asked(), one("[data-summary]")];

function go(to, focus = true) {
  const found = places();
  now = Math.min(Math.max(to, 0), found.length - 1);
  for (const each of [...items, one("[data-summary]")]) each.classList.toggle("now", each === found[now]);
  one("[data-previous]").disabled = now === 0;
  one("[data-next]").disabled = now === found.length - 1;
  if (focus && isOne()) (one("legend, h2", found[now]) ?? found[now]).focus({ preventScroll: true });
  if (isOne()) scrollTo({ top: 0 });
}

function advance(item) {
  if (!isOne() || places()[now] !== item || item.dataset.state === "failed") return;
  go(now + 1);
}

function mode(isOneByOne) {
  form.classList.toggle("one-by-one", isOneByOne);
  for (const button of all("[data-mode]")) button.setAttribute("aria-pressed", String((button.dataset.mode === "one") === isOneByOne));
  try { localStorage.setItem(MODE, isOneByOne ? "one" : "list"); } catch { /* asked again next time */ }
  go(now, false);
}

for (const button of all("[data-mode]")) button.addEventListener("click", () => mode(button.dataset.mode === "one"));
one("[data-previous]").addEventListener("click", () => go(now - 1));
one("[data-next]").addEventListener("click", () => go(now + 1));
form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-to]");
  if (!link) return;
  event.preventDefault();
  const target = byKey.get(link.dataset.to);
  if (isOne()) go(places().indexOf(target));
  else { target.scrollIntoView({ block: "start" }); one("legend", target).focus({ preventScroll: true }); }
});

/* -------------------------------------------------------------- what is shown */
function show() {
  const shown = asked();
  for (const item of items) {
    const value = given(item);
    item.hidden = !shown.includes(item);
    item.dataset.state = !value ? "" : fails(item, value) ? "failed" : value === "not_applicable" ? "not_applicable" : "ok";
    const needs = item.dataset.state === "failed" && "photoWhenFailed" in item.dataset && !photosOf(item);
    one("[data-needs-photo]", item).hidden = !needs;
  }
  for (const section of all(".walk-section")) section.hidden = all("[data-item]", section).every((item) => item.hidden);
  const failed = shown.filter((item) => item.dataset.state === "failed");
  const open = shown.filter((item) => "required" in item.dataset && !item.dataset.state);
  const pictures = failed.filter((item) => !one("[data-needs-photo]", item).hidden);
  one("[data-progress]").textContent = text("progress").replace("{done}", shown.filter((item) => item.dataset.state).length).replace("{all}", shown.length).replace("{failed}", failed.length);
  const bar = one("progress");
  [bar.max, bar.value] = [shown.length, shown.filter((item) => item.dataset.state).length];
  list("failed", failed);
  list("unanswered", open);
  list("without-photo", pictures);
  one("[data-to-failed]").hidden = !failed.length;
  one("[data-to-end]").hidden = Boolean(failed.length);
  one("[data-all-answered]").hidden = Boolean(open.length || pictures.length);
  go(now, false);
}

function list(name, found) {
  const part = one(`[data-list="${name}"]`);
  part.hidden = !found.length;
  one("ul", part).replaceChildren(...found.map((item) => {
    const link = Object.assign(document.createElement("a"), { href: `#${item.id}`, textContent: one("legend", item).innerText.trim() });
    link.dataset.to = item.dataset.item;
    const line = document.createElement("li");
    line.append(link);
    return line;
  }));
}

function fill(item, value, remark) {
  for (const field of all("[data-answer]", item)) {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value === "not_applicable" ? "" : value;
  }
  if (one("[data-note]", item)) one("[data-note]", item).value = remark;
}

/* ------------------------------------------------------------------ the queue */
function changed({ saved, answer, line, rows, isLasting }) {
  if (saved) {
    if (saved.kind === "photo") addPhoto(byKey.get(saved.item), answer.photo);
    return;
  }
  const waiting = rows.filter((row) => !row.other && !row.refused);
  const status = one("[data-line]");
  const held = rows.length - waiting.length;
  const open = held ? text("open").replace("{n}", held) : text("sent");
  const kept = waiting.length ? text(isLasting ? "kept" : "onPage").replace("{n}", waiting.length) : open;
  const why = { off: text("off"), out: text("out") }[line];
  const words = why && waiting.length ? `${why} ${kept}` : kept;
  if (status.textContent !== words) status.textContent = words;
  status.dataset.line = rows.length ? "waiting" : "sent";
  one("[data-go-on]").hidden = Boolean(rows.length);
  one("[data-wait]").hidden = !rows.length;
  for (const item of items) {
    const own = rows.filter((row) => row.item === item.dataset.item);
    tell(item, own);
  }
}

function tell(item, rows) {
  const state = one("[data-saved]", item);
  const photos = rows.filter((row) => row.kind === "photo" && !row.refused).length;
  const waits = rows.some((row) => row.kind === "answer" && !row.other && !row.refused) || photos;
  const words = waits ? text("keptOne") + (photos ? ` ${text("keptPhotos").replace("{n}", photos)}` : "") : rows.length || !(item.dataset.state || Number(item.dataset.revision)) ? "" : text("sentOne");
  if (state.textContent !== words) state.textContent = words;
  state.dataset.kept = waits ? "kept" : "sent";
  conflict(item, rows.find((row) => row.other));
  refusals(item, rows.filter((row) => row.refused !== undefined && !row.other));
}

function conflict(item, row) {
  const box = one("[data-conflict]", item);
  box.hidden = !row;
  if (!row) return;
  one("[data-theirs]", box).textContent = row.other.text;
  one("[data-by]", box).textContent = row.other.by;
  one("[data-keep-theirs]", box).onclick = async () => { fill(item, row.other.value, row.other.note); await queue.keepTheirs(row); show(); };
  one("[data-use-mine]", box).onclick = () => queue.useMine(row);
}

function refusals(item, rows) {
  const box = one("[data-refused]", item);
  box.replaceChildren(...rows.map((row) => {
    const line = Object.assign(document.createElement("p"), { textContent: `${row.kind === "photo" ? text("photoRefused") : text("answerRefused")} ${row.refused} ` });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: text("discard") });
    button.onclick = () => queue.discard(row);
    line.append(button);
    return line;
  }));
}

function addPhoto(item, photo) {
  const list = one("[data-photos]", item);
  if (!one(`[data-photo="${photo.id}"]`, list)) {
    const figure = document.createElement("figure");
    figure.dataset.photo = photo.id;
    const image = Object.assign(document.createElement("img"), { src: photo.small, alt: photo.alt });
    const link = Object.assign(document.createElement("a"), { href: photo.remove, textContent: text("removePhoto") });
    figure.append(image, link);
    list.append(figure);
  }
  show();
}

/* ---------------------------------------------------------------------- begin */
async function begin() {
  await queue.start(new Map(items.map((item) => [item.dataset.item, Number(item.dataset.revision)])));
}

async function overlay() {
  const kept = await globalThis.bihuanKept.open();
  const rows = (await kept.all()).filter((row) => row.inspection === form.dataset.inspection && row.who === document.body.dataset.who && row.kind === "answer");
  for (const row of rows) if (byKey.has(row.item)) fill(byKey.get(row.item), row.value, row.note);
}

let chosen = null;
try { chosen = localStorage.getItem(MODE); } catch { /* one by one */ }
form.classList.add("enhanced");
await overlay();
mode(chosen !== "list" && !location.hash);
show();
const first = places().findIndex((item) => "required" in item.dataset && !item.dataset.state);
go(first < 0 ? places().length - 1 : first, false);
if (byKey.has(location.hash.slice(6))) go(places().indexOf(byKey.get(location.hash.slice(6))), false);
await begin();
