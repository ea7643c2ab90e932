// What is typed is kept until it is saved or thrown away: through a reload, a crash, a sign-in (ADR 11).
import { forget, keep as store, read } from "./store.js";

const OURS = `aigap:draft:${document.body.dataset.who}:`;
const DAYS = 30 * 86400000;
const TYPED = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit])";
const timers = new Map();
const seen = new WeakSet(); // a form is filled once, before anything is typed into it

const actionOf = (form) => new URL(form.getAttribute("action") || location.pathname, location).pathname;
const fieldsOf = (form) => [...form.querySelectorAll(`${TYPED}, input[type=hidden][name$=base]`)].filter(({ name, disabled }) => name && !disabled);
const isDraftable = (form) => form?.matches("[data-draft], #card form[data-save]");

// One of several boxes or buttons is told by its value.
const choice = ({ type }) => type === "radio" || type === "checkbox";
const nameOf = (field) => (choice(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (choice(field) ? field.checked : field.value);
const asServed = (field) => {
  if (choice(field)) return field.defaultChecked;
  if (field.localName === "select") return ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value;
  return field.defaultValue;
};

const draftOf = (action) => read(OURS + action);

function write(action, draft) {
  try {
    if (draft) store(OURS + action, JSON.stringify(draft));
    else if (localStorage.getItem(OURS + action) !== null) forget(OURS + action);
  } catch { /* the storage is full or off: the page still has it */ }
}

function keep(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const fields = fieldsOf(form);
  const typed = fields.some((field) => field.type !== "hidden" && valueOf(field) !== asServed(field));
  write(actionOf(form), typed ? { at: Date.now(), fields: Object.fromEntries(fields.map((field) => [nameOf(field), valueOf(field)])) } : null);
}

// What the server has sent back with its answer, it has filled itself.
function restore(form) {
  if (!isDraftable(form) || seen.has(form) || "bound" in form.dataset) return;
  const draft = draftOf(actionOf(form));
  if (!draft) return;
  seen.add(form);
  const other = fieldsOf(form).filter((field) => (draft.fields[nameOf(field)] ?? valueOf(field)) !== valueOf(field));
  if (other.every(({ type }) => type === "hidden")) return;
  for (const field of other) {
    const value = draft.fields[nameOf(field)];
    field.dataset.served = field.value;
    if (choice(field)) field.checked = value;
    else field.value = value;
  }
  tell(form, draft.at);
}

function tell(form, at) {
  const time = new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const line = Object.assign(document.createElement("p"), { className: "draft", textContent: `Your draft of ${time} is back. ` });
  line.append(Object.assign(document.createElement("button"), { type: "button", className: "button small quiet", textContent: "Discard" }));
  line.lastChild.dataset.discard = "";
  form.prepend(line);
  const fold = form.closest("details:not([open])");
  if (fold) fold.open = true;
}

function discard(form) {
  drop(actionOf(form));
  form.reset();
  for (const field of form.querySelectorAll("input[type=hidden][data-served]")) field.value = field.dataset.served;
  form.querySelector(TYPED)?.focus();
}

export function drop(action) {
  for (const form of timers.keys()) if (actionOf(form) === action) { clearTimeout(timers.get(form)); timers.delete(form); }
  write(action, null);
  for (const form of document.querySelectorAll("form:has(.draft)")) if (actionOf(form) === action) form.querySelector(".draft").remove();
}

// What the server did not take is a draft again.
export function refused({ path, fields, tone }) {
  const { key, base, ...typed } = fields;
  if (tone || !Object.keys(typed).length) return; // by a key: nothing was typed
  const draft = { at: Date.now(), fields: { ...typed } };
  for (const [name, value] of Object.entries(typed)) draft.fields[`${name}=${value}`] = true;
  write(path, draft);
  restoreAll();
}

export const restoreAll = () => { for (const form of document.querySelectorAll("form")) restore(form); };

export function typed({ target }) {
  const { form } = target;
  if (!isDraftable(form) || !target.matches(TYPED)) return;
  seen.add(form);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(keep, 200, form));
}

const flush = () => { for (const form of [...timers.keys()]) keep(form); };

// A form that is sent as a page: whether it was taken, the next page knows.
function submitted({ target: form, defaultPrevented }) {
  if (defaultPrevented || !form.matches("[data-draft], [data-drafted]")) return;
  flush();
  if (draftOf(actionOf(form))) sessionStorage.setItem("aigap:sent", actionOf(form));
}

// Taken, since the server sent us on.
function afterSending() {
  const action = sessionStorage.getItem("aigap:sent");
  sessionStorage.removeItem("aigap:sent");
  if (action && performance.getEntriesByType("navigation")[0]?.redirectCount) write(action, null);
}

function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(OURS) && !(read(name)?.at > Date.now() - DAYS)) forget(name);
  }
}

document.addEventListener("input", typed);
document.addEventListener("submit", submitted);
document.addEventListener("click", ({ target }) => target.closest?.("[data-discard]") && discard(target.closest("form")));
document.addEventListener("queued", ({ detail }) => drop(detail.path));
document.addEventListener("refused", ({ detail }) => refused(detail));
document.addEventListener("swapped", restoreAll);
document.addEventListener("htmx:afterSwap", restoreAll);
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", flush);
afterSending();
forgetOld();
restoreAll();
