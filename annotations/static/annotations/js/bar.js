// "Can it run?": the next place that stands in its way, of one kind.
import { card, fetchCard, held } from "./card.js";
import { byId } from "./swap.js";

export async function go(kind) {
  byId("left").querySelector("details").open = false;
  if (kind === "facts") return (await import("./facts.js")).walk();
  const { start, end } = held();
  const after = start >= 0 ? `${start}-${end}-${card().dataset.n}` : "";
  return fetchCard(`left/next/?for=${kind}&after=${after}`);
}
