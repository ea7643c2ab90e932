// The claim in hand: its card.
import { article, located } from "./offsets.js";
import { take } from "./select.js";
import { byId, get, inCard } from "./swap.js";

export const here = (path) => article().dataset.url + path;
// The text, or the list of its sentences where that is shown.
export const text = () => byId("sentences") ?? article();
export const back = () => text().focus({ preventScroll: true });
export const card = () => byId("card");
export const held = () => inCard(card().dataset);
export const fetchCard = (path, scroll = true) => get(here(path)).then((found) => found && showCard(scroll));

export function showCard(scroll) {
  const hand = held();
  if (!(hand.start >= 0)) return;
  take({ ...hand, ...located(hand.start, hand.end) }, { scroll });
  current();
}

export function current() {
  document.querySelector(".claim[aria-current]")?.removeAttribute("aria-current");
  byId(`c${card().dataset.n}`)?.setAttribute("aria-current", "true");
}
