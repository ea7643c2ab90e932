// A form that a page sends says that it is on its way, and is sent once. What the queue or htmx sends is theirs to tell.
const WORDS_AFTER = 300;
const AGAIN_AFTER = 30000; // no answer so far: it may be sent again, under the same key
const sent = new Map(); // form → how to make it as it was

const isPage = (form, button) => (button?.formMethod || form.method) === "post" && !(button?.formTarget || form.target);

// A button that is off is not sent, so it is on until what it says has been read.
function send(form, button) {
  const status = Object.assign(document.createElement("span"), { role: "status", className: "working" });
  const buttons = [...form.elements].filter((each) => each.type === "submit" && !each.disabled);
  form.ariaBusy = "true";
  if (button) button.after(status);
  else form.append(status);
  const timers = [
    setTimeout(() => { for (const each of buttons) each.disabled = true; }),
    setTimeout(() => { status.textContent = "Working …"; }, WORDS_AFTER),
    setTimeout(() => restore(form), AGAIN_AFTER),
  ];
  sent.set(form, () => {
    timers.forEach(clearTimeout);
    form.ariaBusy = null;
    for (const each of buttons) each.disabled = false;
    status.remove();
  });
}

function restore(form) {
  sent.get(form)?.();
  sent.delete(form);
}

const restoreAll = () => [...sent.keys()].forEach(restore);

// A button that sends nothing: what was typed is still a draft.
addEventListener("submit", (event) => {
  if (event.submitter?.formMethod === "dialog") event.preventDefault();
}, true);

// Last of all, on the window: whoever sends it otherwise has said so by then.
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isPage(form, submitter)) return;
  if (sent.has(form)) event.preventDefault();
  else send(form, submitter);
});

// Left, stopped, or come back to: as it was.
addEventListener("pagehide", restoreAll);
addEventListener("pageshow", restoreAll);
globalThis.navigation?.addEventListener("navigateerror", restoreAll);
