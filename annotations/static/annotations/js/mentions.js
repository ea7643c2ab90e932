// Names behind an @ in a comment, suggested while one types.
const PAUSE = 150;
const BEGUN = /(?:^|[^\p{L}\p{N}_@.+-])@(?:"([^"\n]{0,60})|([\p{L}\p{N}_.+-]{0,60}))$/u;
let waiting = 0;
let asked = 0;

const list = () => document.getElementById("named");
const options = () => [...(list()?.children ?? [])];
const active = () => list()?.querySelector("[aria-selected=true]");
const isBox = (each) => each?.matches?.("textarea[name=comment]");

const voice = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" });
document.body.append(voice);
const say = (words) => { voice.textContent = voice.textContent === words ? `${words}\u00a0` : words; };

// What is typed of a name before the caret, and where its @ stands.
function begun(box) {
  const { selectionStart: caret, selectionEnd, value } = box;
  const found = caret === selectionEnd && BEGUN.exec(value.slice(0, caret));
  return found ? { typed: found[1] ?? found[2], at: found.index + found[0].indexOf("@"), caret } : null;
}

function close(box) {
  clearTimeout(waiting);
  asked += 1;
  list()?.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) box.removeAttribute(name);
}

async function look(box) {
  const name = begun(box);
  if (!name) return close(box);
  const mine = (asked += 1);
  const [home] = location.pathname.match(/^\/c\/[^/]+\//);
  const answer = await fetch(`${home}people/?${new URLSearchParams({ q: name.typed })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== asked || document.activeElement !== box) return;
  close(box);
  if (!html) return;
  box.insertAdjacentHTML("afterend", html);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "named");
  list().scrollIntoView({ block: "nearest" });
  const found = options().length;
  say(`${found} ${found === 1 ? "person" : "people"}. Arrow down to choose.`);
}

function typed({ target: box }) {
  if (!isBox(box)) return;
  clearTimeout(waiting);
  if (begun(box)) waiting = setTimeout(look, PAUSE, box);
  else close(box);
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

// Who has typed on since keeps it: from the @ to where the caret is now.
function take(box, option) {
  const name = begun(box);
  close(box);
  if (!name) return;
  box.setRangeText(`${option.dataset.value} `, name.at, name.caret, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  say(`${option.dataset.name} is asked to answer.`);
}

function pressed(event) {
  const { target: box, key } = event;
  if (!isBox(box) || !options().length || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (key === "ArrowDown") step(box, 1);
  else if (key === "ArrowUp") step(box, -1);
  else if (key === "Escape") close(box);
  else if ((key === "Enter" || key === "Tab") && active()) take(box, active());
  else return;
  event.preventDefault();
}

function clicked(event) {
  const option = event.target.closest?.("#named [role=option]");
  if (!option) return;
  event.preventDefault(); // the focus stays in the comment
  take(list().previousElementSibling, option);
}

document.addEventListener("input", typed);
document.addEventListener("keydown", pressed, true);
document.addEventListener("mousedown", clicked);
document.addEventListener("focusout", ({ target }) => isBox(target) && close(target));

// Typed before this was here.
typed({ target: document.activeElement });
