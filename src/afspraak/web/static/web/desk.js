// Search while typing, arrows through what was found, and the verdict as soon as it is known what it
// is about. Without this file the same forms do the same, with a button.
(() => {
  "use strict";
  const seek = document.querySelector("[data-seek]");
  const found = document.getElementById("found");
  const fetched = async (url, signal) => {
    const answer = await fetch(url, { signal, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  let asked = null;
  let last = seek?.defaultValue.trim() ?? "";

  const look = async () => {
    const words = seek.value.trim();
    if (words === last) return;
    last = words;
    asked?.abort();
    if (words.length < 2) { found.replaceChildren(); return; }
    asked = new AbortController();
    try {
      const url = new URL(seek.form.dataset.fragment, location.href);
      url.searchParams.set("q", words);
      found.innerHTML = await fetched(url, asked.signal);
    } catch (fault) {
      if (fault.name !== "AbortError") seek.form.requestSubmit();
    }
  };
  if (seek && found) {
    seek.form.querySelector("[data-plain]")?.setAttribute("hidden", "");
    seek.addEventListener("input", look);
    look(); // what was typed before this file came
    const links = () => [...found.querySelectorAll("a")];
    const move = (event) => {
      const all = links();
      const here = all.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && all.length) { event.preventDefault(); all[Math.min(here + 1, all.length - 1)].focus(); }
      else if (event.key === "ArrowUp" && here >= 0) { event.preventDefault(); (here ? all[here - 1] : seek).focus(); }
      else if (event.key === "Escape" && here >= 0) { event.preventDefault(); seek.focus(); }
      else if (event.key === "Enter" && document.activeElement === seek && all.length && seek.value.trim() === last) { event.preventDefault(); all[0].click(); }
    };
    seek.addEventListener("keydown", move);
    found.addEventListener("keydown", move);
  }

  const form = document.querySelector("[data-verdict]");
  const place = document.getElementById("verdict");
  if (form && place) {
    // Taken out, not hidden: Enter presses the first button of a form, and must open the ticket.
    const asks = form.querySelector("[data-ask]");
    asks?.remove();
    let asking = null;
    const ask = async (event) => {
      if (event && !event.target.matches("[data-counts]")) return;
      const told = new FormData(form);
      const url = new URL(form.dataset.verdict, location.href);
      for (const name of ["customer", "service", "impact", "kind", "site", "asset"]) {
        if (told.get(name)) url.searchParams.set(name, told.get(name));
      }
      asking?.abort();
      asking = new AbortController();
      try {
        place.innerHTML = await fetched(url, asking.signal);
      } catch (fault) {
        if (fault.name !== "AbortError" && asks) place.after(asks);
      }
    };
    form.addEventListener("change", ask);
  }
})();
