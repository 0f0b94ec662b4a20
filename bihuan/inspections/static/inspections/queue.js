/* Sends what was answered, one after another, and keeps it until the server has it. A save has a key,
   so that it counts once however often it is sent, and the revision that the page showed, so that a
   change made elsewhere is never overwritten. */
const { open } = globalThis.bihuanKept;
const AGAIN_MS = 5000;
// Where the address is not https, a browser has no `randomUUID`.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

globalThis.BihuanQueue = class Queue {
  constructor({ inspection, who, urls, csrf, changed }) {
    Object.assign(this, { inspection, who, urls, csrf, changed });
    this.line = "on";
    this.revisions = new Map();
    this.isSending = false;
  }

  async start(revisions) {
    this.revisions = revisions;
    this.kept = await open();
    addEventListener("online", () => this.send());
    addEventListener("offline", () => this.tell("off"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.send(); });
    setInterval(() => this.send(), AGAIN_MS);
    await this.send();
  }

  async mine() {
    const rows = await this.kept.all();
    return rows.filter((row) => row.inspection === this.inspection && row.who === this.who).sort((one, other) => one.id - other.id);
  }

  async waiting() { return (await this.mine()).filter((row) => !row.refused && !row.other); }

  /* An answer replaces one of the same item that was not sent yet; it stays based on the same revision. */
  async answer(item, value, note) {
    const earlier = (await this.mine()).filter((row) => row.item === item && row.kind === "answer");
    const last = earlier.at(-1);
    const row = { inspection: this.inspection, who: this.who, kind: "answer", item, value, note, key: newKey() };
    if (last && last.id !== this.inFlight) {
      await this.kept.put({ ...row, id: last.id, base: last.other ? last.other.revision : last.base });
    } else {
      await this.kept.put({ ...row, base: last ? null : this.revisions.get(item) ?? 0 });
    }
    await this.tell();
    this.send();
  }

  async photo(item, purpose, file) {
    await this.kept.put({ inspection: this.inspection, who: this.who, kind: "photo", item, purpose, photo: file, name: file.name, key: newKey() });
    await this.tell();
    this.send();
  }

  async keepTheirs(row) {
    this.revisions.set(row.item, row.other.revision);
    await this.kept.drop(row.id);
    await this.tell();
  }

  async useMine(row) {
    await this.kept.put({ ...row, base: row.other.revision, other: undefined, key: newKey() });
    await this.tell();
    this.send();
  }

  async discard(row) { await this.kept.drop(row.id); await this.tell(); }

  async send() {
    if (this.isSending || !this.kept) return;
    this.isSending = true;
    try {
      for (let row = await this.next(); row; row = await this.next()) {
        if (!await this.sent(row)) break;
      }
    } finally {
      this.isSending = false;
      this.inFlight = undefined;
    }
    await this.tell();
  }

  async next() {
    const held = new Set((await this.mine()).filter((row) => row.other || row.refused).map((row) => `${row.kind} ${row.item}`));
    return (await this.waiting()).find((row) => row.kind === "photo" || !held.has(`answer ${row.item}`));
  }

  /* Whether the next one can be sent: not without a line, nor while nobody is signed in. */
  async sent(row) {
    this.inFlight = row.id;
    let response;
    try {
      response = await fetch(this.urls[row.kind], { method: "POST", body: this.body(row), headers: { "X-CSRFToken": this.csrf, Accept: "application/json" }, redirect: "manual" });
    } catch {
      await this.tell("off");
      return false;
    }
    if (response.type === "opaqueredirect" || response.status === 403) return this.signedOut();
    if (response.status >= 500 || response.status === 429) { await this.tell("off"); return false; }
    let answer;
    try { answer = await response.json(); } catch { await this.tell("off"); return false; }
    this.line = "on";
    await this.take(row, answer);
    return true;
  }

  body(row) {
    const body = new FormData();
    body.set("key", row.key);
    body.set("item", row.item);
    if (row.kind === "photo") {
      body.set("purpose", row.purpose);
      body.set("photo", row.photo, row.name || "photo.jpg");
    } else {
      body.set("value", row.value);
      body.set("note", row.note);
      body.set("based_on", row.base ?? this.revisions.get(row.item) ?? 0);
    }
    return body;
  }

  async take(row, answer) {
    if (answer.outcome === "saved") {
      if (answer.revision) this.revisions.set(row.item, answer.revision);
      await this.kept.drop(row.id);
      this.changed({ saved: row, answer });
    } else if (answer.outcome === "changed") {
      const later = (await this.mine()).filter((each) => each.kind === "answer" && each.item === row.item && each.id > row.id);
      const { value, note } = later.at(-1) ?? row;
      for (const each of later) await this.kept.drop(each.id);
      await this.kept.put({ ...row, value, note, other: answer.answer });
    } else {
      await this.kept.put({ ...row, refused: answer.message || "" });
    }
    await this.tell();
  }

  /* After a new sign-in in another tab, the page continues with its new token: of the same officer, as
     nobody answers in the name of another. */
  async signedOut() {
    try {
      const response = await fetch(this.urls.state, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (response.ok) {
        const { csrf, who } = await response.json();
        if (who === this.who && csrf && csrf !== this.csrf) { this.csrf = csrf; return true; }
      }
    } catch { /* no line */ }
    await this.tell("out");
    return false;
  }

  async tell(line) {
    if (line) this.line = line;
    this.changed({ line: this.line, rows: await this.mine(), isLasting: this.kept.isLasting });
  }
};
