// The claim in hand: its card.
import { article, located } from "./offsets.js";
import { take } from "./select.js";
import { byId, get, inCard, say } from "./swap.js";

export const here = (path) => article().dataset.url + path;
// The text, or the list of its sentences where that is shown.
export const text = () => byId("sentences") ?? article();
export const back = () => text().focus({ preventScroll: true });
export const card = () => byId("card");
export const held = () => inCard(card().dataset);
export const isOf = ({ start, end }) => held().start === start && held().end === end;

export async function fetchCard(path, scroll = true) {
  const before = byId("said").textContent;
  if (!await get(here(path))) return;
  showCard(scroll);
  if (byId("said").textContent === before) say(told());
}

// What came to hand: its number and state, and its words where the list does not say them.
function told() {
  const [head, number, quote] = ["h2", "h2 .no", ".quote"].map((each) => card().querySelector(each));
  if (!head) return [...card().querySelectorAll("p")].find((each) => each.offsetParent)?.textContent ?? "";
  const state = head.textContent.slice(number?.textContent.length ?? 0).trim();
  return [number && card().ariaLabel, state, !byId("sentences") && quote?.textContent].filter(Boolean).join(". ");
}

export function showCard(scroll) {
  const hand = held();
  if (!(hand.start >= 0)) return;
  take({ ...hand, ...located(hand.start, hand.end) }, { scroll });
}
