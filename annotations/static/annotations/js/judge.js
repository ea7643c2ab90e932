// What a reviewer does with the words in hand.
import { back, card, held, here } from "./card.js";
import { hideBar, inHand } from "./select.js";
import { save } from "./save.js";
import { note, place } from "./swap.js";

const TONES = { verified: "v", disputed: "d", needs_source: "n" };

export function withHand(act) {
  const hand = inHand();
  if (!hand) return note("Select some words first, or take the next sentence.");
  hideBar();
  act(hand);
  back();
}

export const mark = () => withHand((hand) => save(here("mark/"), { ...hand }, { range: hand, tone: "m" }));
// Whoever decided the claim in hand gives no verdict of it.
const barred = (hand) => place(hand) === place(held()) && card().querySelector("[data-barred]")?.textContent;
export const tag = (verdict) => withHand((hand) => {
  const words = barred(hand);
  if (words) note(words);
  else save(here("tag/"), { ...hand, verdict }, { range: hand, tone: TONES[verdict] });
});
export const notCheckable = (reason) => withHand((hand) => save(here("not-checkable/"), { ...hand, reason, base: "none" }, { range: hand, tone: "x" }));
export const undo = () => save(here("undo/"), {});
