/* Suggestions under the search box: a combobox with a list (WAI-ARIA Authoring Practices).
   A title opens its document; whatever else is suggested is searched for. */
(() => {
  "use strict";
  const box = document.querySelector("#q");
  const list = document.querySelector("#suggestions");
  if (!box || !list) return;
  const { suggest, recent, count } = list.dataset;
  const PAUSE = 90;

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
  const show = (html) => {
    list.innerHTML = html;
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
    const text = typed.trim();
    if (!text && recent === undefined) return void close(); // nobody's searches are kept
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(text)}`, { signal });
      const html = answer.ok ? await answer.text() : "";
      if (!signal.aborted && document.activeElement === box) show(html);
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
  box.form.addEventListener("submit", close);
})();
