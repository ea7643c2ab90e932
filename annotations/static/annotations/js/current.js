// What is current: in the list of claims, which goes along, and in the address.
import { card } from "./card.js";
import { inHand } from "./select.js";
import { byId } from "./swap.js";

const list = byId("claims");

// The claim of the card or, where they have none of it, the first of the words in hand.
function mark() {
  const hand = inHand();
  const shown = byId(`c${card().dataset.n}`);
  const row = [shown, ...list.children].find((each) => each?.dataset.start < hand?.end && each.dataset.end > hand.start) ?? shown;
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  row?.setAttribute("aria-current", "true");
  requestAnimationFrame(() => setTimeout(remember));
  return row;
}

// Where the list has a scroll of its own.
export function follow() {
  const row = mark();
  const pane = list.parentElement;
  if (pane.scrollHeight > pane.clientHeight) row?.scrollIntoView({ block: "nearest" });
}

// After the frame that shows it: what a reload comes back to.
function remember() {
  const address = new URL(location);
  const { n } = card().dataset;
  for (const name of n ? ["start", "end"] : ["claim"]) address.searchParams.delete(name);
  if (n) address.searchParams.set("claim", n);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

document.addEventListener("swapped", mark); // what others do moves no list
