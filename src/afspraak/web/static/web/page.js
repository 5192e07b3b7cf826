// What every page can do by keyboard: "/" to the search, "g" and a letter to a page, "?" the sheet,
// Ctrl+K the palette: any page by a few letters of its name.
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  const typing = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(radio|checkbox)$/.test(node.type || ""));
  const palette = document.getElementById("palette");
  let waiting = false;

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      sheet?.close();
      if (!palette.open) palette.showModal();
      return;
    }
    if (event.key === "/" && event.target.matches?.("[data-seek]") && !event.target.value) { event.preventDefault(); return; }
    if (palette?.open || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
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
  if (palette) {
    const words = palette.querySelector("input");
    const links = [...palette.querySelectorAll("a")];
    const none = palette.querySelector("[data-none]");
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const shown = () => links.filter((link) => !link.parentElement.hidden);
    words.addEventListener("input", () => {
      const asked = plain(words.value.trim());
      for (const link of links) link.parentElement.hidden = !plain(link.firstElementChild.textContent).includes(asked);
      none.hidden = shown().length > 0;
    });
    palette.addEventListener("keydown", (event) => {
      const all = shown();
      const here = all.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && all.length) { event.preventDefault(); all[Math.min(here + 1, all.length - 1)].focus(); }
      else if (event.key === "ArrowUp" && here >= 0) { event.preventDefault(); (here ? all[here - 1] : words).focus(); }
      else if (event.key === "Enter" && document.activeElement === words && all.length) { event.preventDefault(); all[0].click(); }
    });
  }
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
