// Buttons and links of the reader.
import { BUTTONS } from "./actions.js";
import { back, card, fetchCard, here } from "./card.js";
import { forget } from "./save.js";
import { get } from "./swap.js";

function clicked(event) {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("[data-do]");
  if (button && !(button.href && (event.ctrlKey || event.metaKey || event.shiftKey))) {
    if (button.href) event.preventDefault();
    const [name, value] = button.dataset.do.split(":");
    BUTTONS[name](value, button);
    return;
  }
  const more = event.target.closest("[data-more]");
  if (more) return extend(more.closest("li"));
  const stored = event.target.closest("[data-get]");
  if (stored) {
    event.preventDefault();
    forget(card().dataset.key);
    return fetchCard(`card/${stored.getAttribute("href")}`, false);
  }
  const link = event.target.closest("#article .ref, .claim a[href], [data-claim]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  fetchCard(`card/?claim=${link.dataset.n ?? link.dataset.claim ?? link.closest(".claim").dataset.n}`);
  if (event.detail) back();
}

async function extend(line) {
  const last = line.previousElementSibling;
  await get(here(line.querySelector("[data-more]").dataset.more), () => line.remove());
  last?.nextElementSibling?.querySelector("a, button")?.focus();
}

document.addEventListener("click", clicked);
