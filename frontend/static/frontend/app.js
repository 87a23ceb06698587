/* Keys, theme, announcements and small comforts. Every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Theme: follows the system until it is chosen here.
  const themeButton = one("[data-theme-button]");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const nameTheme = () => {
    const name = isDark() ? themeButton.dataset.light : themeButton.dataset.dark;
    themeButton.setAttribute("aria-label", name);
    themeButton.title = name;
  };
  if (themeButton) {
    themeButton.hidden = false;
    nameTheme();
    dark.addEventListener("change", nameTheme);
    themeButton.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark";
      const isSystems = (next === "dark") === dark.matches;
      if (isSystems) delete root.dataset.theme;
      else root.dataset.theme = next;
      try {
        if (isSystems) localStorage.removeItem("theme");
        else localStorage.setItem("theme", next);
      } catch { /* chosen for this page only */ }
      nameTheme();
    });
  }

  // Keys
  if (/^(Mac|iP)/.test(navigator.platform)) all("[data-command]").forEach((key) => { key.textContent = "⌘"; });
  const box = one("#q");
  const keys = one("#keys");
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
  const focusBox = () => { box.focus(); box.select(); };
  const moveFocus = (event) => {
    const links = all("[data-result]").filter((link) => !link.closest("details:not([open])"));
    const at = links.indexOf(document.activeElement);
    const fromBox = document.activeElement === box;
    if (!links.length || (at < 0 && !fromBox && document.activeElement !== document.body)) return;
    event.preventDefault();
    const to = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (to < 0) return void (at === 0 && focusBox());
    const link = links[Math.min(to, links.length - 1)];
    link.focus({ preventScroll: true });
    link.closest("li").scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (keys.open || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && box) {
      event.preventDefault();
      return void focusBox();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!isTyping(event.target) || event.target === box) moveFocus(event);
      return;
    }
    if (event.key === "Escape") return void leave(event);
    if (isTyping(event.target)) return;
    if (event.key === "/" && box) { event.preventDefault(); focusBox(); }
    if (event.key === "?") { event.preventDefault(); keys.showModal(); }
    if (event.key === "n" || event.key === "p") one(`[data-key="${event.key}"]`)?.click();
  });
  const leave = (event) => {
    if (event.target.matches("[data-result]")) focusBox();
    else if (event.target === box && box.value === box.defaultValue) box.blur();
    else if (event.target === box) box.value = box.defaultValue;
  };

  // Search: results come on Enter, or where results are shown already, after a pause in typing.
  // The pauses of one query leave one entry in the history, and none in the searches noted.
  const PAUSE = 900;
  const SHORTEST = 3;
  const form = one("#search");
  const isPause = (request) => request.triggeringEvent?.type === "paused";
  const currentQuery = () => new URLSearchParams(location.search).get("q")?.trim() ?? "";
  let pause = 0;
  let isUnfinished = false;
  if (form) {
    const look = () => {
      const words = box.value.trim();
      const isChoosing = box.hasAttribute("aria-activedescendant");
      if (words.length < SHORTEST || words === currentQuery() || isChoosing) return;
      form.dispatchEvent(new Event("paused"));
    };
    box.addEventListener("input", (event) => {
      clearTimeout(pause);
      if (!event.isComposing && one("[data-announce]")) pause = setTimeout(look, PAUSE);
    });
    box.addEventListener("blur", () => clearTimeout(pause));
    form.addEventListener("submit", () => clearTimeout(pause));
    addEventListener("popstate", () => { isUnfinished = false; });
  }
  document.addEventListener("htmx:configRequest", (event) => {
    if (isPause(event.detail)) event.detail.headers["Lantern-Paused"] = "true";
  });
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { history, requestConfig } = event.detail;
    if (isUnfinished && requestConfig.elt === form) history.type = "replace";
    isUnfinished = isPause(requestConfig);
  });

  // What was found is said, slowness and failure are shown, and the focus goes where it helps.
  const announce = (text) => {
    one("#announce").textContent = "";
    setTimeout(() => { one("#announce").textContent = text; }, 60);
  };
  const SLOW = 3000;
  const slowness = one("#slow-search");
  let slow = 0;
  const isSlow = (is) => {
    clearTimeout(slow);
    slowness.hidden = !is;
    slowness.textContent = is ? slowness.dataset.words : "";
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    one("#search-failed")?.remove();
    if (event.detail.target?.id !== "found") return;
    isSlow(false);
    slow = setTimeout(isSlow, SLOW, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target?.id === "found" && event.detail.xhr?.readyState === XMLHttpRequest.DONE) isSlow(false);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "found") return;
    const found = one("[data-announce]");
    document.body.classList.toggle("start", !found);
    if (found) announce(found.dataset.announce.trim());
  });
  // The sentences that answer best come to nothing once other results are there.
  document.addEventListener("htmx:beforeCleanupElement", ({ target }) => {
    if (!target.matches?.("[data-answers]")) return;
    target.addEventListener("htmx:beforeOnLoad", (event) => event.preventDefault());
  });
  const failed = (event) => {
    const place = event.detail.target;
    if (place?.id !== "found") return;
    const notice = one("#failed-words").content.firstElementChild.cloneNode(true);
    place.prepend(notice);
    announce(notice.textContent.trim());
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);

  // A result that is opened is noted, without anybody's name, on the way to it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-result]");
    const list = link?.closest("[data-opened]");
    if (!list) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", list.dataset.token);
    body.append("search_id", list.dataset.search);
    body.append("document", link.dataset.document);
    navigator.sendBeacon(list.dataset.opened, body);
  });

  // Library: tick all, count the ticked.
  const bulk = one("[data-bulk]");
  const everything = bulk && one("[data-all]", bulk);
  if (everything) {
    const boxes = all("input[name=id]", bulk);
    const master = one("input", everything);
    const words = one("[data-chosen]", bulk);
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      master.checked = ticked > 0 && ticked === boxes.length;
      master.indeterminate = ticked > 0 && ticked < boxes.length;
      words.textContent = ticked ? `${ticked} ${words.dataset.some}` : words.dataset.none;
      all("button[name=action]", bulk).forEach((button) => { button.disabled = !ticked; });
    };
    everything.hidden = false;
    master.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = master.checked; });
      count();
    });
    bulk.addEventListener("change", count);
    addEventListener("pageshow", count);
    count();
  }

  // Account: copy the new token.
  for (const button of all("[data-copy-button]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(one(`#${button.dataset.copyButton}`).textContent);
      button.textContent = button.dataset.done;
    });
  }

  // A narrow document page keeps what is beside its text folded, so that the text comes first.
  if (matchMedia("(max-width: 61.99rem)").matches) {
    const fold = () => all(".side details").forEach((part) => { part.open = false; });
    fold();
    document.addEventListener("htmx:load", (event) => { if (event.target.closest?.(".side")) fold(); });
  }
  const passage = one("#passage");
  if (passage && location.hash === "#passage") {
    passage.focus({ preventScroll: true });
    passage.scrollIntoView({ block: "center", behavior: "instant" });
  }
})();
