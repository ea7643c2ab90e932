// The forms in a claim's card, saved by the queue.
import { back, card, held } from "./card.js";
import { notCheckable } from "./judge.js";
import { forget, save } from "./save.js";

function inForm(event) {
  const form = event.target instanceof Element && event.target.closest("#card form, #not-checkable form");
  if (!form || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape" && !form.closest("dialog")) {
    const fold = form.closest("details");
    if (fold) fold.open = false;
    back();
  }
}

function submitted(event) {
  const form = event.target;
  if (!form.matches("[data-save]") || event.defaultPrevented) return;
  event.preventDefault();
  const said = [...new FormData(form, event.submitter)];
  if (said.some(([, value]) => value.size)) return import("./upload.js").then(() => form.requestSubmit(event.submitter));
  const fields = Object.fromEntries(said.filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  if (form.dataset.save === "mine") delete fields.base;
  if (form.dataset.save === "not-checkable") {
    form.closest("dialog").close();
    notCheckable(fields.reason);
    return;
  }
  forget(card().dataset.key);
  save(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action"), fields, { range: held().start >= 0 ? held() : null });
  back();
}

document.addEventListener("focusin", ({ target }) => {
  if (target.closest?.("#add-source")) import("./sources.js");
  if (target.name === "comment") import("./mentions.js");
});
document.addEventListener("keydown", inForm);
document.addEventListener("submit", submitted);
