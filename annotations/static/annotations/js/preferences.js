// How this person reads: at once in the page, and saved for every device.
import { save } from "./save.js";

const root = document.documentElement;

export function choose(name, value) {
  for (const each of [...root.classList]) if (each.startsWith(`${name}-`)) root.classList.remove(each);
  root.classList.add(`${name}-${value}`);
  save("/account/reading/", { [name]: value });
}
