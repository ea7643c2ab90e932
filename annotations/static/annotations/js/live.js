// What others change while the article is open, and who else reads it (ADR 12).
import { back, card, here, isOf } from "./card.js";
import { article, points, startOf } from "./offsets.js";
import { inHand } from "./select.js";
import { apply, byId, get, headers, parsed, say, signedOut, wrote } from "./swap.js";

const EVERY = 4000;
const LONGEST = 60000;
const news = new Map(); // claim → its line, to be put in when I say so
let told = article().dataset.revision;
let digest = "0";
let swaps = 0;
let heard = 0;
let pause = EVERY;
let timer, leftTimer, late, withdrawn;

const saving = () => article().ariaBusy === "true";
const element = (html) => parsed(html).firstChild;
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
const later = (ms) => { clearTimeout(timer); timer = setTimeout(poll, ms); };

async function poll() {
  clearTimeout(timer);
  if (document.hidden) return;
  const before = saving() ? -1 : swaps;
  try {
    const response = await fetch(here(`since/?n=${told}&here=${digest}`), { headers: headers(), signal: AbortSignal.timeout(10000) });
    if (signedOut(response)) return byId("trouble").firstChild || stand("You are signed out. What you have typed is still here.", "Sign in", `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
    if (response.status === 404) return stand("You are no member of this collection any more.", "My desk", "/");
    if (!response.ok && response.status !== 410) throw new Error(response.status);
    const answer = response.status === 204 ? {} : await response.json();
    pause = EVERY;
    // What the page has by now may be newer than the answer: then it is asked again.
    late = before !== swaps || saving() || article().matches(":active") || document.querySelector("dialog[open]") !== null;
    readers(answer);
    if (!late) take(answer, response);
  } catch {
    pause = Math.min(pause * 2, LONGEST);
  }
  later(pause);
}

function take({ blocks = [], claims = [], gone = [], notice, label, to }, response) {
  if (withdrawn && response.status !== 410) byId("standing")?.remove();
  withdrawn = response.status === 410;
  if (notice) stand(notice, label, to);
  const changed = blocks.map(element).filter((fresh) => byId(fresh.id) && look(fresh) !== look(byId(fresh.id)));
  const free = changed.filter((fresh) => !inUse(byId(fresh.id)));
  const lines = claims.map(({ line }) => element(line)).filter((fresh) => byId(fresh.id) && row(fresh) !== row(byId(fresh.id)));
  for (const { id, line, revision } of [...claims, ...gone]) news.set(id, { line, revision });
  if (free.length || lines.length) put([...free, ...lines].map((fresh) => fresh.outerHTML).join(""));
  draw();
  if (free.length === changed.length) told = response.headers.get("X-Revision") ?? told;
}

// Colours and letters, however they are boxed.
const look = (block) => [...block.querySelectorAll(".h, .ref")].map((each) => `${each.className} ${each.ariaLabel ?? each.textContent}`).join("\n") + block.className;
const row = (line) => line.className + line.textContent;

// Somebody is selecting there.
function inUse(block) {
  const selection = getSelection();
  if (!selection.isCollapsed && selection.containsNode(block, true)) return true;
  const hand = inHand();
  if (!hand || isOf(hand)) return false;
  return hand.start < startOf(block) + points(block.textContent) && hand.end > startOf(block);
}

// The focus stays where it was in the list.
function put(html) {
  const line = document.activeElement.closest("#claims .claim")?.id;
  wrote();
  apply(html);
  if (line && byId(line) && !byId(line).contains(document.activeElement)) byId(line).querySelector("a").focus({ preventScroll: true });
  leftTimer ??= setTimeout(count, 10000);
}

function count() {
  leftTimer = undefined;
  const left = byId("left");
  if (left && !left.matches(":focus-within") && !left.querySelector("[open]")) get(here("left/"));
}

const order = ({ dataset }) => Number(dataset.start) * 1e7 + Number(dataset.end);
const enters = (fresh) => !byId("more") || [...document.querySelectorAll("#claims .claim")].some((item) => order(item) > order(fresh));

// Not in the page yet: a claim that came or went, or what the card says.
function waits(id, { line, revision }) {
  const { dataset } = card();
  const mine = Number(dataset.n) === id;
  const listed = byId(`c${id}`) !== null;
  if (revision === undefined) return listed || mine;
  return (mine && revision > Number(dataset.revision)) || (!listed && enters(element(line)));
}

function draw() {
  for (const [id, one] of news) if (!waits(id, one)) news.delete(id);
  const words = `${news.size} change${news.size === 1 ? "" : "s"}`;
  byId("news").hidden = !news.size;
  if (news.size) byId("show").textContent = `${words} · Show`;
  if (news.size > heard) say(`${words} since you looked. The button Show puts them in.`);
  heard = news.size;
}

const written = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const deciding = () => card().matches(".conflict, .placing") || card().querySelector("form :focus") !== null
  || [...card().querySelectorAll("textarea, input:not([type=hidden])")].some(written);

async function show() {
  if (saving()) return document.addEventListener("settled", show, { once: true });
  const { n } = card().dataset;
  const kept = deciding();
  const fresh = news.has(Number(n)) && !kept;
  if (byId("news").contains(document.activeElement)) back();
  put([...news.values()].map(({ line }) => line).join(""));
  if (fresh) await get(here(`card/?claim=${n}`));
  say(news.size && kept ? "The card stays as it is while you write in it." : "The changes are shown.");
}

function readers({ here: names, digest: fresh }) {
  if (!names) return;
  digest = fresh;
  const words = `Also reading: ${names.join(", ")}`;
  const short = names.slice(0, 3).map((name) => Object.assign(make("b", "", initials(name)), { title: name }));
  if (names.length > 3) short.push(make("b", "", `+${names.length - 3}`));
  for (const each of [...short]) each.ariaHidden = "true";
  const total = Object.assign(make("span", "total", `+${names.length} here`), { ariaHidden: "true" });
  Object.assign(byId("also"), { hidden: !names.length, title: words }).replaceChildren(make("span", "visually-hidden", words), ...short, total);
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((part, i, all) => [...part].slice(0, all.length > 1 ? 1 : 2).join("")).join("");

function stand(words, label, to) {
  byId("standing")?.remove();
  const box = Object.assign(make("div", "toast trouble", words), { id: "standing" });
  box.append(Object.assign(make("a", "button small", label), { href: to || location.href }));
  byId("toasts").append(box);
  say(words);
}

document.addEventListener("swapped", () => { swaps++; draw(); });
document.addEventListener("settled", () => late && later(300));
document.addEventListener("visibilitychange", poll);
byId("show").addEventListener("click", show);
poll();
