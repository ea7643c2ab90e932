// Writes, one after the other (ADR 9).
import { article, toRange } from "./offsets.js";
import { apply, bases, byId, headers, place, say, signedOut } from "./swap.js";

const STORE = `aigap:unsaved:${location.pathname}:${article().dataset.who}`;
const PATIENCE = 20000;
let queue = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
let busy = false;
let leaving = false;
let pause = 2000;
for (const item of queue) delete item.asked;

const uuid = () => crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");

const next = () => queue.find((item) => !item.refused && !item.asked);
const about = ({ path, range }) => path + (range && place(range));

export function save(path, fields, { range = null, tone = "" } = {}) {
  queue.push({ path, fields: { ...fields, key: uuid() }, range, tone });
  keep();
  run();
}

function keep() {
  if (queue.length) sessionStorage.setItem(STORE, JSON.stringify(queue));
  else sessionStorage.removeItem(STORE);
  wait();
}

// The verdict's colour at once.
function wait() {
  for (const tone of "vdnmx") {
    const ranges = queue.filter((item) => item.tone === tone).map((item) => toRange(item.range));
    CSS.highlights?.set(`saving-${tone}`, new Highlight(...ranges));
  }
  article().setAttribute("aria-busy", String(!!next()));
}

// Settled at the first sending: the same key wants the same body.
function body(item) {
  item.fields.base ??= (item.range && bases.get(place(item.range))) ?? "none";
  keep();
  return new URLSearchParams(item.fields);
}

async function run() {
  if (busy || !queue.length) return;
  busy = true;
  try {
    while (next()) await send(next());
    pause = 2000;
    remind();
    document.dispatchEvent(new CustomEvent("settled"));
  } catch (trouble) {
    tellKept(trouble.words ?? "no connection.", trouble.action);
    setTimeout(run, pause);
    pause = Math.min(pause * 2, 30000);
  } finally {
    busy = false;
  }
}

// What was refused stays in sight until it is decided.
function remind() {
  document.querySelector("#trouble .kept")?.remove();
  if (queue.some((item) => item.refused)) tellKept("it has changed elsewhere.");
}

function tellKept(why, ...actions) {
  tell(`Not saved: ${why} ${queue.length === 1 ? "Your change is" : `Your ${queue.length} changes are`} kept here.`, ...actions.filter(Boolean), ["Retry", retry]);
}

// A verdict builds on what the page has shown since.
function retry() {
  for (const item of queue) {
    if (item.refused && item.tone) delete item.fields.base;
    delete item.refused;
  }
  run();
}

export function forget(key) {
  queue = queue.filter(({ fields }) => fields.key !== key);
  keep();
  remind();
}

const leave = (address) => () => { leaving = true; location.assign(address); };
const isFragment = (html) => /^<(p class="block|section|div id="toast)/.test(html);

async function send(item) {
  const response = await fetch(item.path, { method: "POST", body: body(item), headers: headers(), signal: AbortSignal.timeout(PATIENCE) });
  const html = await response.text();
  if (signedOut(response)) throw { words: "you are signed out.", action: ["Sign in", leave(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`)] };
  if (response.status >= 500 || response.status === 429) throw { words: "the server did not answer." };
  // CSRF: signed in again in another window.
  if (response.status === 403 && !isFragment(html)) throw { words: "this page is out of date.", action: ["Reload", leave(location.href)] };
  const asks = response.status === 409 && html.startsWith('<section id="join"');
  if (asks) return wonder(html, item);
  queue = queue.filter((other) => other !== item && !(other.refused && about(other) === about(item)));
  if (response.status === 409 && html.startsWith("<sec")) {
    queue.push({ ...item, refused: true });
    byId("toast")?.remove();
  }
  keep();
  if (isFragment(html)) apply(html);
  else tell("Not saved: this is no longer there.", ["Close", () => byId("trouble").replaceChildren()]);
}

// "Join claim 12?": the item waits for the answer, the others go on (ADR 13).
async function wonder(html, item) {
  const { ask } = await import("./join.js").catch(() => { throw {}; });
  queue = queue.filter((other) => other === item || !(other.asked && about(other) === about(item)));
  item.asked = true;
  keep();
  ask(html, item, answered);
}

function answered(item, fields, range) {
  queue = queue.flatMap((other) => (other !== item ? [other] : fields ? [{ ...item, range, fields: { ...fields, key: uuid() } }] : []));
  for (const other of queue) delete other.asked;
  keep();
  run();
}

function tell(words, ...actions) {
  const toast = document.createElement("div");
  toast.className = `toast trouble${actions.at(-1)[1] === retry ? " kept" : ""}`;
  toast.append(words);
  for (const [label, act] of actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: label });
    button.addEventListener("click", act);
    toast.append(button);
  }
  byId("trouble").replaceChildren(toast);
  say(words);
}

addEventListener("online", run);
for (const drawn of ["swapped", "redrawn"]) document.addEventListener(drawn, wait);
addEventListener("beforeunload", (event) => { if (queue.length && !leaving) event.preventDefault(); });
wait();
run();
