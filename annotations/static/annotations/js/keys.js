// The reader's keys, while the article has the focus; and what happens when it opens.
import { ACTIONS, ask, choose, isDeaf, list, stretch } from "./actions.js";
import { back, here, showCard, text } from "./card.js";
import "./clicks.js";
import "./forms.js";
import { article } from "./offsets.js";
import { inHand, rightToLeft } from "./select.js";
import { byId, get, note } from "./swap.js";

const root = document.documentElement;
let leftTimer;
const keysOff = () => root.classList.contains("keys-off");

function arrow(event) {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return false;
  if (!inHand()) return false;
  stretch(event.altKey ? "start" : "end", (event.key === "ArrowRight") !== rightToLeft() ? 1 : -1);
  return true;
}

function pressed(event) {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && event.target.closest(".reader-side")) back();
  if (event.target !== text()) return;
  if (arrow(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.length === 1;
  const key = letter ? event.key.toLowerCase() : event.key;
  const act = ACTIONS[key];
  if (!act || (letter && keysOff()) || (event.repeat && !"jk".includes(key))) return;
  event.preventDefault();
  if (letter && isDeaf()) return;
  const { lacks, why } = article().dataset;
  if (lacks.includes(key)) note(why);
  else act();
}

document.addEventListener("keydown", pressed);
document.addEventListener("focusin", ({ target }) => target.matches(".ref") && back()); // by the address, after load
document.addEventListener("ask", ({ detail: at }) => ask({ start: at, end: at }));
document.addEventListener("change", ({ target }) => target.matches?.(".reading-choices select") && choose(target.name, target.value));
document.addEventListener("taken", () => import("./current.js").then(({ follow }) => follow(), () => {}));
// After the frame that shows what was saved.
document.addEventListener("settled", () => {
  clearTimeout(leftTimer);
  leftTimer = setTimeout(() => byId("left") && get(here("left/")), 200);
});

const narrow = matchMedia("(max-width: 63.99rem)");
const sheet = () => narrow.matches && import("./sheet.js");
narrow.addEventListener("change", sheet);
sheet();
if (matchMedia("(pointer: coarse)").matches) import("./touch.js");

if (byId("beside")) import("./beside.js");
if (root.classList.contains("view-sentences")) list({ quiet: true });
document.activeElement.matches("input, select, textarea") || back();
showCard(true);
if (!article().dataset.lacks.includes("f") && localStorage.getItem(`aigap:facts:${document.body.dataset.who}`) === "1") import("./facts.js").then(({ toggle }) => toggle({ quiet: true }));
if ("later" in byId("left").dataset) get(here("left/"));
setTimeout(() => import("./live.js").catch(() => {}), 1000);
