// Another text beside this one (ADR 15): chosen, aligned, cited. The address keeps which.
import { back, card, here, isOf, text } from "./card.js";
import { blocks, located } from "./offsets.js";
import { asked, chosenLast, cross, edge, flash, locator, other, put, sentence, side, there } from "./other.js";
import { hideBar, inHand, take } from "./select.js";
import { byId, note, parsed, say } from "./swap.js";

export { cross };

const seen = (block) => !block.closest("details:not([open])") && block.getBoundingClientRect().bottom > 110;

// What is read stays in sight when the columns change.
function around(change) {
  const first = blocks().find(seen);
  change();
  if (inHand()) take(inHand(), { scroll: true });
  else first?.scrollIntoView({ block: "start" });
}

function keep(id) {
  const address = new URL(location);
  if (id) address.searchParams.set("beside", id);
  else address.searchParams.delete("beside");
  history.replaceState(history.state, "", address);
}

function shut() {
  put(null);
  byId("beside-switch")?.remove();
  byId("beside")?.remove();
}

// Opens the list of texts or, with an id, that text; without one, closes what is open.
export async function toggle(id) {
  if (id) return open(id);
  if (!other()) return import("./choose.js").then(({ choose }) => choose(), () => note("No connection."));
  around(shut);
  keep(null);
  back();
  say("The text beside is closed.");
}

async function open(id) {
  const answer = await asked(`beside/${id}/`);
  if (!answer) return;
  const fresh = parsed(answer);
  byId("beside-chooser").close();
  around(() => {
    shut();
    document.querySelector(".reader-side").before(fresh);
  });
  keep(id);
  hideBar();
  back();
  say(`${other().ariaLabel}. Press a to align, t to go there, b to close.`);
}

export async function align() {
  if (!other()) return note("Put a text beside this one first: press b.");
  const { activeElement } = document;
  const home = activeElement === other() || (activeElement !== text() && chosenLast());
  const hand = home ? there() : inHand();
  if (!hand) return note(home ? "Choose some words first." : "Choose a claim, or select some words.");
  const { article } = other().dataset;
  const query = new URLSearchParams({ start: hand.start, end: hand.end, from: home ? "other" : "this" });
  const answer = await asked(`beside/${article}/align/?${query}`);
  const found = answer && JSON.parse(answer).found;
  if (!answer || other()?.dataset.article !== article) return;
  if (!found) return note("Nothing there tells the same.");
  side(home ? "this" : "other");
  const words = located(found.start, found.end, home ? undefined : other());
  if (home) take(words, { scroll: true });
  else {
    put(words, true);
    flash(words);
  }
  const quote = words.quote.length > 120 ? `${words.quote.slice(0, 110)}…` : words.quote;
  note(`Best match: “${quote}”, ${found.alike} % alike.`);
}

export function cite() {
  const form = byId("add-source")?.querySelector("form");
  if (!form || !card().dataset.n) return note("Choose a claim first.");
  if (!there()) return note(other() ? "Select the words to cite in the text beside." : "Put a text beside this one first: press b.");
  const hand = inHand();
  if (hand && !isOf(hand)) return note("Mark or tag these words first.");
  const { article, title, publisher, published } = other().dataset;
  form.querySelector(".chosen button")?.click();
  const said = { kind: "article", article, title, publisher, published_on: published, locator: locator(), excerpt: there().quote };
  for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
  form.elements.article.nextElementSibling.textContent = title;
  form.classList.add("citing");
  side("this");
  byId("add-source").open = true;
  form.elements.excerpt.dispatchEvent(new InputEvent("input", { bubbles: true }));
  form.querySelector("[name=stance]:checked").focus();
  say("The words are in the form. Choose what they do; Ctrl and Enter saves.");
}

const KEYS = {
  j: () => sentence(1), k: () => sentence(-1), a: align, b: () => toggle(), c: cite, t: cross,
  Escape: () => { getSelection().removeAllRanges(); put(null); cross(); },
};

// One judges in the text on the left.
const elsewhere = () => note(other().dataset.why);

function pressed(event) {
  if (event.target !== other() || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
  const letter = event.key.length === 1;
  if (letter && document.documentElement.classList.contains("keys-off")) return;
  const key = letter ? event.key.toLowerCase() : event.key;
  const act = event.shiftKey && /^Arrow(Left|Right)$/.test(key) ? () => edge(event) : !event.altKey && (KEYS[key] ?? (/^\w$/.test(key) && elsewhere));
  if (!act) return;
  event.preventDefault();
  act();
}

document.addEventListener("keydown", pressed);
// What stands beside a selection does not go along with its column.
document.addEventListener("scroll", ({ target }) => target === text().parentElement && hideBar(), { passive: true, capture: true });
