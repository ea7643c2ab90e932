// Selecting by finger: a long press selects, as everywhere; then two handles, one over the beginning, one below the end.
import { isOf } from "./card.js";
import { article, fromRange, toRange } from "./offsets.js";
import { inHand, rightToLeft, take } from "./select.js";
import { byId } from "./swap.js";

const SETTLED = 400;
const EDGE = 48;
let fingers = 0;
let timer = 0;
let drag = null;
let frame = 0;

const made = (side) => {
  const handle = document.createElement("div");
  handle.className = `handle ${side}`;
  handle.dataset.side = side;
  handle.ariaHidden = "true"; // the buttons "Shorter" and "Longer" do the same
  handle.hidden = true;
  document.body.append(handle);
  return handle;
};
const handles = { start: made("start"), end: made("end") };

// Safari empties the selection when a button is tapped: what is in hand stays.
function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount || !article().contains(selection.anchorNode)) return;
  const range = fromRange(selection.getRangeAt(0));
  if (!range) return;
  take(range);
  clearTimeout(timer);
  timer = setTimeout(adopt, SETTLED);
}

// Ours snap to whole letters and are large; the browser's would stand over them.
function adopt() {
  if (fingers) timer = setTimeout(adopt, SETTLED);
  else if (inHand()) getSelection().removeAllRanges();
  put();
}

const touching = ({ touches }) => { fingers = touches.length; };

// The first or the last letter in hand.
function letter(side) {
  const { start, end } = inHand();
  return toRange(side === "start" ? { start, end: start + 1 } : { start: end - 1, end }).getBoundingClientRect();
}

function point(side) {
  const box = letter(side);
  const atRight = (side === "end") !== rightToLeft();
  return { x: atRight ? box.right : box.left, top: box.top, bottom: box.bottom };
}

function pending() {
  const hand = inHand();
  const picking = document.documentElement.classList.contains("picking");
  return hand && getSelection().isCollapsed && (picking || !isOf(hand));
}

function put() {
  frame = 0;
  const shown = pending() && article().offsetParent;
  for (const [side, handle] of Object.entries(handles)) {
    const at = shown && point(side);
    handle.hidden = !at || !(at.bottom > at.top);
    if (handle.hidden) continue;
    handle.style.setProperty("left", `${at.x + scrollX}px`);
    handle.style.setProperty("top", `${(side === "start" ? at.top : at.bottom) + scrollY}px`);
  }
}

const soon = () => { frame ||= requestAnimationFrame(put); };

function grasp(event) {
  const side = event.target.dataset?.side;
  if (!side || !handles[side] || !inHand()) return;
  event.preventDefault();
  const at = point(side);
  event.target.setPointerCapture(event.pointerId);
  // The finger is beside the letters that it moves.
  drag = { side, id: event.pointerId, dx: at.x - event.clientX, dy: (at.top + at.bottom) / 2 - event.clientY };
  document.documentElement.classList.add("dragging");
}

function caret(x, y) {
  const at = document.caretPositionFromPoint?.(x, y);
  if (at) return [at.offsetNode, at.offset];
  const range = document.caretRangeFromPoint?.(x, y);
  return range && [range.startContainer, range.startOffset];
}

function moved(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const y = event.clientY + drag.dy;
  const bottom = Math.min(innerHeight, byId("toolbar").getBoundingClientRect().top);
  const pane = byId("beside") ? article().parentElement : window;
  if (y < EDGE * 2) pane.scrollBy(0, -EDGE / 4);
  else if (y > bottom - EDGE) pane.scrollBy(0, EDGE / 4);
  const place = caret(event.clientX + drag.dx, y);
  if (!place || !article().contains(place[0])) return;
  const range = toRange(inHand());
  if (drag.side === "start") range.setStart(...place);
  else range.setEnd(...place);
  const found = !range.collapsed && fromRange(range);
  const fixed = drag.side === "start" ? "end" : "start";
  if (found && found[fixed] === inHand()[fixed]) take({ ...found, ...(inHand().aspect && { aspect: inHand().aspect }) });
}

function released(event) {
  if (event.pointerId !== drag?.id) return;
  drag = null;
  document.documentElement.classList.remove("dragging");
}

document.addEventListener("selectionchange", selected);
for (const kind of ["touchstart", "touchend", "touchcancel"]) document.addEventListener(kind, touching, { passive: true });
document.addEventListener("pointerdown", grasp);
document.addEventListener("pointermove", moved);
for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, released);
for (const kind of ["taken", "swapped", "selectionchange"]) document.addEventListener(kind, soon);
addEventListener("scroll", soon, { passive: true, capture: true }); // of the column too, with a text beside
addEventListener("resize", soon);
put();
