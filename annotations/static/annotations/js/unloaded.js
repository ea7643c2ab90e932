// What a filter asked for and did not get is said, with the way to ask again: the rows in sight answer something else.
const box = () => document.getElementById("unloaded");

function told(words, again) {
  box()?.remove();
  const toast = Object.assign(document.createElement("div"), { id: "unloaded", className: "toast trouble" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "Retry" });
  button.addEventListener("click", again);
  toast.append(Object.assign(document.createElement("span"), { textContent: words }), button);
  document.getElementById("toasts").append(toast);
}

// With what stands in the form by then. That it failed again is told as the first time.
const ask = ({ verb, elt }) => () => globalThis.htmx.ajax(verb, elt.getAttribute(`hx-${verb}`), { source: elt }).catch(() => {});

// One that another request took the place of says nothing of what is in sight.
document.addEventListener("htmx:sendError", ({ detail }) => told("Not loaded: no connection.", ask(detail.requestConfig)));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const words = detail.xhr.status < 500 ? `Not loaded: the server refused it (${detail.xhr.status}).` : "Not loaded: the server did not answer.";
  told(words, ask(detail.requestConfig));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful || !box()) return;
  const had = box().contains(document.activeElement);
  box().remove();
  if (had) detail.requestConfig.elt.querySelector("input:not([type=hidden]), select")?.focus({ preventScroll: true });
});
