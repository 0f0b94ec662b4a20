/* Keeps a code that is shown once: copied, as a picture, on paper. Nothing leaves the device. */
"use strict";
document.documentElement.classList.add("js");
for (const bar of document.querySelectorAll("[data-receipt]")) {
  const said = bar.querySelector("[role=status]");
  const say = (button) => { said.textContent = ""; setTimeout(() => { said.textContent = button.dataset.said; }, 50); };
  const copy = bar.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    const text = copy.dataset.copy;
    try { await navigator.clipboard.writeText(text); } catch {
      // Without https the browser has no clipboard for scripts.
      const area = document.createElement("textarea");
      area.value = text;
      copy.after(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      copy.focus();
      if (!done) return;
    }
    say(copy);
  });

  const picture = bar.querySelector("[data-picture]");
  picture.addEventListener("click", () => {
    const lines = [document.querySelector("h1"), ...document.querySelectorAll("[data-line]")]
      .map((line) => [[...(line.children.length ? line.children : [line])].map((part) => part.textContent.trim()).join("  "),
        line.matches("h1, .code, .words")]);
    const canvas = document.createElement("canvas");
    const width = 900, high = 64, edge = 48, pen = canvas.getContext("2d");
    const font = (strong) => `${strong ? "700 38px" : "28px"} system-ui, sans-serif`;
    const wrapped = lines.flatMap(([text, strong]) => {
      pen.font = font(strong);
      const rows = [""];
      for (const piece of text.split(/(?<=\s)|(?=[\u3000-\u9fff])/)) {
        const longer = rows.at(-1) + piece;
        if (pen.measureText(longer).width > width - 2 * edge && rows.at(-1)) rows.push(piece); else rows[rows.length - 1] = longer;
      }
      return rows.map((row) => [row, strong]);
    });
    Object.assign(canvas, { width, height: wrapped.length * high + 2 * edge });
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, canvas.height);
    pen.fillStyle = "#1a2125";
    wrapped.forEach(([row, strong], at) => {
      pen.font = font(strong);
      pen.fillText(row.trim(), edge, edge + at * high + 40);
    });
    canvas.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${bar.dataset.file}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      say(picture);
    });
  });
  bar.querySelector("[data-print]").addEventListener("click", () => window.print());
}
// What is folded is printed too.
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.proof")) part.open = true;
});
