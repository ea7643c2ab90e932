// Writes, one after the other: each with a key of its own, so that sending it again is safe.
import { article, toRange } from "./offsets.js";
import { paint } from "./select.js";

const STORE = `aigap:unsaved:${location.pathname}`;
const LIMIT = 20000;
let queue = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
let busy = false;
let pause = 2000;
const bases = new Map();

const place = ({ start, end }) => `${start}-${end}`;
const uuid = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
const headers = () => ({ "HX-Request": "true", "X-CSRFToken": token() });

const byId = (id) => document.getElementById(id);
export const say = (words) => {
  byId("said").textContent = words;
};

// fields.base is filled in when the write is sent: an earlier one in the queue may change it.
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
  if (!CSS.highlights) return;
  for (const tone of ["v", "d", "n", "m", "x"]) {
    const ranges = queue.filter((item) => item.tone === tone && item.range).map((item) => toRange(item.range));
    if (ranges.length) CSS.highlights.set(`saving-${tone}`, new Highlight(...ranges));
    else CSS.highlights.delete(`saving-${tone}`);
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
    settled();
  } catch (trouble) {
    kept(trouble);
  } finally {
    busy = false;
  }
}

async function send(item) {
  const response = await fetch(item.path, { method: "POST", body: body(item), headers: headers(), signal: AbortSignal.timeout(LIMIT) });
  if (signedOut(response)) throw new Error("You are signed out.");
  if (response.status >= 500 || response.status === 429) throw new Error("The server did not answer.");
  const html = await response.text();
  queue.shift();
  if (response.status === 409) queue = queue.filter((later) => !item.range || !later.range || place(later.range) !== place(item.range));
  keep();
  if (response.ok || html.startsWith("<section") || html.startsWith("<div id=\"toast\"")) apply(html);
  else tell(`Not saved: ${response.status === 403 ? "you may not do this here." : "this is no longer there."}`, []);
}

const signedOut = (response) => response.headers.has("HX-Redirect") || (response.redirected && new URL(response.url).pathname.startsWith("/accounts/login"));

function settled() {
  pause = 2000;
  document.querySelector("#trouble .kept")?.remove();
  document.dispatchEvent(new CustomEvent("settled"));
}

function kept(trouble) {
  const reason = trouble instanceof TypeError || trouble.name === "TimeoutError" ? "no connection." : trouble.message;
  const count = queue.length === 1 ? "Your change is" : `Your ${queue.length} changes are`;
  const actions = reason.includes("signed out") ? [["Sign in", () => location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`)]] : [];
  tell(`Not saved: ${reason} ${count} kept here.`, [...actions, ["Retry", run]]);
  setTimeout(run, pause);
  pause = Math.min(pause * 2, 30000);
}

function tell(words, actions) {
  const toast = document.createElement("div");
  toast.className = `toast trouble${actions.length ? " kept" : ""}`;
  toast.append(words);
  for (const [label, act] of actions.length ? actions : [["Close", () => toast.remove()]]) {
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
    else if (fresh.id === "said") say(fresh.textContent);
    else if ("gone" in fresh.dataset) old?.remove();
    else if (fresh.id === "card" && old.querySelector("form :focus")) bases.set(place(fresh.dataset), fresh.dataset.base);
    else if (old) old.replaceWith(fresh);
    else if (fresh.id === "more") byId("claims").append(fresh);
    else if (fresh.matches(".claim")) enlist(fresh);
  }
  remember();
  paint();
  wait();
}

const order = (item) => [Number(item.dataset.start), Number(item.dataset.end)];

function enlist(fresh) {
  const list = byId("claims");
  const [start, end] = order(fresh);
  const next = [...list.querySelectorAll(".claim")].find((item) => order(item)[0] > start || (order(item)[0] === start && order(item)[1] > end));
  if (next) next.before(fresh);
  else if (!list.querySelector(".more")) list.append(fresh);
}

function toast(fresh) {
  const old = byId("toast");
  if (old) old.replaceWith(fresh);
  else byId("toasts").append(fresh);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => fresh.remove(), 6000);
}

// The version my next edit names as its base, by the place of the claim.
export function remember() {
  for (const each of (article().dataset.mine ?? "").split(" ")) {
    const [where, version] = each.split(":");
    if (version) bases.set(where, version);
  }
  delete article().dataset.mine;
  for (const card of document.querySelectorAll("[data-base]")) bases.set(place(card.dataset), card.dataset.base);
}

addEventListener("online", run);
addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
