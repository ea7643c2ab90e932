// Writes, one after the other, until each is saved or refused (ADR 9, 11).
import { toRange, article } from "./offsets.js";
import { adopt, all, areKept, drop, put, uuid } from "./queue.js";
import { apply, bases, byId, headers, place, reload, say, signedOut, signIn, tell, wrote } from "./swap.js";

const PATIENCE = 20000;
const LONGEST = 30000;
const MOST = 4; // answers of 500 to one item
let busy = null; // until what is on its way is answered, or is not
let leaving = false;
let pause = 1000;
let timer;

const next = () => all().find((item) => !item.refused && !item.asked);
const about = ({ path, range }) => path + (range && place(range));
const others = (item, like) => all().filter((other) => other !== item && like(other) && about(other) === about(item));
export function save(path, fields, { range = null, tone = "" } = {}) {
  const item = { path, fields: { ...fields, key: uuid() }, range, tone };
  // What I saw is what I judge: only my own writes before it may change its base.
  if (!all().some((other) => !other.range || (range && place(other.range) === place(range)))) settle(item);
  put(item);
  document.dispatchEvent(new CustomEvent("queued", { detail: { path } }));
  wait();
  run();
}

// The verdict's colour at once.
function wait() {
  for (const tone of "vdnmx") {
    const ranges = all().filter((item) => item.tone === tone).map((item) => toRange(item.range));
    CSS.highlights?.set(`saving-${tone}`, new Highlight(...ranges));
  }
  article().ariaBusy = !!next();
  document.dispatchEvent(new CustomEvent("unsaved"));
}

const settle = ({ fields, range }) => { fields.base ??= (range && bases.get(place(range))) ?? "none"; };

// Settled by the first sending: the same key wants the same body.
function body(item) {
  settle(item);
  put(item);
  return new URLSearchParams(item.fields);
}

export const landed = () => busy;

function run() {
  clearTimeout(timer);
  if (!busy && next()) busy = fly();
}

async function fly() {
  try {
    while (next()) await send(next());
    pause = 1000;
    byId("trouble").replaceChildren();
    remind();
    document.dispatchEvent(new CustomEvent("settled"));
  } catch (trouble) {
    byId("toast")?.remove(); // what it offers to undo is not what was not saved
    tellKept(trouble.words ?? "no connection.", trouble.action);
    timer = setTimeout(run, trouble.after ?? pause);
    pause = Math.min(pause * 2, LONGEST);
  } finally {
    busy = null;
  }
}

// What was refused stays in sight until it is decided: in its card, or else here.
const inSight = ({ fields }) => document.querySelector("#card.conflict")?.dataset.key === fields.key;
const lost = () => all().findLast((item) => item.refused && !inSight(item));
function remind() {
  const last = lost();
  if (last) tellKept(last.refused, ["Discard", () => forget(last.fields.key)]);
}

function tellKept(why, action) {
  const { length } = all();
  const mine = length === 1 ? "Your change is" : `Your ${length} changes are`;
  const where = areKept() ? "kept here" : "kept here while this page is open: the browser's storage is full";
  tell(`Not saved: ${why} ${mine} ${where}.`, ...[action].filter(Boolean), ["Retry", retry]);
}

// What was refused as out of date is compared again.
function retry() {
  for (const item of all()) put(Object.assign(item, { refused: "", failed: 0 }));
  run();
}

export function forget(key) {
  drop(...all().filter(({ fields }) => fields.key === key));
  byId("trouble").replaceChildren();
  remind();
  wait();
}

const isFragment = (html) => /^<(p class="block|section|div id="toast)/.test(html);

// What keeps it from being answered at all; the others wait behind it.
function hold(response, html, item) {
  const { status } = response;
  const after = Math.min(Number(response.headers.get("Retry-After")) * 1000, 120000) || undefined;
  if (signedOut(response)) throw { words: "you are signed out.", action: signIn() };
  if (status === 429) throw { words: "that was more than the server takes at a time.", after };
  if (status === 500 && (item.failed = (item.failed ?? 0) + 1) >= MOST) return refuse(item, "the server fails on it.");
  if (status >= 500) throw { words: "the server did not answer.", after };
  // CSRF: signed in again in another window.
  if (status === 403 && !isFragment(html)) throw { words: "this page is out of date.", action: reload() };
}

async function send(item) {
  const response = await fetch(item.path, { method: "POST", body: body(item), headers: headers(), signal: AbortSignal.timeout(PATIENCE) });
  const html = await response.text();
  hold(response, html, item);
  if (item.refused || !all().includes(item)) return; // set aside, or decided meanwhile
  wrote();
  if (response.status === 409 && html.startsWith('<section id="join"')) return wonder(html, item);
  if (!isFragment(html)) return refuse(item, "this is no longer there.");
  const stale = response.status === 409 && html.startsWith("<sec");
  drop(...others(item, (other) => other.refused));
  if (stale) refuse(item, "it has changed elsewhere.");
  else drop(item);
  wait();
  apply(html, item.range);
  if (stale) {
    byId("toast")?.remove();
    say("Not saved: it has changed elsewhere.");
  }
  else if (!response.ok) document.dispatchEvent(new CustomEvent("refused", { detail: item }));
}

function refuse(item, words) {
  put(Object.assign(item, { refused: words }));
  wait();
}

// "Join claim 12?": the item waits for the answer, the others go on (ADR 13).
async function wonder(html, item) {
  const { ask } = await import("./join.js").catch(() => { throw {}; });
  drop(...others(item, (other) => other.asked));
  put(Object.assign(item, { asked: true }));
  wait();
  ask(html, item, answered);
}

function answered(item, fields, range) {
  drop(item);
  if (fields) put({ ...item, id: undefined, range, fields: { ...fields, key: uuid() } });
  for (const other of all()) other.asked = false;
  wait();
  run();
}

addEventListener("online", run);
for (const drawn of ["swapped", "redrawn"]) document.addEventListener(drawn, wait);
document.addEventListener("swapped", () => busy || byId("trouble").hasChildNodes() || remind());
document.addEventListener("leaving", () => { leaving = true; });
addEventListener("beforeunload", (event) => { if (!areKept() && !leaving) event.preventDefault(); });
adopt(() => { wait(); remind(); run(); });
