// Moving a claim, splitting it, merging two: words are picked with whatever else selects them.
import { back, card, here, showCard, text } from "./card.js";
import { article } from "./offsets.js";
import { save } from "./save.js";
import { hideBar, inHand } from "./select.js";
import { apply, byId, fetched, note, say } from "./swap.js";

let job = null;

const KINDS = {
  move: {
    title: (n) => `Move claim ${n}`,
    hint: `Select its words anew${matchMedia("(pointer: coarse)").matches ? "" : ": drag over them, or Shift with the arrows, with Alt for the start"}.`,
    act: () => finish([inHand()]),
    label: "Save the place",
  },
  split: {
    title: (n) => `Split claim ${n} into parts`,
    hint: "Select each part within the claim and add it. The claim itself stays.",
    act: add,
    label: "Add this part",
  },
};

export const move = () => begin("move");
export const split = () => begin("split");
export const merge = () => door("merge") && panel(door("merge").href);

function door(kind) {
  const found = card().querySelector(`[data-do="${kind}"]`);
  if (!found) note(card().dataset.n ? "Others have worked on this claim, or it is an editor's to do." : "Choose a claim first.");
  return found;
}

function begin(kind) {
  if (!door(kind)) return;
  leave();
  hideBar();
  const { n, revision, start, end } = card().dataset;
  job = { kind, n, revision, start: Number(start), end: Number(end), parts: [] };
  showCard(true);
  document.documentElement.classList.add("picking");
  draw();
  back();
  say(`${KINDS[kind].title(n)}. ${KINDS[kind].hint} Enter: ${KINDS[kind].label}. Escape leaves it.`);
}

const element = (tag, fields, ...inside) => {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...inside);
  return made;
};
const button = (label, key, act, kind = "") => {
  const made = element("button", { type: "button", className: `button small ${kind}` }, `${label} `, ...(key ? [element("kbd", {}, key)] : []));
  made.addEventListener("click", act);
  return made;
};

function draw() {
  const { title, hint, act, label } = KINDS[job.kind];
  const words = element("blockquote", { className: "quote", dir: "auto" }, inHand()?.quote ?? "");
  const parts = job.parts.map((part) => element("li", {}, element("span", { dir: "auto" }, part.quote), button("Remove", "", () => drop(part), "plain")));
  const done = job.kind === "split" ? [button(`Save ${job.parts.length} parts`, "Ctrl+Enter", () => finish(job.parts), "quiet")] : [];
  const made = element("section", { id: "placing", className: "join", role: "group", ariaLabel: title(job.n) },
    element("h2", {}, title(job.n)), element("p", { className: "hint" }, hint), words, element("ol", { className: "claim-links" }, ...parts),
    element("div", { className: "row" }, button(label, "Enter", act), ...done, button("Leave it", "Esc", leave, "plain")));
  const old = byId("placing");
  if (old) old.replaceWith(made);
  else article().parentElement.append(made);
}

function leave() {
  if (!job) return;
  job = null;
  byId("placing")?.remove();
  document.documentElement.classList.remove("picking");
  back();
}

function add() {
  const part = inHand();
  const inside = part && part.start >= job.start && part.end <= job.end && part.end - part.start < job.end - job.start;
  if (!inside) return note("A part lies within the claim and is shorter.");
  if (!job.parts.some(({ start, end }) => start === part.start && end === part.end)) job.parts.push(part);
  job.parts.sort((a, b) => a.start - b.start);
  draw();
  say(`Part ${job.parts.length}: ${part.quote}`);
  back();
}

function drop(part) {
  job.parts = job.parts.filter((other) => other !== part);
  draw();
  back();
}

function finish(places) {
  if (!places[0]) return note("Select the words first.");
  if (job.kind === "split" && places.length < 2) return note("Add two parts or more.");
  const { kind, n, revision } = job;
  const picked = places.map(({ start, end, quote }) => ({ start, end, quote }));
  leave();
  if (kind === "split") { // not its last part, which may still be selected
    getSelection().removeAllRanges();
    showCard(true);
  }
  save(here(`claims/${n}/${kind}/`), { places: JSON.stringify(picked), base: revision });
}

async function panel(address) {
  const answer = await fetched(address);
  if (!answer) return;
  apply(answer.text);
  if (card().matches(".placing")) card().focus();
}

document.addEventListener("keydown", (event) => {
  const mine = job && (event.target === text() || byId("placing").contains(event.target));
  if (!mine || event.altKey || event.shiftKey) return;
  if (event.key === "Escape") leave();
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) finish(job.kind === "split" ? job.parts : [inHand()]);
  else if (event.target !== text()) return;
  else if (event.key === "Enter") KINDS[job.kind].act();
  else if (event.key.length === 1 && !/[jk?]/i.test(event.key) && !event.ctrlKey && !event.metaKey) note("Save the place first, or leave it with Esc.");
  else return;
  event.preventDefault();
}, { capture: true });

const redraw = () => setTimeout(() => {
  const words = job && byId("placing").querySelector(".quote");
  if (words && inHand() && words.textContent !== inHand().quote) words.textContent = inHand().quote;
  if (job) hideBar();
});
for (const kind of ["keyup", "click", "selectionchange", "taken"]) document.addEventListener(kind, redraw);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  panel(link.href);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-panel]")) return;
  event.preventDefault();
  panel(`${event.target.getAttribute("action")}?${new URLSearchParams(new FormData(event.target))}`);
});
