// On the other pages: what the reader could not save yet, and the way to it.
import { forget, read } from "./store.js";

export function show(prefix) {
  const found = new Map();
  document.querySelectorAll("[data-unsaved]").forEach((line) => line.remove());
  for (const name of names(prefix)) found.set(path(prefix, name), [...found.get(path(prefix, name)) ?? [], name]);
  for (const [at, entries] of found) document.getElementById("main").prepend(notice(at, entries));
}

const names = (prefix) => Object.keys(localStorage).filter((name) => name.startsWith(prefix));
const path = (prefix, name) => name.slice(prefix.length).split("#")[0];

function notice(at, entries) {
  const title = read(entries[0])?.title?.split(" · ")[0];
  const line = Object.assign(document.createElement("div"), { className: "notice warning", role: "status" });
  const words = Object.assign(document.createElement("p"), { textContent: `Not saved yet: ${entries.length === 1 ? "1 change" : `${entries.length} changes`} in “${title}”.` });
  const open = Object.assign(document.createElement("a"), { className: "button small", href: at, textContent: "Open and save" });
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "button small quiet", textContent: "Discard" });
  discard.addEventListener("click", () => {
    for (const name of entries) forget(name);
    line.remove();
  });
  line.dataset.unsaved = "";
  const row = Object.assign(document.createElement("p"), { className: "row" });
  row.append(open, discard);
  const body = Object.assign(document.createElement("div"), { className: "body" });
  body.append(words, row);
  line.append(body);
  return line;
}
