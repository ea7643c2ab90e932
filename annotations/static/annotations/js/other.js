// The words in hand of the text beside: one range of it, beside the one of the article.
import { back, here } from "./card.js";
import { blockAt, blocks, fromRange, located, startOf, toRange } from "./offsets.js";
import { sentencesOf } from "./select.js";
import { byId, fetched, note, say } from "./swap.js";

export const other = () => byId("other");
let hand = null;
let last = "this"; // the text in which words were chosen last

export const there = () => hand;
export const chosenLast = () => last === "other" && hand !== null;

export async function asked(path) {
  const answer = await fetched(here(path));
  if (answer && !answer.ok) note("This text is no longer here.");
  return answer?.ok && answer.text;
}

// On a small screen one text is shown at a time.
export const side = (name) => { byId(`side-${name}`).checked = true; };

function paint(name = "there", words = hand) {
  if (words) CSS.highlights?.set(name, new Highlight(toRange(words, other())));
  else CSS.highlights?.delete(name);
}

export function put(words, scroll) {
  hand = words;
  paint();
  if (words && scroll) reveal();
}

// Again and again: paragraphs take their true height when they are seen.
function reveal(again = 20) {
  if (!hand || !other()) return;
  const block = blockAt(hand.start, other());
  const fold = block.closest("details");
  if (fold) fold.open = true;
  block.scrollIntoView({ block: "nearest" });
  const view = other().getBoundingClientRect();
  const box = toRange(hand, other()).getBoundingClientRect();
  if (box.top < view.top + 16 || box.bottom > view.bottom - 24) other().scrollBy(0, box.top - view.top - view.height / 4);
  if (again) requestAnimationFrame(() => reveal(again - 1));
}

export function flash(words) {
  paint("match", words);
  setTimeout(paint, 2000, "match", null);
}

export function cross() {
  if (!other()) return note("No text is beside this one: press b.");
  const leave = document.activeElement === other();
  side(leave ? "this" : "other");
  if (leave) back();
  else other().focus({ preventScroll: true });
  say(leave ? "This text." : other().ariaLabel);
}

// Where in the other text, in words.
export function locator() {
  const { start, end } = hand;
  const all = blocks(other()).filter((block) => !block.matches(".furniture"));
  const first = all.findLastIndex((block) => startOf(block) <= start) + 1;
  const final = all.findLastIndex((block) => startOf(block) < end) + 1;
  return `paragraph${first < final ? `s ${first}–${final}` : ` ${first}`}, characters ${start}–${end}`;
}

export function sentence(by) {
  const all = blocks(other()).filter((block) => !block.closest("details:not([open])")).flatMap(sentencesOf);
  const top = other().getBoundingClientRect().top;
  const first = blocks(other()).find((block) => block.getBoundingClientRect().bottom > top + 16);
  const at = hand ? hand.start : startOf(first) - (by > 0 ? 1 : 0);
  const next = by > 0 ? all.find((each) => each.start > at) : all.findLast((each) => each.start < at);
  if (!next) return note("No more sentences this way.");
  getSelection().removeAllRanges();
  last = "other";
  put(located(next.start, next.end, other()), true);
  say(hand.quote);
}

// By a word, as the browser knows words.
export function edge({ key, altKey }) {
  if (!hand) return;
  const range = toRange(hand, other());
  const ends = [[range.startContainer, range.startOffset], [range.endContainer, range.endOffset]];
  if (altKey) ends.reverse();
  getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
  getSelection().modify("extend", key === "ArrowRight" ? "right" : "left", "word");
  chosen();
  say(hand.quote);
}

function chosen() {
  const selection = getSelection();
  if (!other() || selection.isCollapsed || !other().contains(selection.anchorNode)) return;
  const words = fromRange(selection.getRangeAt(0), other());
  if (!words) return;
  last = "other";
  put(words, false);
}

document.addEventListener("selectionchange", chosen); // a tap on a button may drop the selection itself
document.addEventListener("click", ({ target }) => other()?.contains(target) && getSelection().isCollapsed && put(null));
document.addEventListener("taken", () => { last = "this"; });
chosen();
