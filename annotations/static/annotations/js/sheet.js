// On a small screen the claim in hand is a sheet: all of it, or a strip; above the keyboard of the screen (ADR 17).
import { article, toRange } from "./offsets.js";
import { inHand, take } from "./select.js";
import { byId } from "./swap.js";

const root = document.documentElement;
const FAR = 24;
const LOW = 480;
const grip = () => byId("sheet").querySelector(".grip");
const open = () => grip().ariaExpanded === "true";
let pulled = false;
let hidden = 0;

function set(whole) {
  if (whole === open()) return;
  byId("sheet").classList.toggle("peek", !whole);
  grip().ariaExpanded = whole;
  if (!whole) byId("card").scrollTop = 0;
  if (inHand()) take(inHand(), { scroll: true });
}

export const toggle = () => pulled || set(!open());

function grasp(event) {
  if (!event.target.matches?.("#sheet > .grip")) return;
  const from = event.clientY;
  const handle = event.target;
  pulled = false;
  handle.setPointerCapture(event.pointerId);
  handle.onpointermove = ({ clientY }) => {
    if (Math.abs(clientY - from) < FAR) return;
    pulled = true;
    set(clientY < from);
  };
  handle.onpointerup = handle.onpointercancel = () => {
    handle.onpointermove = null;
    setTimeout(() => { pulled = false; }); // the click at the end of a drag is none
  };
}

const WRITTEN = "#sheet :is(textarea, select, input:not([type=radio], [type=checkbox], [type=file]))";

// The keyboard takes from the visible part of the window, not from the window; so does zooming in, which moves nothing.
function fit() {
  const { height, offsetTop, scale } = visualViewport;
  const taken = scale > 1.01 ? 0 : Math.max(0, Math.round(innerHeight - height - offsetTop));
  const writing = document.activeElement.matches(WRITTEN);
  root.classList.toggle("typing", taken > 120 && writing);
  if (taken === hidden) return;
  hidden = taken;
  root.style.setProperty("--keyboard", `${hidden}px`);
  root.style.setProperty("--seen", hidden ? `${height}px` : "100dvh");
  if (inHand() && (writing || !hidden)) take(inHand(), { scroll: true });
  if (hidden && writing) requestAnimationFrame(show);
}

function show() {
  const field = document.activeElement;
  const card = byId("card");
  const label = field.closest(".field") ?? field;
  const box = label.getBoundingClientRect();
  const frame = card.getBoundingClientRect();
  if (box.bottom > frame.bottom) card.scrollTop += Math.min(box.bottom - frame.bottom + 8, box.top - frame.top);
  else if (box.top < frame.top) card.scrollTop -= frame.top - box.top + 8;
}

let seen = [];

// What comes with the answer to a tap lies over the words that were tapped. Who has gone on reading elsewhere is not called back.
function uncover() {
  const now = [byId("card").dataset.n, document.querySelector("#toast:not([data-aside])"), byId("join")];
  const at = inHand() && now.some((each, n) => each && each !== seen[n]) && toRange(inHand()).getBoundingClientRect();
  seen = now;
  if (at?.bottom > 0 && at.top < innerHeight) take(inHand(), { scroll: true });
}

// What comes up elsewhere would lie under "More"; steps are taken again and again.
const STEPS = '[data-do^="sentence:"], [data-do^="edge:"], [data-do="undo"]';

function fold({ target }) {
  const chosen = target.closest?.(".more-actions.open > .rest > button");
  if (!chosen) return;
  if (!chosen.matches(STEPS)) document.querySelector('[data-do="more"]').click();
  else if (inHand()) requestAnimationFrame(() => lift(chosen.parentElement));
}

function lift(rest) {
  const under = toRange(inHand()).getBoundingClientRect().bottom + FAR - rest.getBoundingClientRect().top;
  if (under > 0) (byId("beside") ? article().parentElement : window).scrollBy(0, under);
}

document.addEventListener("click", fold);
document.addEventListener("swapped", uncover);
document.addEventListener("pointerdown", grasp);
document.addEventListener("focusin", ({ target }) => {
  if (!target.closest?.("#card")) return;
  if (!open()) {
    set(true);
    target.scrollIntoView({ block: "nearest" });
  }
  // A button stays where it is until the finger is off.
  if (target.matches(WRITTEN)) fit();
});
document.addEventListener("focusout", () => setTimeout(fit, 100));
for (const kind of ["resize", "scroll"]) visualViewport.addEventListener(kind, fit);
fit();
if (innerHeight < LOW) set(false);
