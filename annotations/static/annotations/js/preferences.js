// How this person reads: at once in the page, and saved for every device.
import { save } from "./save.js";
import { inHand, take } from "./select.js";

const root = document.documentElement;

export function choose(name, value) {
  for (const each of [...root.classList]) if (each.startsWith(`${name}-`)) root.classList.remove(each);
  root.classList.add(`${name}-${value}`);
  if (name !== "view" && inHand()) take(inHand(), { scroll: true }); // larger letters push it out of sight
  save("/account/reading/", { [name]: value });
}
