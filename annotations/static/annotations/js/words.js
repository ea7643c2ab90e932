// The exact words within a sentence, by typing them.
import { text } from "./card.js";
import { located } from "./offsets.js";
import { take } from "./select.js";
import { byId, say } from "./swap.js";

let sentence = null;

export function choose(range) {
  sentence = located(range.start, range.end);
  byId("f-words").value = sentence.quote;
  byId("words-wrong").textContent = "";
  byId("choose-words").showModal();
  byId("f-words").select();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-words]")) return;
  event.preventDefault();
  const { start, quote } = sentence;
  const words = byId("f-words").value.trim();
  const index = words ? quote.indexOf(words) : -1;
  const again = index >= 0 && quote.indexOf(words, index + 1) >= 0;
  byId("words-wrong").textContent = again ? "These words stand there more than once: leave a word more." : "These words do not stand in the sentence like this.";
  if (index < 0 || again) return byId("f-words").focus();
  const from = start + [...quote.slice(0, index)].length;
  byId("choose-words").close();
  take(located(from, from + [...words].length));
  text().focus({ preventScroll: true });
  say(`In hand: ${words}`);
});
