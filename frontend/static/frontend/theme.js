/* Before the first paint: the theme chosen here, and word to the stylesheet that scripts run. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const kept = localStorage.getItem("theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch { /* storage may be forbidden: the system's theme stays */ }
})();
