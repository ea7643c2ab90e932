// The reader's actions, by button, and by key while the article has the focus.
import { back, card, current, fetchCard, held, here, showCard, text } from "./card.js";
import "./forms.js";
import { mark, tag, undo, withHand } from "./judge.js";
import { article } from "./offsets.js";
import { forget } from "./save.js";
import { drop, hideBar, inHand, moveEdge, moveSentence, rightToLeft } from "./select.js";
import { byId, get, note, say } from "./swap.js";

const root = document.documentElement;
const keysOff = () => root.classList.contains("keys-off");
const ask = ({ start, end }) => fetchCard(`card/?start=${start}&end=${end}`, false);

function open(id) {
  const hand = inHand();
  const fold = byId(id);
  if (!fold) return note("Choose a claim first.");
  hideBar();
  const { start, end } = held();
  if (hand && (start !== hand.start || end !== hand.end)) return note("Mark or tag these words first.");
  fold.open = true;
  const fields = [...fold.querySelectorAll("[data-first], textarea, input:not([type=hidden], [type=radio])")];
  fields.find((field) => field.offsetParent)?.focus();
}

const lost = () => note("No connection.");
const place = (name) => import("./placing.js").then((placing) => placing[name](), lost);
const aspect = (name, verdict) => import("./aspects.js").then(({ choose }) => choose(name, verdict), lost);

function askWhyNot() {
  withHand(() => byId("not-checkable").showModal());
}

function clear() {
  drop();
  card().replaceWith(byId("no-card").content.cloneNode(true));
  current();
  back();
  say("Nothing in hand.");
}

function sentence(by) {
  const found = moveSentence(by);
  if (found) say(found.quote);
  else note("No more sentences this way.");
}

const choose = (name, value) => import("./preferences.js").then((reading) => reading.choose(name, value));
const list = (how) => import("./sentences.js").then(({ toggle }) => toggle(how));
const sentenceList = () => list().then((on) => choose("view", on ? "sentences" : "text"));
const beside = (name, value) => import("./beside.js").then((other) => other[name](value), lost);
const facts = () => import("./facts.js").then(({ toggle }) => toggle());

const ACTIONS = {
  j: () => sentence(1),
  k: () => sentence(-1),
  m: mark,
  x: askWhyNot,
  v: () => tag("verified"),
  d: () => tag("disputed"),
  n: () => tag("needs_source"),
  e: () => open("add-source"),
  w: () => open("why"),
  u: () => fetchCard(`next/?after=${inHand()?.end ?? 0}`),
  Enter: () => withHand(ask),
  z: undo,
  f: facts,
  o: () => place("move"),
  p: () => place("split"),
  g: () => place("merge"),
  1: () => aspect("fact"),
  2: () => aspect("said"),
  3: () => aspect("wording"),
  b: () => beside("toggle"),
  t: () => beside("cross"),
  a: () => beside("align"),
  c: () => beside("cite"),
  s: sentenceList,
  "?": () => byId("shortcuts").showModal(),
  Escape: clear,
};

const BUTTONS = {
  mark, undo, tag, clear, facts,
  aspect: (name) => aspect(name),
  beside: (id) => beside("toggle", id),
  align: ACTIONS.a,
  cite: ACTIONS.c,
  judge: (both) => aspect(...both.split("-")),
  sentences: sentenceList,
  left: (kind) => import("./bar.js").then(({ go }) => go(kind)),
  move: ACTIONS.o,
  split: ACTIONS.p,
  merge: ACTIONS.g,
  ask: askWhyNot,
  source: ACTIONS.e,
  next: ACTIONS.u,
  here: ACTIONS.Enter,
  keys: ACTIONS["?"],
  more: (_, button) => button.setAttribute("aria-expanded", String(button.parentElement.classList.toggle("open"))),
  cancel: (_, button) => button.closest("dialog").close(),
  sentence: (by) => sentence(Number(by)),
  edge: (which) => withHand(() => stretch(which.split(",")[0], Number(which.split(",")[1]))),
  sheet: (_, button) => import("./sheet.js").then(({ toggle }) => toggle(button)),
};

function arrow(event) {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return false;
  if (!inHand()) return false;
  stretch(event.altKey ? "start" : "end", (event.key === "ArrowRight") !== rightToLeft() ? 1 : -1);
  return true;
}

function stretch(side, by) {
  getSelection().removeAllRanges();
  if (moveEdge(by, side)) say(inHand().quote);
  else note("The paragraph ends here. Once more goes on.");
}

function pressed(event) {
  if (event.target !== text() || event.isComposing || event.defaultPrevented) return;
  if (arrow(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.length === 1;
  const key = letter ? event.key.toLowerCase() : event.key;
  const act = ACTIONS[key];
  if (!act || (letter && keysOff()) || (event.repeat && !"jk".includes(key))) return;
  event.preventDefault();
  const { lacks, why } = article().dataset;
  if (lacks.includes(key)) note(why);
  else act();
}

function clicked(event) {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("[data-do]");
  if (button && !(button.href && (event.ctrlKey || event.metaKey || event.shiftKey))) {
    if (button.href) event.preventDefault();
    const [name, value] = button.dataset.do.split(":");
    BUTTONS[name](value, button);
    return;
  }
  const more = event.target.closest("[data-more]");
  if (more) return extend(more.closest("li"));
  const stored = event.target.closest("[data-get]");
  if (stored) {
    event.preventDefault();
    forget(card().dataset.key);
    return fetchCard(`card/${stored.getAttribute("href")}`, false);
  }
  const link = event.target.closest("#article .ref, .claim a[href], [data-claim]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  fetchCard(`card/?claim=${link.dataset.n ?? link.dataset.claim ?? link.closest(".claim").dataset.n}`);
  if (event.detail) back();
}

async function extend(line) {
  const last = line.previousElementSibling;
  await get(here(line.querySelector("[data-more]").dataset.more), () => line.remove());
  last?.nextElementSibling?.querySelector("a, button")?.focus();
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("focusin", ({ target }) => target.matches(".ref") && back()); // by the address, after load
document.addEventListener("ask", ({ detail: at }) => ask({ start: at, end: at }));
document.addEventListener("change", ({ target }) => target.matches?.(".reading-choices select") && choose(target.name, target.value));
document.addEventListener("settled", () => byId("left") && get(here("left/")));

const narrow = matchMedia("(max-width: 63.99rem)");
const sheet = () => narrow.matches && import("./sheet.js");
narrow.addEventListener("change", sheet);
sheet();
if (matchMedia("(pointer: coarse)").matches) import("./touch.js");

if (byId("beside")) import("./beside.js");
if (root.classList.contains("view-sentences")) list({ quiet: true });
document.activeElement.matches("input, select, textarea") || back();
showCard(true);
if (localStorage.getItem(`aigap:facts:${article().dataset.who}`) === "1") import("./facts.js").then(({ toggle }) => toggle({ quiet: true }));
if ("later" in byId("left").dataset) get(here("left/"));
