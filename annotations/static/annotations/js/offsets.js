// Places in a text as code points: in the article, or in the `root` given. Between two blocks there are only line ends.
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export const article = () => document.getElementById("article");
export const blocks = (root = article()) => [...root.querySelectorAll(".block")];
export const startOf = (block) => Number(block.dataset.start);
export const points = (string) => string.length - (string.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

// The UTF-16 index of a code point.
export function units(string, wanted) {
  let index = 0;
  for (let count = 0; count < wanted && index < string.length; count++) index += string.codePointAt(index) > 0xffff ? 2 : 1;
  return index;
}

export function blockAt(offset, root = article()) {
  let found = null;
  for (const block of blocks(root)) {
    if (startOf(block) > offset) break;
    found = block;
  }
  return found;
}

function snapped(block, index, forward) {
  const text = block.textContent;
  if (index <= 0 || index >= text.length) return Math.max(0, Math.min(index, text.length));
  const { index: from, segment } = graphemes.segment(text).containing(index);
  return from === index || !forward ? from : from + segment.length;
}

// A point between blocks: what starts there is of the block behind it.
function place(node, offset, ending, root) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const block = element?.closest(".block");
  const inside = block && root.contains(block) ? block : null;
  const point = document.createRange();
  point.setStart(node, offset);
  if (inside) {
    const before = document.createRange();
    before.setStart(inside, 0);
    before.setEnd(node, offset);
    return { block: inside, index: before.toString().length };
  }
  const all = blocks(root);
  const after = all.findIndex((each) => point.comparePoint(each, 0) >= 0);
  const next = ending ? all[(after < 0 ? all.length : after) - 1] : all[after];
  return next && { block: next, index: ending ? next.textContent.length : 0 };
}

// This also brings a triple click back to its own block.
function trimmed(from, to, root) {
  const all = blocks(root);
  const rest = (at) => at.block.textContent.slice(at.index);
  while (from && !rest(from).trim()) from = step(all, from, 1);
  while (to && !to.block.textContent.slice(0, to.index).trim()) to = step(all, to, -1);
  if (!from || !to) return null;
  from.index += rest(from).length - rest(from).trimStart().length;
  to.index = to.block.textContent.slice(0, to.index).trimEnd().length;
  return [from, to];
}

function step(all, at, by) {
  const block = all[all.indexOf(at.block) + by];
  return block && { block, index: by > 0 ? 0 : block.textContent.length };
}

export const offsetAt = (node, offset) => offsetOf(place(node, offset, true, article()));
const offsetOf = ({ block, index }) => startOf(block) + points(block.textContent.slice(0, index));

// Null where the range holds none of the text.
export function fromRange(range, root = article()) {
  if (range.collapsed || !range.intersectsNode(root)) return null;
  const ends = trimmed(
    place(range.startContainer, range.startOffset, false, root),
    place(range.endContainer, range.endOffset, true, root),
    root,
  );
  if (!ends) return null;
  const [from, to] = ends;
  from.index = snapped(from.block, from.index, false);
  to.index = snapped(to.block, to.index, true);
  return located(offsetOf(from), offsetOf(to), root);
}

export const located = (start, end, root) => (start < end ? { start, end, quote: slice(start, end, root) } : null);

export function slice(start, end, root = article()) {
  let text = "";
  let at = null;
  for (const block of blocks(root)) {
    const from = startOf(block);
    if (from >= end) break;
    const content = block.textContent;
    const to = from + points(content);
    if (to <= start) continue;
    if (at !== null) text += "\n".repeat(from - at);
    text += content.slice(units(content, Math.max(0, start - from)), units(content, Math.min(to, end) - from));
    at = to;
  }
  return text;
}

function node(offset, ending, root) {
  const block = blockAt(ending ? offset - 1 : offset, root);
  let left = units(block.textContent, offset - startOf(block));
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let last = null;
  while (walker.nextNode()) {
    last = walker.currentNode;
    if (ending ? left <= last.length : left < last.length) return [last, left];
    left -= last.length;
  }
  return last ? [last, last.length] : [block, 0];
}

export function toRange({ start, end }, root = article()) {
  const range = document.createRange();
  range.setStart(...node(start, false, root));
  range.setEnd(...node(end, true, root));
  return range;
}
