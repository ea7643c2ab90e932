// What is current: the card's claim in the list, and in the address.
import { card } from "./card.js";
import { byId } from "./swap.js";

const list = byId("claims");

export function mark() {
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  byId(`c${card().dataset.n}`)?.setAttribute("aria-current", "true");
  requestAnimationFrame(() => setTimeout(remember));
}

// After the frame that shows it: what a reload comes back to.
function remember() {
  const address = new URL(location);
  const { n } = card().dataset;
  for (const name of n ? ["start", "end"] : ["claim"]) address.searchParams.delete(name);
  if (n) address.searchParams.set("claim", n);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

document.addEventListener("swapped", mark);
