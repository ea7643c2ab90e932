// Which tabs live, where there are no Web Locks: each renews its lease. Background tabs are woken once a minute.
const RENEWED = 20000;
const LASTS = 150000;

export function hold(name) {
  const renew = () => { try { localStorage.setItem(name, Date.now()); } catch { /* nothing is kept either */ } };
  renew();
  setInterval(renew, RENEWED);
  addEventListener("pagehide", () => localStorage.removeItem(name));
  addEventListener("pageshow", renew);
}

const isGone = (name) => Date.now() - Number(localStorage.getItem(name)) > LASTS;

export function whenGone(name, act) {
  const look = () => {
    if (!isGone(name)) return setTimeout(look, RENEWED / 10);
    localStorage.removeItem(name);
    act();
  };
  look();
}
