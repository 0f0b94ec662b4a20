/* Widths of the columns of the ledger, chosen by dragging or with the arrow keys, kept in this browser.
   Without this script the table sizes its columns itself. */

const KEY = "bihuan-widths";
const LEAST = 56, STEP = 16;
const table = document.querySelector("table[data-widths]");
const reset = document.querySelector("[data-reset-widths]");
const heads = table ? [...table.querySelectorAll("th[data-column]")] : [];

function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

function keep(widths) {
  try {
    if (Object.keys(widths).length) localStorage.setItem(KEY, JSON.stringify(widths));
    else localStorage.removeItem(KEY);
  } catch { /* forbidden: the widths last until the page is left */ }
}

function show(widths) {
  const chosen = heads.some((head) => widths[head.dataset.column] > 0);
  table.classList.toggle("widths", chosen);
  heads.forEach((head) => {
    const width = widths[head.dataset.column];
    head.style.width = width > 0 ? `${width}px` : "";
    const handle = head.querySelector(".width-handle");
    if (handle) handle.setAttribute("aria-valuenow", Math.round(head.offsetWidth));
  });
  if (reset) reset.hidden = !chosen;
}

function set(head, width) {
  const widths = { ...read(), [head.dataset.column]: Math.max(LEAST, Math.round(width)) };
  keep(widths);
  show(widths);
}

function drag(head, handle, start) {
  const from = head.offsetWidth - start.clientX;
  const move = (event) => set(head, from + event.clientX);
  handle.setPointerCapture(start.pointerId);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
}

function addHandle(head) {
  const handle = document.createElement("span");
  handle.className = "width-handle";
  handle.tabIndex = 0;
  handle.setAttribute("role", "separator");
  handle.setAttribute("aria-orientation", "vertical");
  handle.setAttribute("aria-valuemin", LEAST);
  handle.setAttribute("aria-label", `${table.dataset.widths}: ${head.textContent.trim()}`);
  handle.addEventListener("pointerdown", (event) => { event.preventDefault(); drag(head, handle, event); });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(head, head.offsetWidth + step);
  });
  head.append(handle);
}

if (table && matchMedia("(min-width: 701px)").matches) {
  heads.forEach(addHandle);
  show(read());
  reset?.addEventListener("click", () => { keep({}); show({}); });
}
