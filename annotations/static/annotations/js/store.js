// What must outlive the page: in localStorage at once, and on disk as soon as may be (ADR 11).
const LAST = "aigap:last";
const changedAt = () => { try { return Number(localStorage.getItem(LAST)); } catch { return 0; } };
const began = Date.now();
let last; // changed before this page did
let loaded;
const disk = () => loaded ??= import("./durable.js").catch(() => { loaded = null; });

// Throws where it is full.
export function keep(name, value) {
  localStorage.setItem(name, value);
  changed(name, value);
}

export function read(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

export function forget(name) {
  localStorage.removeItem(name);
  changed(name, null);
}

function changed(name, value) {
  last ??= changedAt();
  const at = Math.max(Date.now(), changedAt() + 1);
  localStorage.setItem(LAST, at);
  disk().then((durable) => durable?.write(name, value, at)).catch(() => {});
}

// Whether a crash had taken anything.
export const recovered = async () => (await disk())?.recover(last ??= changedAt(), began).catch(() => false);
