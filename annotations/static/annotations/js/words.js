// The exact words within a sentence, by typing them.
import { here, text } from "./card.js";
import { drop, restoreAll } from "./drafts.js";
import { located } from "./offsets.js";
import { take } from "./select.js";
import { byId, say } from "./swap.js";

let sentence = null;
const address = () => new URL(byId("f-words").form.action).pathname;

export function choose(range) {
  sentence = located(range.start, range.end);
  renew();
  byId("words-wrong").textContent = "";
  byId("choose-words").showModal();
  byId("f-words").select();
}

// A form of each sentence, as it was served: what was typed for this one comes back into it, and nothing else.
function renew() {
  const old = byId("f-words").form;
  const form = old.cloneNode(true);
  form.querySelector(".draft")?.remove();
  form.action = here(`words/${sentence.start}-${sentence.end}/`); // nothing is sent there
  old.replaceWith(form);
  byId("f-words").defaultValue = sentence.quote;
  form.reset();
  restoreAll();
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
  drop(address());
  take(located(from, from + [...words].length));
  text().focus({ preventScroll: true });
  say(`In hand: ${words}`);
}, true); // it is not sent, so no draft waits for an answer
