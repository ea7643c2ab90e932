// localStorage comes to the disk seconds late: what a crash takes from it is here as well (ADR 11).
const DAY = 86400000;
const opened = new Promise((done, failed) => {
  const request = indexedDB.open("aigap", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept");
  request.onsuccess = () => done(request.result);
  request.onerror = failed;
});
const waiting = new Map(); // name → what it is now
let timer;
const entries = async () => (await opened).transaction("kept", "readwrite").objectStore("kept");

// `value` null: it is gone. Not at once: what is saved by then costs the disk nothing, nor the frame that shows it.
export function write(name, value, at) {
  waiting.set(name, { value, at });
  timer ??= setTimeout(() => flush().catch(() => {}), 100);
}

async function flush() {
  timer = undefined;
  const store = await entries();
  for (const [name, entry] of waiting) {
    if (entry.value === null) store.delete(name);
    else store.put(entry, name);
  }
  waiting.clear();
}

// `last`: when localStorage was last changed, as far as it knows itself: what is younger, it has lost; but what is written
// since this page `began` is on its way. Whether anything was lost.
export async function recover(last, began) {
  const store = await entries();
  return new Promise((done) => {
    let any = false;
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return done(any);
      const { key, value: { value, at } } = cursor;
      if (at > last && at < began) any = back(key, value);
      else if (at < last - DAY && localStorage.getItem(key) === null) cursor.delete();
      cursor.continue();
    };
  });
}

function back(name, value) {
  localStorage.setItem(name, value);
  dispatchEvent(new StorageEvent("storage", { key: name })); // as if another tab had left it
  return true;
}
