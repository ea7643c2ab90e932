// What a pointer does: selections with the bar beside them, buttons, links.
import { BUTTONS } from "./actions.js";
import { back, card, fetchCard, here } from "./card.js";
import { article, fromRange, offsetAt, points, toRange } from "./offsets.js";
import { forget } from "./save.js";
import { bar, hideBar, inHand, judged, take } from "./select.js";
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

function showBar() {
  const sheet = bar();
  if (!sheet || !matchMedia("(pointer: fine)").matches) return;
  const box = judged().getBoundingClientRect();
  sheet.hidden = false;
  const { width, height } = sheet.getBoundingClientRect();
  const below = box.bottom + 10 + height < innerHeight;
  const left = Math.max(8, Math.min(toRange(inHand()).getBoundingClientRect().left, article().getBoundingClientRect().right - width));
  sheet.style.setProperty("left", `${left + scrollX}px`);
  sheet.style.setProperty("top", `${scrollY + (below ? box.bottom + 10 : Math.max(56, box.top - height - 10))}px`);
}

// Where a click without a selection asks for claims: at the run's last letter, if behind it.
function pointed(run) {
  const { anchorNode, anchorOffset } = getSelection();
  const last = offsetAt(run, 0) + points(run.textContent) - 1;
  return anchorNode && run.contains(anchorNode) ? Math.min(offsetAt(anchorNode, anchorOffset), last) : last;
}

function settle(event) {
  if (!event.detail || !(event.target instanceof Element) || event.target.closest("#beside-selection, .reader-side, dialog, .bar, .ref")) return;
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? fromRange(selection.getRangeAt(0)) : null;
  if (range) {
    take(range);
    showBar();
    return;
  }
  hideBar();
  const run = event.target.closest("#article .h");
  if (run) document.dispatchEvent(new CustomEvent("ask", { detail: pointed(run) }));
  else if (event.target.closest("#article")) take(null);
}

// A click also ends a drag.
document.addEventListener("click", settle);
document.addEventListener("keyup", (event) => {
  // Caret browsing selects without a pointer.
  const selection = getSelection();
  if (!event.shiftKey || selection.isCollapsed || !article().contains(selection.anchorNode)) return;
  const range = fromRange(selection.getRangeAt(0));
  if (range) take(range);
});
