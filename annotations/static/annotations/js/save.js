// Writes, one after the other: each with a key of its own, so that sending it again is safe.
import { article, toRange } from "./offsets.js";
import { paint } from "./select.js";

const STORE = `aigap:unsaved:${location.pathname}:${article().dataset.who}`;
const PATIENCE = 20000;
const bases = new Map();
let queue = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
let busy = false;
let leaving = false;
let pause = 2000;

const byId = (id) => document.getElementById(id);
// A claim that is not one of fact shares its place with others.
const place = ({ start, end, claim }) => (claim ? `c${claim}` : `${start}-${end}`);
export const inCard = ({ start, end, aspect, n }) => ({ start: Number(start), end: Number(end), ...(aspect && { claim: n }) });
const uuid = () => crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
const headers = () => ({ "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) });

export const say = (words) => { byId("said").textContent = words; };

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

// The verdict's colour at once, until the paragraph comes back from the server.
export function wait() {
  for (const tone of "vdnmx") {
    const ranges = queue.filter((item) => item.tone === tone).map((item) => toRange(item.range));
    CSS.highlights?.set(`saving-${tone}`, new Highlight(...ranges));
  }
  article().setAttribute("aria-busy", String(queue.length > 0));
}

// Settled once, at the first sending: the same request again must be the same.
function body(item) {
  item.fields.base ??= (item.range && bases.get(place(item.range))) ?? "none";
  keep();
  return new URLSearchParams(item.fields);
}

export async function run() {
  if (busy || !queue.length) return;
  busy = true;
  try {
    while (queue.length) await send(queue[0]);
    pause = 2000;
    document.querySelector("#trouble .kept")?.remove();
    document.dispatchEvent(new CustomEvent("settled"));
  } catch (trouble) {
    tell(`Not saved: ${trouble.words ?? "no connection."} ${queue.length === 1 ? "Your change is" : `Your ${queue.length} changes are`} kept here.`,
      ...(trouble.action ? [trouble.action] : []), ["Retry", run]);
    setTimeout(run, pause);
    pause = Math.min(pause * 2, 30000);
  } finally {
    busy = false;
  }
}

const signedOut = (response) => response.headers.has("HX-Redirect") || response.redirected;
const leave = (address) => () => { leaving = true; location.assign(address); };
const isFragment = (html) => /^<(p class="block|section|div id="toast)/.test(html);

async function send(item) {
  const response = await fetch(item.path, { method: "POST", body: body(item), headers: headers(), signal: AbortSignal.timeout(PATIENCE) });
  const html = await response.text();
  if (signedOut(response)) throw { words: "you are signed out.", action: ["Sign in", leave(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`)] };
  if (response.status >= 500 || response.status === 429) throw { words: "the server did not answer." };
  // Signed in again in another window: this page's proof of origin has run out.
  if (response.status === 403 && !isFragment(html)) throw { words: "this page is out of date.", action: ["Reload", leave(location.href)] };
  queue.shift();
  if (response.status === 409 && item.range) queue = queue.filter(({ range }) => !range || place(range) !== place(item.range));
  keep();
  if (isFragment(html)) apply(html);
  else tell("Not saved: this is no longer there.", ["Close", () => byId("trouble").replaceChildren()]);
}

function tell(words, ...actions) {
  const toast = document.createElement("div");
  toast.className = `toast trouble${actions.at(-1)[1] === run ? " kept" : ""}`;
  toast.append(words);
  for (const [label, act] of actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: label });
    button.addEventListener("click", act);
    toast.append(button);
  }
  byId("trouble").replaceChildren(toast);
}

export async function get(path, before = () => {}) {
  try {
    const response = await fetch(path, { headers: headers() });
    if (signedOut(response)) location.reload();
    const html = await response.text();
    if (!response.ok) return false;
    before();
    apply(html);
    return true;
  } catch {
    say("No connection.");
    return false;
  }
}

// Each element of an answer replaces the one with its id; an unknown claim enters the list where its text stands.
export function apply(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const fresh of [...template.content.children]) {
    const old = byId(fresh.id);
    if (fresh.id === "toast") toast(fresh);
    else if ("gone" in fresh.dataset) old?.remove();
    else if (fresh.id === "card" && old.querySelector("form :focus")) learn(fresh); // somebody is writing there
    else if (old) old.replaceWith(fresh);
    else if (fresh.id === "more") byId("claims").append(fresh);
    else if (fresh.matches(".claim")) enlist(fresh);
  }
  remember();
  paint();
  wait();
}

function enlist(fresh) {
  const list = byId("claims");
  const order = ({ dataset }) => Number(dataset.start) * 1e7 + Number(dataset.end);
  const next = [...list.querySelectorAll(".claim")].find((item) => order(item) > order(fresh));
  if (next) next.before(fresh);
  else if (!list.querySelector(".more")) list.append(fresh);
}

function toast(fresh) {
  byId("toast")?.remove();
  byId("toasts").append(fresh);
  if (fresh.dataset.field) byId("card").querySelector(`[name="${fresh.dataset.field}"]`)?.focus();
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => fresh.remove(), 6000);
}

const learn = ({ dataset }) => bases.set(place(inCard(dataset)), dataset.base);

// The version my next edit names as its base, by the place of the claim.
export function remember() {
  for (const each of article().dataset.mine?.split(" ") ?? []) bases.set(...each.split(":"));
  delete article().dataset.mine;
  document.querySelectorAll("[data-base]").forEach(learn);
}

addEventListener("online", run);
addEventListener("beforeunload", (event) => { if (queue.length && !leaving) event.preventDefault(); });
