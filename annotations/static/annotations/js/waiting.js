// On the other pages: what the reader could not save yet, and the way to it.
export function show(prefix) {
  const found = new Map();
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(prefix)) continue;
    const path = name.slice(prefix.length).split("#")[0];
    const { title } = JSON.parse(localStorage.getItem(name));
    found.set(path, { title: title?.split(" · ")[0], count: (found.get(path)?.count ?? 0) + 1 });
  }
  for (const [path, { title, count }] of found) document.getElementById("main").prepend(notice(path, title, count));
}

function notice(path, title, count) {
  const line = Object.assign(document.createElement("p"), { className: "notice warning" });
  line.setAttribute("role", "status");
  line.append(`Not saved yet: ${count === 1 ? "1 change" : `${count} changes`} in “${title}”. `);
  line.append(Object.assign(document.createElement("a"), { href: path, textContent: "Open and save" }));
  return line;
}
