// What every page can do by keyboard: "/" to the search, "g" and a letter to a page, "?" the sheet.
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  const typing = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(radio|checkbox)$/.test(node.type || ""));
  let waiting = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waiting) {
      waiting = false;
      const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (event.key === "g") waiting = true;
    else if (event.key === "?" && sheet) { event.preventDefault(); sheet.showModal(); }
    else if (event.key === "/") {
      const seek = document.querySelector("[data-seek]");
      event.preventDefault();
      if (seek) { seek.focus(); seek.select(); }
      else document.querySelector('[data-key="b"]')?.click();
    }
  });
  document.querySelector("[data-sheet]")?.addEventListener("click", () => sheet?.showModal());
  if (sheet) document.querySelector("[data-sheet]")?.removeAttribute("hidden");
  document.addEventListener("submit", (event) => {
    // A second click on the same button is no second report.
    const form = event.target;
    if (form.method !== "post" || form.dataset.sent) { if (form.dataset.sent) event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
})();
