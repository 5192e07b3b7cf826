// What every page can do by keyboard: "/" to the search, "g" and a letter to a page, "?" the sheet,
// Ctrl+K the palette: any page by a few letters of its name.
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  const typing = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(radio|checkbox)$/.test(node.type || ""));
  const palette = document.getElementById("palette");
  const words = document.getElementById("palette-words");
  const places = palette ? [...palette.querySelectorAll("a")] : [];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const offered = () => places.filter((place) => !place.parentElement.hidden);
  const narrow = () => places.forEach((place) => { place.parentElement.hidden = !plain(place.textContent).includes(plain(words.value.trim())); });
  words?.addEventListener("input", narrow);
  palette?.addEventListener("keydown", (event) => {
    const all = offered();
    const here = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && all.length) { event.preventDefault(); all[Math.min(here + 1, all.length - 1)].focus(); }
    else if (event.key === "ArrowUp" && here >= 0) { event.preventDefault(); (here ? all[here - 1] : words).focus(); }
    else if (event.key === "Enter" && document.activeElement === words && all.length) { event.preventDefault(); all[0].click(); }
  });
  document.addEventListener("keydown", (event) => {
    if (!palette || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    words.value = "";
    narrow();
    if (!palette.open) palette.showModal();
    words.focus();
  });
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
