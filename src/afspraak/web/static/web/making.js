// A clause's text beside its form, made anew by the server as one types; what is wrong is told
// beside its field. Without this file the same form has a button that checks.
(() => {
  "use strict";
  const form = document.querySelector("[data-live]");
  const part = document.querySelector("[data-live-part]");
  const told = document.querySelector("[data-live-told]");
  if (!form || !part) return;

  const mark = () => {
    for (const each of form.querySelectorAll("[data-wrong]")) each.textContent = "";
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const each of part.querySelectorAll("[data-place]")) {
      const path = each.dataset.place.split(".");
      let beside = null;
      while (path.length && !beside) {
        beside = form.querySelector(`[data-wrong="${CSS.escape(path.join("."))}"]`);
        if (!beside) path.pop();
      }
      if (!beside) continue;
      beside.textContent = each.textContent;
      form.elements.namedItem(path.join("."))?.setAttribute?.("aria-invalid", "true");
    }
  };

  let asking = null;
  let waiting = 0;
  const check = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form), signal: asking.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      part.innerHTML = await answer.text();
      mark();
      told.textContent = part.querySelector(".live")?.lastElementChild?.textContent ?? "";
    } catch (fault) {
      if (fault.name !== "AbortError") told.textContent = form.dataset.failed;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 400);
  });
  mark();
})();
