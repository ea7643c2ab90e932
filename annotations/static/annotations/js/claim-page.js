// A claim's own page: its keys. Every one of them presses a button or opens a form that is there without scripts.
const byId = (id) => document.getElementById(id);
const TYPED = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable], dialog[open]";
const VERDICTS = { v: "verified", d: "disputed", n: "needs_source" };
const FOLDS = { e: "add-source", w: "why", l: "legal", c: "comments", x: "not-checkable" };
const LINKS = { o: "[data-do=move]", p: "[data-do=split]", g: "[data-do=merge]", "[": "[data-step=previous]", "]": "[data-step=next]" };
const keysOff = () => document.documentElement.classList.contains("keys-off");

function say(words) {
  byId("toasts").replaceChildren(Object.assign(document.createElement("p"), { className: "visually-hidden", textContent: words }));
}

// A decision is chosen and then given its reasons; an opinion is given at once.
function judge(verdict) {
  const choice = document.querySelector(`#decision [name=verdict][value=${verdict}]`);
  if (!choice) return byId("judge")?.querySelector(`[value=${verdict}]`)?.click();
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  say(`${choice.parentElement.textContent.trim()}. Say why.`);
  choice.form.elements.rationale.focus();
}

function unfold(id) {
  const fold = byId(id);
  if (!fold) return;
  fold.open = true;
  const fields = [...fold.querySelectorAll("[data-first], textarea, input:not([type=hidden], [type=radio]), [type=radio]:checked")];
  (fields.find((field) => field.checkVisibility()) ?? fold.querySelector("summary")).focus();
}

function letter(key) {
  if (VERDICTS[key]) judge(VERDICTS[key]);
  else if (FOLDS[key]) unfold(FOLDS[key]);
  else if (LINKS[key]) document.querySelector(`a${LINKS[key]}`)?.click();
  else if (key === "z") byId("undo")?.requestSubmit();
  else return false;
  return true;
}

function leave(field) {
  const fold = field.closest("details");
  if (fold) {
    fold.open = false;
    fold.querySelector("summary").focus();
  } else field.blur();
}

function pressed(event) {
  const { target, key } = event;
  if (event.defaultPrevented || event.isComposing) return;
  const field = target.closest?.(TYPED);
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest?.("form:not(#judge)") ?? byId("decision");
    if (form) event.preventDefault();
    return form?.requestSubmit();
  }
  if (key === "Escape") return target.closest?.("main form") && leave(target);
  const chord = (event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph");
  if (field || chord || event.metaKey || event.repeat || keysOff()) return;
  if (letter(key.toLowerCase())) event.preventDefault();
}

function pointed(event) {
  const link = event.target.closest?.("[data-unfold]");
  if (!link) return;
  event.preventDefault();
  unfold(link.dataset.unfold);
}

// What a reviewer says that it should read is one press away from the decision.
function offer(line) {
  const words = [...line.childNodes].slice(1).map((node) => node.textContent).join("").trim();
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small plain", textContent: "Use this wording" });
  button.addEventListener("click", () => {
    const field = byId("decision").elements.should_read;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  line.append(" ", button);
}

if (byId("decision")) for (const line of document.querySelectorAll(".said .reads")) offer(line);
document.addEventListener("keydown", pressed);
document.addEventListener("click", pointed);
document.addEventListener("focusin", ({ target }) => target.name === "comment" && import("./mentions.js"));
setTimeout(() => import("./claim-here.js").catch(() => {}), 1000);
document.querySelector("#notices")?.focus({ preventScroll: true });
