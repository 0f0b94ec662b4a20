/* A signature is drawn on the screen, as lines of points from 0 to 1000 across and 0 to 400 down. */
const WIDTH = 1000, HEIGHT = 400, LEAST = 4;

for (const box of document.querySelectorAll("[data-signature]")) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let lines = field.value ? field.value.split(";").map((line) => line.split(" ").map((point) => point.split(",").map(Number))) : [];
  let line = null;
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];

  const draw = () => {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, { lineWidth: 6, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
    for (const points of lines) {
      pen.beginPath();
      points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
    box.classList.toggle("signed", lines.length > 0);
  };
  const keep = () => { field.value = lines.map((points) => points.map((point) => point.join(",")).join(" ")).join(";"); draw(); };
  const point = (event) => {
    const frame = canvas.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), 1) * most);
    return [within((event.clientX - frame.left) / frame.width, WIDTH), within((event.clientY - frame.top) / frame.height, HEIGHT)];
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    line = [point(event)];
    lines.push(line);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!line) return;
    const [x, y] = point(event), [lastX, lastY] = line.at(-1);
    if (Math.hypot(x - lastX, y - lastY) < LEAST) return;
    line.push([x, y]);
    draw();
  });
  const end = () => { if (line) { line = null; keep(); } };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  box.querySelector("[data-clear]").addEventListener("click", () => { lines = []; keep(); });
  draw();
}
