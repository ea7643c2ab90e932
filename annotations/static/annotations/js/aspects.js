// What of the words is judged: what is claimed, that it was said, the wording.
import { back, fetchCard, held } from "./card.js";
import { tag } from "./judge.js";
import { located } from "./offsets.js";
import { inHand, take } from "./select.js";
import { note } from "./swap.js";

// Takes the aspect in hand; with a verdict, judges it at once.
export function choose(aspect, verdict) {
  const { start, end } = verdict ? held() : inHand() ?? held();
  if (!(start >= 0)) return note("Choose a claim, or select some words.");
  if (!verdict) return fetchCard(`card/?start=${start}&end=${end}&aspect=${aspect}`, false).then(back);
  take({ ...located(start, end), ...(aspect !== "fact" && { aspect }) });
  tag(verdict);
}
