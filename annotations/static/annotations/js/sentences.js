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
  Object.assign(box, { id: "sentences", tabIndex: 0, role: "listbox", ariaLabel: `Sentences of ${article().ariaLabel}` });
  box.lang = article().lang;
  box.dir = article().dir;
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
  const wide = [...article().querySelectorAll(".ref[data-from]")].map((ref) => [Number(ref.dataset.from), offsetAt(ref, 0), ref]);
  for (const block of here) if (groups.get(block.id)?.block !== block) put(block, wide);
  all = [...list().querySelectorAll("[role=option]")];
  all.forEach((option, i) => { option.ariaPosInSet = i + 1; option.ariaSetSize = all.length; });
  if (active && !active.isConnected) mark(byId(active.id));
}

// `wide`: claims over several sentences, which are named at each of them.
function put(block, wide) {
  const group = make("div", `paragraph${block.matches(".headline, .subheading, .deck") ? " heading" : ""}`);
  group.role = "presentation";
  const refs = [...block.querySelectorAll(".ref")].map((ref) => [offsetAt(ref, 0), ref]);
  const cuts = sentencesOf(block);
  cuts.forEach(({ start, end }, i) => {
    const from = i ? start : startOf(block);
    const to = cuts[i + 1]?.start ?? Infinity;
    const ending = refs.filter(([place]) => place > from && place <= to).map(([, ref]) => [ref, ""]);
    const going = wide.filter(([first, last, ref]) => first < end && last > end && !ending.some(([each]) => each === ref));
    group.append(option(block, { start, end }, [...ending, ...going.map(([, , ref]) => [ref, ", goes on"])]));
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
    const said = refs.map(([ref, more]) => ref.ariaLabel.replace(/^C/, "c") + more).join("; ");
    found.append(make("span", `verdicts ${refs[0][0].classList[1] ?? ""}`, ` — ${said}`));
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

const choose = () => import("./words.js").then((words) => words.choose(at(active)), () => note("No connection."));

document.addEventListener("swapped", refresh);
document.addEventListener("taken", () => { if (list() && inHand()) activate(optionAt(inHand().start), { keep: true }); });
