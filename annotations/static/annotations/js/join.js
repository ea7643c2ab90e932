// "Join claim 12?": asked beside the words in question, answered by key or button (ADR 13).
import { back, text } from "./card.js";
import { article, located, toRange } from "./offsets.js";
import { hideBar, take } from "./select.js";
import { byId, parsed, say } from "./swap.js";

const prompt = () => byId("join");
let open = null;

// `answer(item, fields, range)`: without fields the item is dropped.
export function ask(html, item, answer) {
  if (prompt() && open.item !== item && open.about !== about(item)) return; // its turn comes
  close();
  hideBar();
  article().parentElement.append(parsed(html));
  open = { item, answer, about: about(item) };
  document.dispatchEvent(new CustomEvent("swapped"));
  const [title, words, state] = [...prompt().querySelectorAll("h2, .quote, .state")].map((each) => each.textContent);
  say(`${title} ${words}. ${state ?? ""}. Enter joins, Shift+Enter makes a new claim, Escape cancels.`);
}

const about = ({ path, range }) => `${path} ${range.start} ${range.end}`;

function close() {
  prompt()?.remove();
  open = null;
}

// Below the words or above them, and always in the window.
function put() {
  if (!prompt()) return;
  const box = (byId("sentences")?.querySelector('[aria-selected="true"]') ?? toRange(open.item.range)).getBoundingClientRect();
  const { width, height } = prompt().getBoundingClientRect();
  const column = text().getBoundingClientRect();
  const below = box.bottom + 10 + height < innerHeight ? box.bottom + 10 : box.top - height - 10;
  prompt().style.setProperty("--left", `${Math.max(8, Math.min(box.left, column.right - width))}px`);
  prompt().style.setProperty("--top", `${Math.max(56, Math.min(below, innerHeight - height - 8))}px`);
}

function settle(fields) {
  const { item, answer } = open;
  const { start, end, aspect } = fields ?? item.range;
  const range = { ...located(Number(start), Number(end)), ...(aspect && aspect !== "fact" && { aspect }) };
  close();
  back();
  if (fields?.verdict) delete fields.base; // what the page has shown since
  if (fields) take(range, { scroll: true });
  else say("Not saved.");
  answer(item, fields, range);
}

const send = (form) => settle(Object.fromEntries(new FormData(form)));
const forms = () => prompt().querySelectorAll("form");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("#join form")) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.('[data-join="cancel"]')) return;
  event.preventDefault();
  settle(null);
});

document.addEventListener("keydown", (event) => {
  const inside = prompt()?.contains(event.target);
  if (!prompt() || !(inside || event.target === text()) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") settle(null);
  else if (event.key === "Enter" && event.shiftKey) send(forms()[1]);
  else if (event.key === "Enter" && !inside) send(forms()[0]);
  else return;
  event.preventDefault();
}, { capture: true });

addEventListener("scroll", put, { passive: true, capture: true }); // of the column too, with a text beside
addEventListener("resize", put);
document.addEventListener("swapped", put);
