/* Uploads three files at a time, then asks in one request for the states of all that are on the
   way, until each is indexed. Rows are made and drawn as many at a time as fit into a frame, and
   only where something changed. */
(() => {
  "use strict";
  const form = document.querySelector("#upload");
  if (!form) return;
  const PARALLEL = 3;
  const one = (selector, from = document) => from.querySelector(selector);
  const words = JSON.parse(one("#upload-strings").textContent);
  const limit = Number(form.dataset.limitMb) * 1024 * 1024;
  const token = one("[name=csrfmiddlewaretoken]", form).value;
  const section = one("#progress");
  const list = one("ul", section);
  const retryAll = one("[data-retry-all]");
  const template = one("#file-row").content.firstElementChild;
  const items = [];
  const waiting = [];
  const changed = new Set();
  let running = 0;
  let polling = false;
  let drawing = false;

  const ON_THE_WAY = new Set(["queued", "extracting", "embedding"]);
  const isDone = (item) => ["indexed", "failed", "rejected"].includes(item.state);

  function add(files) {
    const collection = form.collection.value;
    for (const { file, path } of files) {
      const item = { file, path, collection, name: path || file.name, state: "waiting", sent: 0 };
      items.push(item);
      if (file.size > limit) reject(item, words.tooLarge, false);
      else waiting.push(item);
      touch(item);
    }
    section.hidden = false;
    pump();
  }

  function pump() {
    while (running < PARALLEL && waiting.length) send(waiting.shift());
  }

  function reject(item, problem, again) {
    Object.assign(item, { state: "rejected", problem, again });
    touch(item);
  }

  function send(item) {
    running += 1;
    Object.assign(item, { state: "sending", sent: 0, problem: "" });
    touch(item);
    const body = new FormData();
    body.append("collection", item.collection);
    body.append("path", item.path || "");
    body.append("files", item.file);
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || location.pathname);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) item.sent = event.loaded / event.total;
      touch(item);
    });
    request.addEventListener("loadend", () => {
      running -= 1;
      receive(item, request);
      pump();
    });
    request.send(body);
  }

  function receive(item, request) {
    if (request.status === 413) return reject(item, words.tooLarge, false);
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* not ours: told below */ }
    const file = answer?.files?.[0];
    if (!file) return reject(item, answer?.error || (request.status === 0 ? words.offline : words.signedOut), true);
    if (file.error) return reject(item, file.error, file.again);
    Object.assign(item, file, { name: item.name, duplicate: !file.created && !file.restored });
    if (isDone(item)) release(item);
    touch(item);
    poll();
  }

  // A finished row lets go of its file, so that 500 of them cost nothing.
  function release(item) {
    if (item.state === "indexed") item.file = null;
  }

  async function poll() {
    if (polling) return;
    polling = true;
    for (let pause = 700; ; pause = Math.min(pause * 1.15, 3000)) {
      const open = items.filter((item) => ON_THE_WAY.has(item.state));
      if (!open.length) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
      await ask(open.slice(0, 1000));
    }
    polling = false;
  }

  async function ask(open) {
    try {
      const answer = await fetch(form.dataset.states, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
        body: JSON.stringify({ ids: open.map((item) => item.id) }),
      });
      const { states } = await answer.json();
      const byId = new Map(states.map((state) => [state.id, state]));
      for (const item of open) {
        const state = byId.get(item.id);
        Object.assign(item, state || { state: "failed", problem: words.gone });
        if (isDone(item)) release(item);
        touch(item);
      }
    } catch { /* asked again after the next pause */ }
  }

  async function retry(item) {
    if (!item.id || item.state === "rejected") { waiting.push(item); item.state = "waiting"; touch(item); return pump(); }
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    try {
      await fetch(item.retry, { method: "POST", body, redirect: "manual" });
      Object.assign(item, { state: "queued", problem: "" });
    } catch { item.problem = words.offline; }
    touch(item);
    poll();
  }

  // Drawing: only the rows that changed, and of those as many as fit into a frame.
  function touch(item) {
    changed.add(item);
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    const until = performance.now() + 8;
    for (const item of changed) {
      changed.delete(item);
      item.row ??= row(item);
      draw(item);
      if (performance.now() > until) break;
    }
    summarise();
    drawing = changed.size > 0;
    if (drawing) requestAnimationFrame(frame);
  }

  function row(item) {
    const made = template.cloneNode(true);
    one(".serif", made).textContent = item.name;
    list.append(made);
    return made;
  }

  function draw(item) {
    const state = one(".state", item.row);
    const bar = one("progress", item.row);
    const problem = one(".problem", item.row);
    const embedding = item.state === "embedding" && item.total;
    state.className = `state ${item.state === "rejected" ? "failed" : item.state}`;
    state.textContent = words[item.state] + (embedding ? ` ${item.done}/${item.total}` : "");
    if (item.state === "indexed" && item.restored) state.textContent = words.restored;
    else if (item.state === "indexed" && item.duplicate) state.textContent = words.duplicate;
    bar.hidden = !(item.state === "sending" || embedding);
    bar.setAttribute("aria-label", item.name);
    bar.value = item.state === "sending" ? item.sent * 100 : embedding ? (item.done / item.total) * 100 : 0;
    problem.hidden = !item.problem;
    problem.textContent = item.problem || "";
    if (item.drawn !== item.state) offer(item);
    item.drawn = item.state;
  }

  function offer(item) {
    const place = one(".does", item.row);
    place.replaceChildren();
    if (item.state === "indexed") place.append(link(words.find, item.search, item.title), link(words.open, item.url, item.title));
    const again = item.state === "failed" || (item.state === "rejected" && item.again);
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.again;
    button.setAttribute("aria-label", `${words.again}: ${item.name}`);
    button.addEventListener("click", () => retry(item));
    place.append(button);
  }

  function link(text, address, about) {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    made.setAttribute("aria-label", `${text}: ${about}`);
    return made;
  }

  let said = 0;
  function summarise() {
    const count = (state) => items.filter((item) => item.state === state).length;
    const [indexed, failed, rejected] = ["indexed", "failed", "rejected"].map(count);
    const done = indexed + failed + rejected;
    const text = `${indexed} ${words.of} ${items.length} ${words.countIndexed}`
      + (failed ? `, ${failed} ${words.countFailed}` : "")
      + (rejected ? `, ${rejected} ${words.countRejected}` : "");
    one("[data-summary]").textContent = text;
    const overall = one("[data-overall]");
    overall.max = items.length;
    overall.value = done;
    retryAll.hidden = items.filter((item) => item.state === "failed" || item.again).length < 2;
    const finished = done === items.length;
    if (finished || Date.now() - said > 5000) {
      said = Date.now();
      const live = one("#announce");
      if (live.textContent !== text) live.textContent = text;
    }
  }

  // Ways in: the two buttons, and dropping anywhere on the page.
  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return [...transfer.files].map((file) => ({ file, path: "" }));
    const found = [];
    for (const entry of entries) await gather(entry, found);
    return found;
  }

  async function gather(entry, found) {
    if (entry.isFile) {
      const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
      const path = entry.fullPath.replace(/^\//, "");
      if (file) found.push({ file, path: path === file.name ? "" : path });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (!batch.length) return;
      for (const child of batch) await gather(child, found);
    }
  }

  const visible = (file) => !file.name.startsWith(".");
  form.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  one("[data-without-script]", form).hidden = true;
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      add([...input.files].filter(visible).map((file) => ({ file, path: file.webkitRelativePath || "" })));
      input.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  retryAll.addEventListener("click", () => items.filter((item) => item.state === "failed" || (item.state === "rejected" && item.again)).forEach(retry));
  let depth = 0;
  const mark = (by) => { depth = Math.max(0, depth + by); document.body.classList.toggle("dragging", depth > 0); };
  document.addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) mark(1); });
  document.addEventListener("dragleave", () => mark(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    mark(0);
    const files = await dropped(event.dataTransfer);
    if (files.length) add(files.filter(({ file }) => visible(file)));
  });
  addEventListener("beforeunload", (event) => { if (running || waiting.length) event.preventDefault(); });
})();
