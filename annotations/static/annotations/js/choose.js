// The list of texts that can stand beside this one: by arrows and Enter, narrowed by what is typed.
import { here } from "./card.js";
import { asked } from "./other.js";
import { byId, get, parsed, say } from "./swap.js";

const PAUSE = 180;
let waiting = 0;

export async function choose() {
  if (!await get(here("beside/"))) return;
  byId("beside-chooser").showModal();
  byId("beside-q").focus();
}

async function look() {
  const q = byId("beside-q").value;
  const answer = await asked(`beside/?${new URLSearchParams({ q })}`);
  if (!answer || byId("beside-q").value !== q) return;
  byId("beside-list").replaceWith(parsed(answer).getElementById("beside-list"));
  const { length } = byId("beside-list").querySelectorAll("a");
  say(length === 1 ? "1 text." : `${length} texts.`);
}

function inChooser(event) {
  const links = [...byId("beside-list").querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (links[at - 1] ?? byId("beside-q")).focus();
  else if (event.key === "Enter" && document.activeElement === byId("beside-q")) links[0]?.click();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => byId("beside-chooser").contains(event.target) && inChooser(event));
document.addEventListener("input", ({ target }) => {
  if (target.id !== "beside-q") return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
document.addEventListener("submit", (event) => {
  if (!event.target.closest?.("#beside-chooser")) return;
  event.preventDefault();
  look();
});
