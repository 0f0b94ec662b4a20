/* Maps that move, and the choice of a point or an outline on one.

   The server draws each map (`data-chart`): without this script it is a picture, and coordinates are
   typed. A map is moved by dragging, by two fingers, by its buttons and by the arrow keys. Under a
   field (`data-picker`) a click sets the point or the next corner; the keyboard moves a crosshair. */

const STEP = 1.5;
const CLOSEST = 1 / 64;
const DIGITS = 6;
const NAMES = "http://www.w3.org/2000/svg";

const drawn = (name, attributes) => {
  const element = document.createElementNS(NAMES, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

class Chart {
  constructor(svg) {
    this.svg = svg;
    this.ground = Object.fromEntries(["west", "north", "across", "down"].map((name) => [name, Number(svg.dataset[name])]));
    const { width, height } = svg.viewBox.baseVal;
    this.whole = { x: 0, y: 0, width, height };
    this.view = { ...this.whole };
    this.fingers = new Map();
    this.moved = () => {};
    this.tapped = () => {};
    this.grip = () => null;
    this.listen();
    new ResizeObserver(() => this.show()).observe(svg);
    this.show();
  }

  /* Degrees at a place of the drawing, and back. */
  toGround({ x, y }) { return { latitude: this.ground.north - y * this.ground.down, longitude: this.ground.west + x * this.ground.across }; }
  toDrawing({ latitude, longitude }) { return { x: (longitude - this.ground.west) / this.ground.across, y: (this.ground.north - latitude) / this.ground.down }; }
  at(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return { x, y };
  }
  get middle() { return { x: this.view.x + this.view.width / 2, y: this.view.y + this.view.height / 2 }; }
  get unit() { return this.view.width / (this.svg.clientWidth || this.whole.width); }

  show() {
    const { x, y, width, height } = this.view;
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    for (const mark of this.svg.querySelectorAll("[data-mark]")) this.place(mark);
    this.scale();
  }
  /* A mark keeps its size on the screen. */
  place(mark, { x, y } = { x: mark.dataset.x, y: mark.dataset.y }) {
    Object.assign(mark.dataset, { x, y });
    mark.setAttribute("transform", `translate(${x} ${y}) scale(${this.unit})`);
  }
  scale() {
    const bar = this.svg.querySelector("[data-scale]");
    if (!bar) return;
    const metre = this.ground.down * 111195;
    const wanted = this.view.width * metre / 4;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const metres = [5, 2, 1].find((n) => n * power <= wanted) * power;
    const left = this.view.x + 14 * this.unit;
    const bottom = this.view.y + this.view.height - 14 * this.unit;
    bar.querySelector("path").setAttribute("d", `M${left} ${bottom - 6 * this.unit}V${bottom}H${left + metres / metre}V${bottom - 6 * this.unit}`);
    const text = bar.querySelector("text");
    text.textContent = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
    this.place(text, { x: left, y: bottom - 10 * this.unit });
  }

  zoom(factor, { x, y } = this.middle) {
    const width = Math.min(Math.max(this.view.width / factor, this.whole.width * CLOSEST), this.whole.width * 2);
    const by = width / this.view.width;
    this.view = { x: x - (x - this.view.x) * by, y: y - (y - this.view.y) * by, width, height: this.view.height * by };
    this.show();
    this.moved();
  }
  pan(right, down) {
    this.view.x += right;
    this.view.y += down;
    this.show();
    this.moved();
  }
  back() {
    this.view = { ...this.whole };
    this.show();
    this.moved();
  }

  listen() {
    const { svg } = this;
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, (event) => this.up(event));
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== svg) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, this.at(event));
    }, { passive: false });
    svg.addEventListener("keydown", (event) => this.key(event));
    for (const button of svg.parentElement.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => ({ in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), all: () => this.back() })[button.dataset.zoom]());
    }
  }
  down(event) {
    if (event.button) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.held = this.fingers.size === 1 ? this.grip(event.target) : null;
    this.still = this.fingers.size === 1;
    this.start = { x: event.clientX, y: event.clientY };
  }
  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const far = Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y);
    if (this.still && far < 6) return;
    if (this.still) this.svg.setPointerCapture(event.pointerId);
    this.still = false;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.held) this.held(this.at(event));
    else if (this.fingers.size === 2) this.pinch(event, before);
    else this.pan((before.x - event.clientX) * this.unit, (before.y - event.clientY) * this.unit);
  }
  pinch(event, before) {
    const [other] = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const apart = (at) => Math.hypot(at.x - other.x, at.y - other.y) || 1;
    this.zoom(apart({ x: event.clientX, y: event.clientY }) / apart(before), this.at({ clientX: other.x, clientY: other.y }));
  }
  up(event) {
    const was = this.fingers.delete(event.pointerId);
    if (was && this.still && event.type === "pointerup" && !this.held) this.tapped(this.at(event));
    // A link under the finger is not followed after the map was dragged.
    if (was && !this.still) this.svg.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    if (!this.still) setTimeout(() => { this.still = true; });
  }
  key(event) {
    if (event.target !== this.svg || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = this.view.width / (event.shiftKey ? 40 : 10);
    const keys = {
      "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), 0: () => this.back(),
      ArrowLeft: () => this.pan(-step, 0), ArrowRight: () => this.pan(step, 0), ArrowUp: () => this.pan(0, -step), ArrowDown: () => this.pan(0, step),
      ...this.keys,
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }
}

/* ------------------------------------------------------------------ the map of a page */
function viewer(svg) {
  const chart = new Chart(svg);
  const link = svg.parentElement.querySelector("[data-here]");
  if (!link) return;
  chart.moved = () => {
    const { x, y, width, height } = chart.view;
    const [upper, lower] = [chart.toGround({ x, y }), chart.toGround({ x: x + width, y: y + height })];
    const url = new URL(link.href);
    url.searchParams.delete("unit");
    url.searchParams.delete("page");
    url.searchParams.set("at", [upper.longitude, lower.latitude, lower.longitude, upper.latitude].map((n) => n.toFixed(5)).join(","));
    link.href = url;
    link.hidden = false;
  };
}

/* ------------------------------------------------------------------------- the picker */
class Picker {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.boxes = [...box.querySelectorAll("input, textarea")];
    this.isArea = "area" in box.dataset;
    this.room = box.querySelector("[data-room]");
    this.said = box.querySelector("[data-said]");
    this.unit = this.form?.querySelector(`select[name="${box.dataset.unit}"]`);
    this.unit?.addEventListener("change", () => this.fetch());
    for (const name of ["input", "change"]) box.addEventListener(name, (event) => { if (!event.ours) this.draw(); });
    this.form?.addEventListener("filled", () => { this.draw(); this.fetch(); });
    this.on("[data-locate]", () => this.locate());
    this.on("[data-undo]", () => this.set(this.read().slice(0, -1)));
    this.on("[data-clear]", () => this.set([]));
    this.fetch();
  }
  on(name, act) { this.box.querySelector(name)?.addEventListener("click", act); }

  /* What the boxes say, as places on the ground; what cannot be read is left to the server. */
  read() {
    const text = this.isArea ? this.boxes[0].value.split(/\n\s*\n/)[0] : this.boxes.map((each) => each.value).join(" ");
    const numbers = (text.match(/[+-]?\d+(\.\d+)?/g) ?? []).map(Number);
    const found = [];
    for (let n = 0; n + 1 < numbers.length; n += 2) found.push({ latitude: numbers[n], longitude: numbers[n + 1] });
    return found.filter(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180);
  }
  set(places) {
    const typed = places.map(({ latitude, longitude }) => [latitude, longitude].map((n) => String(Number(n.toFixed(DIGITS)))));
    if (this.isArea) {
      const [, ...left] = this.boxes[0].value.split(/\n\s*\n/);
      this.boxes[0].value = [typed.map((pair) => pair.join(", ")).join("\n"), ...left].join("\n\n").trim();
    } else this.boxes.forEach((each, n) => { each.value = typed[0]?.[n] ?? ""; });
    const event = new Event("input", { bubbles: true });
    event.ours = true;
    this.boxes.forEach((each) => each.dispatchEvent(event));
    this.draw();
    this.tell(typed.length ? (this.isArea ? this.box.dataset.corners.replace("0", typed.length) : typed[0].join(", ")) : this.box.dataset.none);
  }
  tell(text) { this.said.textContent = text; }

  async fetch() {
    const [first] = this.read();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.room.setAttribute("aria-busy", "true");
    const query = new URLSearchParams({ unit: this.unit?.value ?? this.box.dataset.unitPk, at: first ? `${first.latitude},${first.longitude}` : "" });
    const answer = await fetch(`${this.box.dataset.outline}?${query}`, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    const text = answer?.ok && !answer.redirected ? await answer.text().catch(() => "") : "";
    if (turn !== this.turn) return; // a later one has been asked for, whichever comes first
    this.room.removeAttribute("aria-busy");
    this.chart = null;
    this.room.replaceChildren();
    const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-chart]");
    if (!found) return;
    this.room.replaceChildren(...found.closest("[data-map]").children);
    this.chart = new Chart(this.room.querySelector("[data-chart]"));
    this.chart.tapped = (at) => this.put(at);
    this.chart.grip = (target) => this.grip(target);
    this.chart.keys = this.keys();
    this.draw();
  }
  put(at) {
    const here = this.chart.toGround(at);
    this.set(this.isArea ? [...this.read(), here] : [here]);
  }
  grip(target) {
    const handle = target.closest("[data-handle]");
    if (!handle) return null;
    const n = Number(handle.dataset.handle);
    return (at) => this.set(this.read().map((each, k) => (k === n ? this.chart.toGround(at) : each)));
  }
  keys() {
    const move = (right, down) => () => {
      const chart = this.chart;
      const step = chart.view.width / 60;
      const { x, y } = this.cross ?? chart.middle;
      this.cross = { x: x + right * step, y: y + down * step };
      this.draw();
      const { latitude, longitude } = chart.toGround(this.cross);
      this.tell(`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
    };
    return {
      ArrowLeft: move(-1, 0), ArrowRight: move(1, 0), ArrowUp: move(0, -1), ArrowDown: move(0, 1),
      Enter: () => this.put(this.cross ?? this.chart.middle), " ": () => this.put(this.cross ?? this.chart.middle),
      Backspace: () => this.set(this.read().slice(0, -1)), Delete: () => this.set([]),
    };
  }

  draw() {
    if (!this.chart) return;
    const layer = this.room.querySelector("[data-chosen]");
    const dots = this.read().map((each) => this.chart.toDrawing(each));
    layer.replaceChildren();
    if (this.isArea && dots.length > 1) layer.append(drawn("path", { class: "map-outline", d: `M${dots.map(({ x, y }) => `${x} ${y}`).join("L")}${dots.length > 2 ? "Z" : ""}` }));
    (this.isArea ? dots : dots.slice(0, 1)).forEach((dot, n) => {
      const handle = drawn("g", { class: "map-handle", "data-handle": n, "data-mark": "" });
      handle.append(drawn("circle", { r: 18, class: "map-grip" }), drawn("circle", { r: this.isArea ? 6 : 8 }));
      layer.append(handle);
      this.chart.place(handle, dot);
    });
    if (this.cross) {
      const cross = drawn("g", { class: "map-cross", "data-mark": "" });
      cross.append(drawn("path", { d: "M-12 0H12M0-12V12" }));
      layer.append(cross);
      this.chart.place(cross, this.cross);
    }
  }

  locate() {
    const failed = () => this.tell(this.box.dataset.failed);
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { this.set(this.isArea ? [...this.read(), coords] : [coords]); this.fetch(); },
      failed,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
    return undefined;
  }
}

function start() {
  for (const svg of document.querySelectorAll("[data-map] > [data-chart]:not([data-live])")) {
    svg.dataset.live = "";
    if (!svg.closest("[data-picker]")) viewer(svg);
  }
  for (const box of document.querySelectorAll("[data-picker]:not([data-live])")) {
    box.dataset.live = "";
    new Picker(box);
  }
}

start();
document.addEventListener("htmx:load", start);
