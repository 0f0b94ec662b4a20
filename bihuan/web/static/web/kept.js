/* What a page keeps on this device until it is sent: answers and photos while the line is down.
   It is wiped when the officer signs out, and when another one signs in. Scripts that come later on
   a page find it as `bihuanKept`: modules with hashed names cannot import one another. */
const NAME = "bihuan-kept", OWNER = "bihuan-kept-owner", COUNT = "bihuan-kept-count";
const who = document.body.dataset.who ?? "";
const small = (() => { try { return window.localStorage; } catch { return null; } })();
let opened;

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: "id", autoIncrement: true });
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      done(request.result);
    };
  });
  return opened;
}

const rows = async (mode) => (await database()).transaction("unsent", mode).objectStore("unsent");

async function counted() {
  small?.setItem(COUNT, String(await asked((await rows("readonly")).count())));
}

/* The unsent rows of this officer; where the browser keeps nothing, they last as long as the page. A
   page that was open before its officer signed out, or another one signed in, is loaded again. */
async function open() {
  try {
    await database();
    small?.setItem(OWNER, who);
  } catch {
    return inMemory();
  }
  const mayKeep = () => !small || small.getItem(OWNER) === who;
  return {
    isLasting: true,
    all: async () => asked((await rows("readonly")).getAll()),
    put: async (row) => { if (!mayKeep()) { location.reload(); return undefined; } const id = await asked((await rows("readwrite")).put(row)); await counted(); return id; },
    drop: async (id) => { await asked((await rows("readwrite")).delete(id)); await counted(); },
  };
}

function inMemory() {
  const held = new Map();
  let last = 0;
  return {
    isLasting: false,
    all: async () => [...held.values()],
    put: async (row) => { row.id ??= ++last; held.set(row.id, row); return row.id; },
    drop: async (id) => { held.delete(id); },
  };
}

function wipe() {
  opened?.then((base) => base.close(), () => {});
  opened = undefined;
  small?.removeItem(OWNER);
  small?.removeItem(COUNT);
  try { indexedDB.deleteDatabase(NAME); } catch { /* it keeps nothing */ }
}

globalThis.bihuanKept = { open, wipe };
if (who && small?.getItem(OWNER) && small.getItem(OWNER) !== who) wipe();
for (const form of document.querySelectorAll("form[data-ends-session]")) {
  form.addEventListener("submit", (event) => {
    const unsent = Number(small?.getItem(COUNT) ?? 0);
    if (unsent && !window.confirm(document.body.dataset.unsent.replace("0", unsent))) { event.preventDefault(); return; }
    wipe();
  });
}
