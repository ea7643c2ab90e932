// What the server answers with, put into the page; and what the page says.
import { article } from "./offsets.js";
import { inHand, paint } from "./select.js";

// By the place of a claim, the version my next edit names as its base.
export const bases = new Map();

export const byId = (id) => document.getElementById(id);
// The same words once more are news too: a screen reader passes over a region that has not changed.
export const say = (words) => { byId("said").textContent = byId("said").textContent === words ? `${words}\u00a0` : words; };
const line = (words) => Object.assign(document.createElement("p"), { textContent: words }).outerHTML;
export const note = (words) => apply(`<div id="toast" class="toast">${line(words)}</div>`);
export const headers = () => ({ "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) });
export const signedOut = (response) => response.headers.has("HX-Redirect") || response.redirected;

// What was said and how it was worded share their place with what is claimed.
export const place = ({ start, end, aspect }) => `${start}-${end}${aspect ? `-${aspect}` : ""}`;
export const inCard = ({ start, end, aspect }) => ({ start: Number(start), end: Number(end), ...(aspect && { aspect }) });

const learn = ({ dataset }) => bases.set(place(inCard(dataset)), dataset.base);

let writes = 0;
// What was asked for before this may be older than what the page shows since.
export const wrote = () => writes++;

const leave = (address) => () => {
  document.dispatchEvent(new CustomEvent("leaving"));
  location.assign(address);
};
// Back to the claim in hand, or else to the words.
function there() {
  const { pathname, search } = location;
  const hand = !search.includes("claim=") && inHand();
  return hand ? `${pathname}?start=${hand.start}&end=${hand.end}` : pathname + search;
}
export const signIn = () => ["Sign in", () => leave(`/accounts/login/?next=${encodeURIComponent(there())}`)()];
export const reload = () => ["Reload", leave(location.href)];

// Trouble stays until it is over; the same again is not said again, and a button of it keeps the focus.
export function tell(words, ...actions) {
  const all = [words, ...actions.map(([label]) => label)].join("");
  if (byId("trouble").textContent === all) return;
  const toast = Object.assign(document.createElement("div"), { className: "toast trouble" });
  toast.append(words);
  for (const [label, act] of actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: label });
    button.addEventListener("click", act);
    toast.append(button);
  }
  byId("trouble").replaceChildren(toast);
  say(words);
}

// Without an answer for me, that is told.
export async function fetched(path) {
  try {
    const response = await fetch(path, { headers: headers() });
    if (signedOut(response)) return tell("You are signed out. What you wrote is kept here.", signIn());
    return { ok: response.ok, text: await response.text() };
  } catch {
    note("No connection.");
  }
}

export async function get(path, before = () => {}, again = 3) {
  const seen = writes;
  const answer = await fetched(path);
  if (answer && seen !== writes && again) return get(path, before, again - 1);
  if (!answer?.ok) return false;
  before();
  apply(answer.text);
  return true;
}

// Whoever stood in what is exchanged stands in the same place afterwards, or in the text: never nowhere.
export function keepFocus(change) {
  const had = document.activeElement;
  const around = had.closest("[id]");
  change();
  if (had.isConnected) return;
  const same = [...byId(around?.id)?.querySelectorAll(had.localName) ?? []].find((each) => each.textContent === had.textContent);
  (byId(had.id) ?? same ?? byId("sentences") ?? article()).focus({ preventScroll: true });
}

// What is saved `about` some words does not take the place of another claim that I have in hand since.
export const apply = (html, about) => keepFocus(() => exchange(html, about));

function isLeft(about, { dataset }) {
  const [now, shown] = [inHand() ?? about, inCard(dataset)].map(place);
  return dataset.n && now === shown && now !== place(about);
}

// Somebody writes there: it stays as it is, but what I did myself is no news to it.
function atWork(old, fresh) {
  if (old.dataset.n === fresh.dataset.n) old.dataset.revision = fresh.dataset.revision;
}

// Where no script in it would run.
export const parsed = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content;

// Each element of an answer replaces the one with its id.
function exchange(html, about) {
  for (const fresh of [...parsed(html).children]) {
    const old = byId(fresh.id);
    if (fresh.dataset.base) learn(fresh);
    if (fresh.id === "toast") toast(fresh);
    else if ("gone" in fresh.dataset) old?.remove();
    else if (fresh.id === "card" && (old.querySelector("form :focus") || (about && isLeft(about, old) && !fresh.matches(".conflict")))) atWork(old, fresh);
    else if (old) old.replaceWith(fresh);
    else if (fresh.id === "more") byId("claims").append(fresh);
    else if (fresh.matches(".claim")) enlist(fresh);
  }
  paint();
  document.dispatchEvent(new CustomEvent("swapped"));
}

function enlist(fresh) {
  const list = byId("claims");
  const order = ({ dataset }) => Number(dataset.start) * 1e7 + Number(dataset.end);
  const next = [...list.querySelectorAll(".claim")].find((item) => order(item) > order(fresh));
  if (next) next.before(fresh);
  else if (!list.querySelector(".more")) list.append(fresh);
}

function toast(fresh) {
  say(fresh.firstChild.textContent);
  if ("aside" in fresh.dataset && document.querySelector("#toast [data-do=undo]")) return;
  byId("toast")?.remove();
  byId("toasts").append(fresh);
  if (fresh.dataset.field) byId("card").querySelector(`[name="${fresh.dataset.field}"]`)?.focus();
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => keepFocus(() => fresh.remove()), 6000);
}

for (const each of article().dataset.mine.split(" ")) bases.set(...each.split(":"));
