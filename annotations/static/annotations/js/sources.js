// The form that adds a source: what is known already, suggested while one types.
import { here } from "./card.js";
import "./upload.js";
import { byId, headers, say } from "./swap.js";

const PAUSE = 180;
let waiting = 0;
let asked = 0;

const list = () => byId("known");
const options = () => [...(list()?.children ?? [])];
const active = () => list()?.querySelector("[aria-selected=true]");

function close(box) {
  clearTimeout(waiting);
  asked += 1;
  list()?.remove();
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
}

async function look(box) {
  const mine = (asked += 1);
  const query = new URLSearchParams({ q: box.value, for: box.dataset.known });
  const response = await fetch(here(`known-sources/?${query}`), { headers: headers() }).catch(() => null);
  const html = response?.ok && !response.redirected ? await response.text() : "";
  if (mine !== asked || document.activeElement !== box) return;
  list()?.remove();
  byId("already")?.remove();
  box.insertAdjacentHTML("afterend", html);
  const found = options().length;
  box.setAttribute("aria-expanded", String(found > 0));
  box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-controls", "known");
  // Not below the edge of the card, nor under the keyboard of the screen.
  for (const id of ["known", "already"]) byId(id)?.scrollIntoView({ block: "nearest" });
  const same = byId("already")?.firstChild.textContent;
  if (same) say(`${same}${byId("already").children[0].textContent}. Arrow down to choose it.`);
  else if (found) say(`${found} already in this collection. Arrow down to choose.`);
}

function typed({ target: box }) {
  if (!box.matches?.("[data-known]")) return;
  clearTimeout(waiting);
  byId("already")?.remove();
  if (!box.value) return close(box);
  waiting = setTimeout(look, PAUSE, box);
}

function step(box, by) {
  const all = options();
  const at = all.indexOf(active());
  const next = all[(at + by + all.length + (at < 0 && by < 0)) % all.length];
  active()?.setAttribute("aria-selected", "false");
  next.ariaSelected = "true";
  next.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", next.id);
}

function take(box, option) {
  const { value, name } = option.dataset;
  const form = box.form;
  close(box);
  byId("already")?.remove();
  if (box.dataset.known === "article") {
    box.value = value;
    box.nextElementSibling?.matches(".hint") && (box.nextElementSibling.textContent = name);
    say(`${name} chosen.`);
    return;
  }
  const row = document.createElement("p");
  row.className = "chosen";
  row.dir = "auto";
  row.append(name, Object.assign(document.createElement("input"), { type: "hidden", name: "source", value }));
  const other = Object.assign(document.createElement("button"), { type: "button", className: "button small plain", textContent: "Another source" });
  other.addEventListener("click", () => { row.remove(); form.classList.remove("taken"); box.focus(); });
  row.append(other);
  form.querySelector(".facts").before(row);
  form.classList.add("taken");
  form.elements.locator.focus();
  say(`${name} chosen: the same source is cited.`);
}

function pressed(event) {
  const box = event.target;
  if (!box.matches?.("[data-known]") || !options().length || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.key === "ArrowDown") step(box, 1);
  else if (event.key === "ArrowUp") step(box, -1);
  else if (event.key === "Escape") close(box);
  else if (event.key === "Enter" && active()) take(box, active());
  else return;
  event.preventDefault();
}

// The notice stays when the field has been left.
function pointed({ target }) {
  const same = target.closest?.("#already button");
  if (same) take(same.closest(".field").querySelector("[data-known]"), same);
}

function clicked(event) {
  const option = event.target.closest?.("#known [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest(".field").querySelector("[data-known]"), option);
}

document.addEventListener("input", typed);
document.addEventListener("keydown", pressed, true);
document.addEventListener("mousedown", clicked);
document.addEventListener("click", pointed);
document.addEventListener("focusout", ({ target }) => target.matches?.("[data-known]") && close(target));

// Typed before this was here.
typed({ target: document.activeElement });
