/* The photos of a page open in a viewer: larger, turned, the next one by key or swipe, and before and
   after the fix one over the other. Without this script each photo is a link to its file. */

const STEPS = [1, 1.5, 2, 3, 4];
const dialog = document.getElementById("photo-viewer");
const part = (name) => dialog.querySelector(`[data-${name}]`);
let photos = [];
let at = 0;
let zoom = 0;
let turn = 0;
let shift = { x: 0, y: 0 };

// The page's own photos are hidden while the open form shows them.
const isShown = (each) => each.getClientRects().length > 0;
const linksIn = (root) => [...root.querySelectorAll(".photos a:has(> img), [data-photos] a:has(> img)")].filter(isShown);

function show(to) {
  at = (to + photos.length) % photos.length;
  zoom = turn = 0;
  shift = { x: 0, y: 0 };
  const image = photos[at].querySelector("img");
  part("photo").src = photos[at].href;
  part("photo").alt = image.alt;
  part("caption").textContent = photos[at].closest("figure")?.querySelector("figcaption")?.innerText.trim() ?? image.alt;
  part("place").textContent = `${at + 1} / ${photos.length}`;
  compare(false);
  draw();
}

function draw() {
  part("photo").style.transform = `translate(${shift.x}px, ${shift.y}px) scale(${STEPS[zoom]}) rotate(${turn * 90}deg)`;
  part("zoom-in").disabled = zoom === STEPS.length - 1;
  part("zoom-out").disabled = zoom === 0;
  offerToKeep();
}

/* What was turned can be kept, by officers who may add photos to the case. */
function offerToKeep() {
  const form = part("keep-turn");
  const link = photos[at].closest("figure")?.querySelector("[data-turns]");
  form.hidden = !link || !turn;
  if (!link) return;
  form.action = link.href;
  form.elements.turns.value = (Number(link.dataset.turns) + turn) % 4;
}

function enlarge(by) {
  zoom = Math.min(Math.max(zoom + by, 0), STEPS.length - 1);
  if (!zoom) shift = { x: 0, y: 0 };
  draw();
}

/* Before and after: the first photo of each, unless the shown one is of that side. */
function pair() {
  const sides = [...document.querySelectorAll(".photos > div")].filter(isShown);
  if (sides.length !== 2) return null;
  const [before, after] = sides.map((side) => {
    const links = linksIn(document).filter((link) => side.contains(link));
    return links.includes(photos[at]) ? photos[at] : links[0];
  });
  return before && after ? [before.href, after.href] : null;
}

function compare(on) {
  const both = pair();
  part("compare").hidden = !both;
  part("compare").setAttribute("aria-pressed", String(on));
  part("both").hidden = !on;
  part("photo").hidden = on;
  if (!on || !both) return;
  [part("before").src, part("after").src] = both;
  slide();
}

function slide() {
  part("after").style.clipPath = `inset(0 0 0 ${part("slider").value}%)`;
}

function open(link) {
  photos = linksIn(document);
  show(photos.indexOf(link));
  dialog.showModal();
}

const ACTS = {
  previous: () => show(at - 1),
  next: () => show(at + 1),
  "zoom-in": () => enlarge(1),
  "zoom-out": () => enlarge(-1),
  turn: () => { turn = (turn + 1) % 4; draw(); },
  compare: () => compare(part("both").hidden),
  close: () => dialog.close(),
};
const KEYS = { ArrowLeft: "previous", ArrowRight: "next", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", r: "turn", c: "compare" };

if (dialog) {
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (!link || dialog.contains(link) || !linksIn(document).includes(link)) return;
    event.preventDefault();
    open(link);
  });
  for (const [name, act] of Object.entries(ACTS)) part(name).addEventListener("click", act);
  part("slider").addEventListener("input", slide);
  dialog.addEventListener("keydown", (event) => {
    if (event.target === part("slider") || !(event.key in KEYS)) return;
    event.preventDefault();
    event.stopPropagation();
    ACTS[KEYS[event.key]]();
  });
  drag(part("stage"));
}

/* A finger or the mouse moves a photo that is larger than the window; otherwise a swipe turns the page. */
function drag(stage) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.target === part("slider")) return;
    from = { x: event.clientX, y: event.clientY, shift: { ...shift } };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from || !zoom) return;
    shift = { x: from.shift.x + event.clientX - from.x, y: from.shift.y + event.clientY - from.y };
    draw();
  });
  stage.addEventListener("pointerup", (event) => {
    const moved = from ? event.clientX - from.x : 0;
    from = null;
    if (!zoom && part("both").hidden && Math.abs(moved) > 60) show(at + (moved < 0 ? 1 : -1));
  });
  stage.addEventListener("dblclick", () => enlarge(zoom ? -zoom : 2));
}
