// What every page shares.
import { recovered } from "./store.js";

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};

function dismiss(notice) {
  if (!notice) return;
  const had = notice.contains(document.activeElement);
  notice.remove();
  if (had) document.querySelector("#sentences, #article:not(:has(~ #sentences)), #main").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  closeMenus(target.closest("details.menu"));
  dismiss(target.closest("[data-dismiss]")?.closest(".notice, .toast"));
  if (target.closest("[data-print]")) print();
  const copier = target.closest("[data-copy]");
  if (copier) import("./copy.js").then(({ copy }) => copy(copier));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) document.querySelector("form[data-sends] [type=submit]")?.click();
});

// What is typed or not saved yet is kept in the browser, by person.
const { who } = document.body.dataset;
const drafts = () => import("./drafts.js");
const kept = (prefix) => {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith(prefix));
  } catch {
    return false;
  }
};

// Sent before that was there to hear of it, it is no draft any more.
async function first(event) {
  const { form } = event.target;
  if (!form || form.method === "get") return; // what is looked for is no draft
  let sent = false;
  document.addEventListener("queued", ({ detail }) => { sent ||= form.getAttribute("action") === detail.path; });
  const { typed } = await drafts();
  document.removeEventListener("input", first);
  if (!sent) typed(event);
}

function resume() {
  if (kept(`aigap:draft:${who}:`)) drafts().then(({ restoreAll }) => restoreAll());
  if (!document.getElementById("article") && kept(`aigap:unsaved:${who}:`)) import("./waiting.js").then(({ show }) => show(`aigap:unsaved:${who}:`));
}

if (!who) sessionStorage.removeItem("aigap:sent"); // signed out: it was not taken
else {
  resume();
  document.addEventListener("input", first);
  document.addEventListener("refused", ({ detail }) => drafts().then(({ refused }) => refused(detail)), { once: true });
  setTimeout(() => recovered().then((any) => any && resume()), 1500);
}
