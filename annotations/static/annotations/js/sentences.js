// The text as a list of sentences, for ears: a listbox that keeps the focus while its options change (ADR 18).
import { article, blocks, located, offsetAt, startOf } from "./offsets.js";
import { inHand, sentencesOf, take } from "./select.js";
import { byId, note, say } from "./swap.js";

const PAGE = 10;
const root = document.documentElement;
const groups = new Map();
let all = [];
let active = null;

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
const list = () => byId("sentences");
const at = ({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) });

export function toggle({ quiet = false } = {}) {
  if (list() && root.classList.contains("view-sentences")) return close();
  root.classList.add("view-sentences");
  press(true);
  build();
  const from = inHand();
  activate(optionAt(from?.start ?? 0), { keep: from !== null });
  list().focus({ preventScroll: true });
  if (!quiet) say(`${all.length} sentences. Arrow keys walk them; s shows the text again.`);
  return true;
}

function close() {
  root.classList.remove("view-sentences");
  press(false);
  list().remove();
  byId("choose-button")?.remove();
  groups.clear();
  article().focus({ preventScroll: true });
  say("The text.");
  return false;
}

const press = (on) => document.querySelector('[data-do="sentences"]')?.setAttribute("aria-pressed", String(on));

function build() {
  const box = make("div", "sentences");
  Object.assign(box, { id: "sentences", tabIndex: 0, role: "listbox" });
  box.lang = article().lang;
  box.dir = article().dir;
  box.setAttribute("aria-label", `Sentences of ${article().getAttribute("aria-label")}`);
  box.addEventListener("keydown", walk);
  box.addEventListener("click", ({ target }) => { const one = target.closest("[role=option]"); if (one) { activate(one); box.focus({ preventScroll: true }); } });
  const words = make("button", "button small quiet", "Choose words");
  Object.assign(words, { id: "choose-button", type: "button" });
  words.addEventListener("click", choose);
  article().before(words, box);
  refresh();
}

// Only paragraphs that were exchanged are written anew.
function refresh() {
  if (!list()) return;
  const here = blocks().filter((block) => block.dataset.s && !block.matches(".furniture"));
  for (const block of here) if (groups.get(block.id)?.block !== block) put(block);
  all = [...list().querySelectorAll("[role=option]")];
  all.forEach((option, i) => { option.ariaPosInSet = i + 1; option.ariaSetSize = all.length; });
  if (active && !active.isConnected) mark(byId(active.id));
}

function put(block) {
  const group = make("div", `paragraph${block.matches(".headline, .subheading, .deck") ? " heading" : ""}`);
  group.role = "presentation";
  const refs = [...block.querySelectorAll(".ref")].map((ref) => [offsetAt(ref, 0), ref]);
  const cuts = sentencesOf(block);
  cuts.forEach(({ start, end }, i) => {
    const from = i ? start : startOf(block);
    const to = cuts[i + 1]?.start ?? Infinity;
    group.append(option(block, { start, end }, refs.filter(([place]) => place > from && place <= to).map(([, ref]) => ref)));
  });
  const old = groups.get(block.id)?.group;
  if (old) old.replaceWith(group);
  else list().append(group);
  groups.set(block.id, { block, group });
}

function option(block, { start, end }, refs) {
  const found = make("div", "sentence");
  Object.assign(found, { id: `s${start}`, role: "option", ariaSelected: "false" });
  Object.assign(found.dataset, { start, end });
  if (block.matches(".headline, .subheading") && startOf(block) <= start) found.append(make("span", "visually-hidden", "Heading: "));
  found.append(located(start, end).quote);
  if (refs.length) {
    const said = refs.map((ref) => ref.getAttribute("aria-label").replace(/^C/, "c")).join("; ");
    found.append(make("span", `verdicts ${refs[0].classList[1] ?? ""}`, ` — ${said}`));
  }
  return found;
}

const optionAt = (offset) => all.findLast((each) => Number(each.dataset.start) <= offset) ?? all[0];

function mark(option) {
  if (active) active.ariaSelected = "false";
  active = option;
  if (!option) return;
  option.ariaSelected = "true";
  list().setAttribute("aria-activedescendant", option.id);
}

// `keep`: the words in hand stay, where they are a part of the sentence.
function activate(option, { keep = false } = {}) {
  if (!option) return;
  mark(option);
  option.scrollIntoView({ block: "nearest" });
  if (!keep) take(located(at(option).start, at(option).end));
}

function walk(event) {
  if (event.target !== list() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const now = all.indexOf(active);
  const letters = root.classList.contains("keys-off") ? {} : { j: now + 1, k: now - 1 };
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1, PageDown: now + PAGE, PageUp: now - PAGE, ...letters }[event.key];
  if (to === undefined && event.key !== "F2") return;
  event.preventDefault();
  if (event.key === "F2") return choose();
  if (to < 0 && now === 0) return note("This is the first sentence.");
  if (to >= all.length && now === all.length - 1) return note("This is the last sentence.");
  activate(all[Math.max(0, Math.min(to, all.length - 1))]);
}

function choose() {
  byId("f-words").value = located(at(active).start, at(active).end).quote;
  byId("words-wrong").textContent = "";
  byId("choose-words").showModal();
  byId("f-words").select();
}

function chosen(event) {
  if (!event.target.matches("[data-words]")) return;
  event.preventDefault();
  const { start, end } = at(active);
  const { quote } = located(start, end);
  const words = byId("f-words").value.trim();
  const index = words ? quote.indexOf(words) : -1;
  const again = index >= 0 && quote.indexOf(words, index + 1) >= 0;
  byId("words-wrong").textContent = again ? "These words stand there more than once: leave a word more." : "These words do not stand in the sentence like this.";
  if (index < 0 || again) return byId("f-words").focus();
  const from = start + [...quote.slice(0, index)].length;
  byId("choose-words").close();
  take(located(from, from + [...words].length));
  list().focus({ preventScroll: true });
  say(`In hand: ${words}`);
}

document.addEventListener("swapped", refresh);
document.addEventListener("taken", () => { if (list() && inHand()) activate(optionAt(inHand().start), { keep: true }); });
document.addEventListener("submit", chosen);
