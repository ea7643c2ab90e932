// u, wherever one is: to the next thing that waits for me. In the text of an article its own keys come first.
const fields = "input, textarea, select, [contenteditable], dialog[open]";

function inHand() {
  const card = document.querySelector("#card[data-n]");
  return card?.dataset.n ?? location.pathname.match(/\/claims\/(\d+)\//)?.[1];
}

function pressed(event) {
  if (event.key?.toLowerCase() !== "u" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat || event.isComposing || event.defaultPrevented || event.target.closest?.(fields)) return;
  const link = document.querySelector("a[data-onward]") ?? document.querySelector("a[data-next=u]");
  const reads = event.target.closest?.("#article, #sentences");
  if (!link || (reads && !("onward" in link.dataset))) return;
  event.preventDefault();
  link.click();
}

function follow({ target }) {
  const link = target instanceof Element && target.closest("a[data-next]:not([data-do])");
  const claim = link && inHand();
  if (claim) link.search = `?after=${claim}`;
}

// Two versions on a page of their own: h keeps what is stored, y keeps mine, as in the reader.
function chosen(event) {
  const which = { h: "[data-get]", y: "form button" }[event.key?.toLowerCase()];
  if (!which || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || event.target.closest?.(fields)) return;
  if (document.documentElement.classList.contains("keys-off")) return;
  document.querySelector(`.lone .conflict ${which}`)?.click();
}

document.addEventListener("keydown", pressed, true);
if (document.querySelector(".lone .conflict")) document.addEventListener("keydown", chosen);
document.addEventListener("click", follow, true);
