// What is not saved yet: an entry of localStorage each, so that no tab writes over another's (ADR 11).
import { forget, keep as store, read } from "./store.js";

const PREFIX = `aigap:unsaved:${document.body.dataset.who}:${location.pathname}#`;
export const uuid = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
const tab = uuid();
const unkept = new Set();
let items = [];
let count = 0;

export const all = () => items;
// Where the browser's storage is full or switched off, they live in this page alone.
export const areKept = () => !unkept.size;

function keep(item) {
  try {
    store(PREFIX + item.id, JSON.stringify({ ...item, tab, title: document.title }));
    unkept.delete(item);
  } catch {
    unkept.add(item);
  }
}

// A new one, or one that has changed.
export function put(item) {
  item.id ??= uuid();
  item.order ??= Date.now() + count++ / 1000;
  if (!items.includes(item)) items.push(item);
  keep(item);
}

export function drop(...gone) {
  items = items.filter((item) => !gone.includes(item));
  for (const item of gone) {
    unkept.delete(item);
    try { forget(PREFIX + item.id); } catch { /* it was never there */ }
  }
}

function stored() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    return names.map(read).filter((item) => item?.fields && item.tab !== tab);
  } catch {
    return []; // no storage
  }
}

function take(owner) {
  const left = stored().filter((item) => item.tab === owner).sort((a, b) => a.order - b.order);
  for (const item of left) put(Object.assign(item, { asked: false }));
  return left.length;
}

const name = (owner) => `aigap:tab:${owner}`;
// Web Locks want https or localhost. A lock is free as soon as its tab is gone, however it went.
const alive = navigator.locks ? null : import("./leases.js");
navigator.locks?.request(name(tab), () => new Promise(() => {}));
alive?.then((leases) => leases.hold(name(tab)));

function whenGone(owner, act) {
  if (alive) alive.then((leases) => leases.whenGone(name(owner), act));
  else navigator.locks.request(name(owner), act);
}

// What a tab of this article left behind when it was closed, reloaded or crashed is ours to send.
export function adopt(told) {
  const asked = new Set([tab]);
  const look = () => {
    for (const { tab: owner } of stored()) {
      if (asked.has(owner)) continue;
      asked.add(owner);
      whenGone(owner, () => { if (take(owner)) told(); });
    }
  };
  addEventListener("storage", ({ key }) => key?.startsWith(PREFIX) && look());
  look();
}
