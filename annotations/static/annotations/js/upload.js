// A document goes up on its own, beside the queue (ADR 14): the form, saved before it is there, waits for it here.
import { back, card, held, here } from "./card.js";
import { forget, save } from "./save.js";
import { apply, byId, headers, note, parsed, say } from "./swap.js";

const MOST = 20 * 1024 * 1024;
const TYPES = ["application/pdf", "image/png", "image/jpeg"];
const going = new Set();

function told(upload, words) {
  if (upload.line.isConnected) upload.line.textContent = words;
}

function chosen({ target: input }) {
  if (!input.matches?.("#add-source input[type=file]")) return;
  input.upload?.request?.abort();
  input.form.querySelector("[name=document]")?.remove();
  going.delete(input.upload);
  delete input.upload;
  const [file] = input.files;
  const line = byId("uploaded");
  line.textContent = "";
  if (!file) return;
  const wrong = file.size > MOST ? "It is larger than 20 MB. Cite the page that matters, or a smaller scan."
    : !TYPES.includes(file.type) ? "It is neither a PDF, a PNG nor a JPEG. Save it as one of these, then choose it again." : "";
  if (wrong) {
    input.value = "";
    line.textContent = wrong;
    say(wrong);
    return;
  }
  input.upload = { file, line, pause: 2000, form: input.form };
  going.add(input.upload);
  send(input.upload);
}

function send(upload) {
  if (!going.has(upload)) return;
  const request = upload.request = new XMLHttpRequest();
  const data = new FormData();
  data.append("file", upload.file);
  request.open("POST", here("documents/"));
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.upload.onprogress = ({ loaded, total }) => told(upload, `Sending: ${Math.floor((100 * loaded) / total)} %`);
  request.onload = () => answered(upload, request);
  request.onerror = () => again(upload);
  request.send(data);
}

function again(upload) {
  told(upload, "No connection. The document is sent when there is one; keep this page open.");
  setTimeout(send, upload.pause, upload);
  upload.pause = Math.min(upload.pause * 2, 30000);
}

function answered(upload, { status, responseText }) {
  if (status >= 500 || status === 429) return again(upload);
  going.delete(upload);
  const answer = parsed(responseText);
  const kept = answer.getElementById("uploaded");
  if (!kept) return refused(upload, answer.querySelector("#toast p")?.textContent ?? "It was not taken. Load the page again, then choose it once more.");
  upload.handle = kept.dataset.handle;
  if (upload.later) upload.later(upload.handle);
  else apply(responseText);
}

// As if it had never been chosen: no form waits for it.
function refused(upload, words) {
  const { file: input } = upload.form.elements;
  if (input.upload === upload) {
    input.value = "";
    delete input.upload;
  }
  told(upload, words);
  note(upload.later ? `The source is not saved, what you wrote of it is kept. ${words}` : words);
}

// With its document, as soon as that is there; what else is saved goes on meanwhile.
function submitted(event) {
  const form = event.target;
  const input = form.matches?.("#add-source form") && form.elements.file;
  if (!input || event.submitter?.name === "again") return;
  const fields = Object.fromEntries(new FormData(form));
  delete fields.file;
  delete fields.csrfmiddlewaretoken; // of a page without scripts; here a header has it
  const upload = input.upload;
  if (fields.kind !== "document") input.value = "";
  if (!upload || fields.kind !== "document") return;
  event.preventDefault();
  if (!fields.shows.trim()) {
    note("Say what it shows, for those who cannot see it.");
    form.elements.shows.focus();
    return;
  }
  const at = [form.getAttribute("action"), held()];
  const go = (handle) => save(at[0], { ...fields, document: handle }, { range: at[1] });
  forget(card().dataset.key);
  if (upload.handle) go(upload.handle);
  else {
    upload.later = go;
    note("The source is saved when its document has been sent. Go on meanwhile; keep this page open.");
  }
  back();
}

document.addEventListener("change", chosen);
document.addEventListener("submit", submitted, true);
addEventListener("beforeunload", (event) => { if (going.size) event.preventDefault(); });

// Chosen before this was here.
const early = document.querySelector("#add-source input[type=file]");
if (early?.files.length) chosen({ target: early });
