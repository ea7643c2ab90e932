// Facts mode (ADR 16): figures, dates, names and quotations boxed in pencil; Tab walks those that no claim covers.
import { back, here } from "./card.js";
import { article, blockAt, blocks, located, points, startOf, units } from "./offsets.js";
import { drop, hideBar, inHand, paint, take } from "./select.js";
import { byId, fetched, get, note, say } from "./swap.js";

const STORE = `aigap:facts:${document.body.dataset.who}`;
let facts = null; // [start, end, kind], in the order of the text
let open = new Set(); // indices of those that no claim covers
let on = false;

export async function toggle({ quiet = false } = {}) {
  if (on) return leave();
  try {
    facts ??= JSON.parse((await fetched(here("facts/"))).text).facts;
    if (byId("left").dataset.open === undefined) await get(here("left/"));
  } catch {
    return note("The facts of this article did not arrive. Press f to try again.");
  }
  shown(true);
  localStorage.setItem(STORE, "1");
  draw();
  if (!quiet) say(`Facts: ${open.size} without a claim. Tab takes the next, Shift and Tab the one before. Escape clears, and once more leaves.`);
}

function leave() {
  shown(false);
  localStorage.removeItem(STORE);
  for (const box of article().querySelectorAll(".fact")) box.replaceWith(...box.childNodes);
  for (const block of article().querySelectorAll("[data-boxed]")) {
    block.normalize();
    delete block.dataset.boxed;
  }
  redrawn();
  say("Facts are no longer shown.");
}

function shown(now) {
  on = now;
  document.documentElement.classList.toggle("facts-on", now);
  for (const button of document.querySelectorAll('[data-do="facts"]')) button.ariaPressed = now;
}

// Whoever marks ranges of the text marks them anew: the letters are in other nodes now.
const redrawn = () => {
  paint();
  document.dispatchEvent(new CustomEvent("redrawn"));
};

function draw() {
  if (!on) return;
  open = new Set((byId("left").dataset.open ?? "").split(" ").filter(Boolean).map(Number));
  let at = 0;
  let drawn = false;
  for (const block of blocks()) {
    const from = startOf(block);
    while (at < facts.length && facts[at][0] < from) at++;
    if ("boxed" in block.dataset || !(facts[at]?.[0] < from + block.textContent.length)) continue;
    const to = from + points(block.textContent);
    for (let i = at; i < facts.length && facts[i][0] < to; i++) box(block, from, i);
    block.dataset.boxed = "";
    drawn = true;
  }
  for (const each of article().querySelectorAll(".fact")) each.classList.toggle("held", !open.has(Number(each.dataset.f)));
  if (drawn) redrawn();
}

// Around the letters, never between them: a box changes neither the text nor its places.
function box(block, from, i) {
  const text = block.textContent;
  let left = units(text, facts[i][0] - from);
  const length = units(text, facts[i][1] - from) - left;
  const pieces = [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let rest = length; rest > 0 && walker.nextNode();) {
    let letters = walker.currentNode;
    if (left >= letters.length) {
      left -= letters.length;
      continue;
    }
    if (left) letters = letters.splitText(left);
    if (rest < letters.length) letters.splitText(rest);
    [left, rest] = [0, rest - letters.length];
    const piece = Object.assign(document.createElement("span"), { className: `fact ${facts[i][2]}` });
    piece.dataset.f = i;
    letters.replaceWith(piece);
    piece.append(letters);
    walker.currentNode = letters;
    pieces.push(piece);
  }
  pieces[0]?.classList.add("from");
  pieces.at(-1)?.classList.add("to");
}

const before = (a, b) => a[0] - b[0] || b[1] - a[1];

function nextOf(by) {
  const all = [...open].map((i) => facts[i]);
  const hand = inHand();
  if (!hand) return by > 0 ? all.find((each) => seen(each)) ?? all[0] : undefined;
  const at = [hand.start, hand.end];
  return by > 0 ? all.find((each) => before(each, at) > 0) : all.findLast((each) => before(each, at) < 0);
}

const seen = ([start]) => blockAt(start).getBoundingClientRect().bottom > 110;

// False where there is none this way: Tab leaves the text then.
function step(by) {
  const fact = nextOf(by);
  if (!fact) return false;
  hold(fact, { scroll: true });
  return true;
}

function hold(fact, how) {
  getSelection().removeAllRanges();
  hideBar();
  take(located(fact[0], fact[1]), how);
  const nth = [...open].map((i) => facts[i]).indexOf(fact) + 1;
  const last = nth === open.size && document.activeElement === article();
  say(`${fact[2]}, ${inHand().quote}. ${nth} of ${open.size}.${last ? " Tab leaves the text." : ""}`);
}

const none = () => note(open.size ? "No more facts this way." : "Every fact that was found has a claim.");

// By a button, which keeps the focus.
export const next = (by) => step(by) || none();

// A box is taken in hand where one clicks or taps it; on a claim's words, the claim is.
function pointed({ target, detail }) {
  const box = on && detail && getSelection().isCollapsed && target.closest?.("#article .fact:not(.held)");
  if (box && !target.closest(".h, .ref")) hold(facts[box.dataset.f]);
}

// By the bar: from the top again after the last.
export async function walk() {
  if (!on) await toggle({ quiet: true });
  if (on && !step(1)) {
    drop();
    if (!step(1)) none();
  }
  back();
}

function pressed(event) {
  if (!on || event.target !== article() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Tab" && step(event.shiftKey ? -1 : 1)) event.preventDefault();
  if (event.key === "Escape" && !inHand() && !event.defaultPrevented) {
    event.preventDefault();
    leave();
  }
}

// Before the reader's own keys: what Escape clears first is in hand until they have been.
document.addEventListener("keydown", pressed, true);
// Behind the reader's own clicks, by which nothing is in hand now.
document.addEventListener("click", pointed);
document.addEventListener("swapped", draw);
