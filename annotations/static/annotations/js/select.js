// What is in hand: one range of text.
import { article, blockAt, blocks, located, offsetAt, points, startOf, toRange } from "./offsets.js";

const words = new Intl.Segmenter(undefined, { granularity: "word" });
let hand = null;
let edge = null;

export const inHand = () => hand;

export function take(range, { scroll = false } = {}) {
  hand = range;
  paint();
  if (hand && scroll) reveal();
  document.dispatchEvent(new CustomEvent("taken"));
}

export function drop() {
  getSelection().removeAllRanges();
  hideBar();
  take(null);
}

// Ranges die with their paragraphs: painted anew after each swap.
export function paint() {
  if (!CSS.highlights) return;
  if (hand) CSS.highlights.set("hand", new Highlight(toRange(hand)));
  else CSS.highlights.delete("hand");
}

// Until it stands still: paragraphs take their true height when they are seen. Who goes elsewhere meanwhile is not called back.
function reveal(again = 20, still = 3, was = null, focus = document.activeElement) {
  const block = blockAt(hand.start);
  const fold = block.closest("details");
  if (fold) fold.open = true;
  block.scrollIntoView({ block: "nearest" });
  // On a small screen there are sheets over the text; whoever places a claim has a panel there anywhere.
  const over = (matchMedia("(max-width: 63.99rem)").matches ? ["sheet", "join", "placing"] : ["placing"]).map((id) => document.getElementById(id)?.getBoundingClientRect().top).find(Boolean) ?? 0;
  const covered = over || innerHeight - 100;
  // With a text beside it, this one has a scroll of its own.
  const pane = document.getElementById("beside") && article().parentElement;
  const view = pane?.getBoundingClientRect();
  const bottom = (view ? Math.min(view.bottom, covered) : covered) - 24;
  // Notices come below the bar then: room for one, where there is any.
  const notices = over && Math.min(Math.max(covered > 300 ? 152 : 0, document.getElementById("toasts").getBoundingClientRect().bottom), bottom - 32);
  const top = view ? view.top + 16 : Math.max(96, notices);
  const whole = judged().getBoundingClientRect();
  const box = whole.height < bottom - top ? whole : toRange(hand).getBoundingClientRect();
  if (box.top < top) (pane ?? window).scrollBy(0, box.top - top);
  else if (box.bottom > bottom) (pane ?? window).scrollBy(0, Math.min(box.bottom - bottom, box.top - top));
  const { top: now } = judged().getBoundingClientRect();
  const left = now === was ? still - 1 : 3;
  if (again && left) requestAnimationFrame(() => hand && document.activeElement === focus && reveal(again - 1, left, now, focus));
}

// The words in hand in their sentences.
export function judged() {
  const all = blocks();
  const at = (offset) => all.indexOf(blockAt(offset));
  const touched = all.slice(at(hand.start), at(hand.end - 1) + 1)
    .flatMap(sentencesOf).filter((each) => each.start < hand.end && each.end > hand.start);
  return toRange({ start: Math.min(hand.start, touched[0]?.start ?? hand.start), end: Math.max(hand.end, touched.at(-1)?.end ?? hand.end) });
}

const folded = (block) => block.closest("details:not([open])") !== null;

export function sentencesOf(block) {
  const from = startOf(block);
  const cuts = (block.dataset.s ?? "").split(",").map(Number);
  const found = [];
  for (let i = 0; i + 1 < cuts.length; i += 2) found.push({ start: from + cuts[i], end: from + cuts[i + 1] });
  return found;
}

export function sentences() {
  return blocks().filter((block) => !folded(block)).flatMap(sentencesOf);
}

const firstSeen = () => {
  const block = blocks().find((each) => !folded(each) && each.getBoundingClientRect().bottom > 110);
  return block ? startOf(block) : 0;
};

export function moveSentence(by) {
  const all = sentences();
  const { anchorNode, anchorOffset } = getSelection();
  const at = hand ? hand.start : article().contains(anchorNode) ? offsetAt(anchorNode, anchorOffset) : firstSeen();
  const next = by > 0
    ? all.find((each) => (hand ? each.start > at && each.end > hand.end : each.end > at))
    : all.findLast((each) => each.start < at);
  if (!next) return null;
  getSelection().removeAllRanges();
  hideBar();
  take(located(next.start, next.end), { scroll: true });
  return hand;
}

// Where a word may start or end; a figure keeps its sign.
function stops(block) {
  const parts = [...words.segment(block.textContent)];
  const has = (i, sign) => (sign.test(parts[i]?.segment) ? 1 : 0);
  let at = startOf(block);
  const whole = { start: at, end: at + points(block.textContent.trimEnd()) };
  return parts.flatMap(({ segment, isWordLike }, i) => {
    const from = at;
    at += points(segment);
    return isWordLike ? [{ start: from - has(i - 1, /[$€£¥₩]$/), end: at + has(i + 1, /^[%‰°€]/) }] : [];
  }).concat(whole, sentencesOf(block)); // a sentence ends behind its full stop
}

const around = (offset) => {
  const all = blocks();
  const i = Math.max(0, all.indexOf(blockAt(offset)));
  return all.slice(Math.max(0, i - 1), i + 2).flatMap(stops);
};

// By a word. False where that leaves the paragraph: the same again goes on.
export function moveEdge(by, side) {
  const at = hand[side];
  const all = around(at).map((word) => word[side]).sort((a, b) => a - b);
  const to = by > 0 ? all.find((each) => each > at) : all.findLast((each) => each < at);
  const { start, end } = { ...hand, [side]: to };
  if (!(start < end)) return true;
  const block = (offset) => blockAt(side === "end" ? offset - 1 : offset);
  if ((to < hand.start || to > hand.end) && block(to) !== block(at) && edge !== hand) {
    edge = hand;
    return false;
  }
  take(located(start, end), { scroll: true });
  return true;
}

export const rightToLeft = () => hand !== null && getComputedStyle(blockAt(hand.start)).direction === "rtl";

// Below the sentence being judged or above it, never over it.
export const bar = () => document.getElementById("beside-selection");

export function hideBar() {
  if (bar()) bar().hidden = true;
}
