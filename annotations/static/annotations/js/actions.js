// What the reader can do, by key and by button.
import { back, card, fetchCard, here, isOf } from "./card.js";
import { mark, tag, undo, withHand } from "./judge.js";
import { drop, hideBar, inHand, moveEdge, moveSentence } from "./select.js";
import { landed } from "./save.js";
import { byId, get, note, place, say } from "./swap.js";

export const ask = ({ start, end }) => fetchCard(`card/?start=${start}&end=${end}`, false);

// What is typed for a form that is not there yet, or not to be had, is no row of commands: until whoever types would pause.
const PAUSE = 400;
let waits = false;
let until = 0;

export function isDeaf() {
  const now = performance.now();
  const deaf = waits || now < until;
  if (deaf) until = now + PAUSE;
  return deaf;
}

const isOther = (hand) => hand && (card().matches(".placing") || !isOf(hand));

const NONE = { why: "Give your verdict first.", legal: "Nothing to ask or answer here." };

// A form of the claim in hand: a sentence that is one is taken up first. What I have just made of it comes with its card.
async function open(id) {
  const hand = inHand();
  until = performance.now() + PAUSE;
  hideBar();
  if (isOther(hand) || id === "why") {
    waits = true;
    await landed();
    const came = !isOther(hand) || await get(here(`card/?start=${hand.start}&end=${hand.end}`));
    waits = false;
    if (!came || inHand() !== hand) return;
  }
  const fold = byId(id);
  if (!fold || isOther(hand)) {
    const question = hand && byId(`join-${place(hand)}`)?.textContent;
    return note(question || card().dataset.n && !isOther(hand) && NONE[id] || (hand ? "Mark or tag these words first." : "Choose a claim first."));
  }
  fold.open = true;
  until = 0;
  const fields = [...fold.querySelectorAll("[data-first], textarea, input:not([type=hidden], [type=radio])")];
  fields.find((field) => field.offsetParent)?.focus();
}

const keep = (which) => () => card().querySelector(`.conflict ${which}`)?.click() ?? note("No two versions to choose between.");
const lost = () => note("No connection.");
const panel = (name) => Promise.all([import("./placing.js"), landed()]).then(([placing]) => placing[name](), lost);
const aspect = (name, verdict) => import("./aspects.js").then(({ choose }) => choose(name, verdict), lost);

function askWhyNot() {
  withHand(() => byId("not-checkable").showModal());
}

function clear() {
  waits = false;
  until = 0;
  card().replaceWith(byId("no-card").content.cloneNode(true));
  drop();
  back();
  say("Nothing in hand.");
}

function sentence(by) {
  const found = moveSentence(by);
  if (found) say(found.quote);
  else note("No more sentences this way.");
}

export const choose = (name, value) => import("./preferences.js").then((reading) => reading.choose(name, value), lost);
export const list = (how) => import("./sentences.js").then(({ toggle }) => toggle(how));
const sentenceList = () => list().then((on) => choose("view", on ? "sentences" : "text"), lost);
const beside = (name, value) => import("./beside.js").then((other) => other[name](value), lost);
const facts = () => import("./facts.js").then(({ toggle }) => toggle(), lost);

export function stretch(side, by) {
  getSelection().removeAllRanges();
  if (moveEdge(by, side)) say(inHand().quote);
  else note("The paragraph ends here. Once more goes on.");
}

export const ACTIONS = {
  j: () => sentence(1),
  k: () => sentence(-1),
  m: mark,
  x: askWhyNot,
  v: () => tag("verified"),
  d: () => tag("disputed"),
  n: () => tag("needs_source"),
  e: () => open("add-source"),
  w: () => open("why"),
  l: () => open("legal"),
  u: () => fetchCard(`next/?after=${inHand()?.end ?? 0}`),
  Enter: () => withHand(ask),
  z: undo,
  f: facts,
  o: () => panel("move"),
  p: () => panel("split"),
  g: () => panel("merge"),
  1: () => aspect("fact"),
  2: () => aspect("said"),
  3: () => aspect("wording"),
  b: () => beside("toggle"),
  t: () => beside("cross"),
  a: () => beside("align"),
  c: () => beside("cite"),
  s: sentenceList,
  h: keep("[data-get]"),
  y: keep("form button"),
  "?": () => byId("shortcuts").showModal(),
  Escape: clear,
};

export const BUTTONS = {
  mark, undo, tag, clear, facts, sentence,
  aspect: (name) => aspect(name),
  beside: (id) => beside("toggle", id),
  align: ACTIONS.a,
  cite: ACTIONS.c,
  judge: (both) => aspect(...both.split("-")),
  sentences: sentenceList,
  left: (kind) => import("./bar.js").then(({ go }) => go(kind), lost),
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
  fact: (by) => import("./facts.js").then(({ next }) => next(by), lost),
  edge: (which) => withHand(() => stretch(...which.split(","))),
  sheet: (_, button) => import("./sheet.js").then(({ toggle }) => toggle(button)),
};
