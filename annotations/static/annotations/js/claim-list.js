// Keys in the list of claims, while it has the focus or nothing has; and how many are picked.
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";
const byId = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll("#claims > li")];
const link = (row) => row?.querySelector("a.quote");
const box = (row) => row?.querySelector(".claim-pick input");
const inHand = () => document.activeElement.closest("#claims > li");
let anchor = null; // where a stretch of picks begins
let last = null; // the row that had the focus

function take(row) {
  if (!row) return;
  link(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  const now = all.indexOf(inHand() ?? last);
  take(all[Math.min(all.length - 1, Math.max(0, now + (now < 0 ? 1 : step)))]);
}

const tell = () => {
  const output = byId("picked");
  if (!output) return;
  const n = document.querySelectorAll("#claims .claim-pick :checked").length;
  const all = document.querySelector(".bulk-bar [name=everything]").checked;
  output.value = all ? "" : n ? `${n} picked` : "None picked";
};

function pick(row, stretch) {
  if (!box(row)) return;
  const all = rows();
  const from = stretch ? all.indexOf(anchor) : -1;
  if (from < 0) {
    box(row).checked = !box(row).checked;
    anchor = row;
  } else {
    const [first, end] = [from, all.indexOf(row)].sort((a, b) => a - b);
    for (const each of all.slice(first, end + 1)) box(each).checked = box(anchor).checked;
  }
  tell();
}

const search = () => {
  byId("id_q").focus();
  byId("id_q").select();
};
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => pick(inHand(), false),
  X: () => pick(inHand(), true),
  a: () => byId("do")?.focus(),
  "/": search,
  "?": () => byId("list-keys").showModal(),
};

function leave(event) {
  if (event.target.closest("dialog") || !event.target.closest("#claim-filters, .bulk-bar")) return;
  event.preventDefault(); // which would empty the search box
  const row = rows().includes(last) ? last : rows()[0];
  if (row) take(row);
  else byId("main").focus();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const { target, key } = event;
  if (key === "Escape") leave(event);
  if (key === "Enter" && target.matches(".claim-pick input")) { // which would send the form
    event.preventDefault();
    link(inHand()).click();
  }
  const here = target.closest("#claims") || target.matches("body, #main, #notices");
  const act = KEYS[key];
  if (!act || !here || target.closest(FIELDS) || document.documentElement.classList.contains("keys-off")) return;
  if (event.repeat && !"jk".includes(key)) return;
  event.preventDefault();
  act();
}

function clicked(event) {
  const row = event.target.closest(".claim-pick input") && event.target.closest("li");
  if (row && event.shiftKey && rows().includes(anchor) && row !== anchor) {
    const [ticked, start] = [event.target.checked, anchor];
    box(start).checked = ticked;
    pick(row, true);
  } else if (row) anchor = row;
  if (event.target.closest("[data-list-keys]")) byId("list-keys").showModal();
}

// New results do not take the focus away: it stays on the claim, or goes to the first.
let held = null;
document.addEventListener("htmx:beforeSwap", () => {
  held = byId("results")?.contains(document.activeElement) ? link(inHand())?.href ?? "first" : null;
});
document.addEventListener("htmx:afterSwap", () => {
  tell();
  if (!held || document.activeElement !== document.body) return;
  const row = rows().find((each) => link(each).href === held) ?? rows()[0];
  if (row) take(row);
  else search();
});
document.addEventListener("focusin", () => { last = inHand() ?? last; });
document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("change", ({ target }) => target.closest(".bulk") && tell());
tell();
