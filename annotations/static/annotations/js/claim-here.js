// Who else has the claim's article open, asked for as the reader does (ADR 12).
const EVERY = 4000;
const LONGEST = 60000;
const line = document.getElementById("also");
const { url } = line.dataset;
let { revision } = line.dataset;
let digest = "0";
let pause = EVERY;

async function ask() {
  const response = await fetch(`${url}since/?n=${revision}&here=${digest}`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10000) });
  if (response.status >= 500) throw new Error(response.status);
  if (!response.ok || response.redirected || response.headers.has("HX-Redirect")) return false; // not for me any more
  revision = response.headers.get("X-Revision");
  if (response.status === 200) tell(await response.json());
  return true;
}

function tell({ here: names, digest: fresh }) {
  if (!names) return;
  digest = fresh;
  line.textContent = names.length ? `Also here: ${names.join(", ")}` : "";
}

async function poll() {
  let goesOn = true;
  try {
    if (!document.hidden) goesOn = await ask();
    pause = EVERY;
  } catch {
    pause = Math.min(pause * 2, LONGEST);
  }
  if (goesOn) setTimeout(poll, pause);
}

poll();
