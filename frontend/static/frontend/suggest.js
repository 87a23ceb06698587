/* Suggestions under the search box: a combobox with a list (WAI-ARIA Authoring Practices).

   One's own searches stay in this browser: for the session, or, signed in, until one signs out. */
(() => {
  "use strict";
  const box = document.querySelector("#q");
  const list = document.querySelector("#suggestions");
  if (!box || !list) return;
  const { suggest, owner, recent, count } = list.dataset;
  const PAUSE = 90;
  const KEPT = 30;
  const SHOWN = 4;

  // What was searched before
  const key = `searches:${owner}`;
  const store = () => (owner ? localStorage : sessionStorage);
  const past = () => {
    try {
      const kept = JSON.parse(store().getItem(key) || "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch { return []; }
  };
  const keep = (query) => {
    if (!query || query.startsWith("like:")) return;
    try {
      const kept = [query, ...past().filter((one) => one !== query)].slice(0, KEPT);
      store().setItem(key, JSON.stringify(kept));
    } catch { /* a browser that keeps nothing: no searches of before */ }
  };
  try {
    if (!owner) {
      Object.keys(localStorage).filter((name) => name.startsWith("searches:"))
        .forEach((name) => localStorage.removeItem(name));
    }
  } catch { /* as above */ }
  const currentQuery = () => new URLSearchParams(location.search).get("q")?.trim();
  if (document.body.classList.contains("searching")) keep(currentQuery());

  // The list
  let typed = "";
  let at = -1;
  let waiting = 0;
  let coming = null;
  const options = () => [...list.children];
  const isOpen = () => !list.hidden;
  const close = () => {
    clearTimeout(waiting);
    coming?.abort();
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    at = to;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const chosen = options()[at];
    if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
    else box.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
    box.value = chosen?.dataset.query ?? typed;
  };
  const before = (text) => {
    const start = text.toLowerCase();
    return past().filter((one) => one !== text && one.toLowerCase().startsWith(start)).slice(0, SHOWN)
      .map((query) => {
        const option = document.createElement("li");
        option.setAttribute("role", "option");
        option.dataset.query = query;
        const words = document.createElement("span");
        words.textContent = query;
        const note = document.createElement("span");
        note.className = "count";
        note.textContent = recent;
        option.append(words, " ", note);
        return option;
      });
  };
  const show = (own, html) => {
    list.innerHTML = html;
    const known = new Set(own.map((option) => option.dataset.query));
    options().filter((option) => known.has(option.dataset.query)).forEach((option) => option.remove());
    list.prepend(...own);
    options().forEach((option, n) => { option.id = `suggestion-${n}`; });
    const found = options().length;
    list.hidden = !found;
    box.setAttribute("aria-expanded", String(Boolean(found)));
    mark(-1);
    if (found) document.querySelector("#announce").textContent = `${found} ${count}`;
  };
  const ask = async () => {
    coming?.abort();
    coming = new AbortController();
    const { signal } = coming;
    const text = typed.trimStart(); // a space at the end asks for further words
    if (!text) return void show(before(""), "");
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(text)}`, { signal });
      const html = answer.ok ? await answer.text() : "";
      if (!signal.aborted && document.activeElement === box) show(before(text), html);
    } catch { /* typed on, or the server is away: searching says so */ }
  };
  const choose = (option) => {
    const { query, address } = option.dataset;
    close();
    if (address) return void location.assign(address);
    box.value = query;
    box.form.requestSubmit();
  };

  box.type = "text"; // a search field may not be a combobox
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  box.addEventListener("click", () => {
    if (box.value || isOpen()) return;
    typed = "";
    ask();
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const down = event.key === "ArrowDown";
    if (down && !isOpen() && (!box.value || event.altKey)) {
      typed = box.value;
      ask();
    } else if (isOpen() && (down || event.key === "ArrowUp")) {
      const size = options().length + 1; // one more for what was typed
      mark(((at + 1 + (down ? 1 : size - 1)) % size) - 1);
    } else if (isOpen() && event.key === "Escape") {
      box.value = typed;
      close();
    } else if (isOpen() && event.key === "Enter" && options()[at]?.dataset.address) {
      choose(options()[at]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  box.form.addEventListener("submit", () => {
    close();
    keep(box.value.trim().replace(/\s+/g, " "));
  });
})();
