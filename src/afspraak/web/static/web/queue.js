// The queue stays as it is now: asked for again every 15 seconds (nothing is sent where nothing
// changed), and between that the time on the clock counts down from data-due.
(() => {
  "use strict";
  const live = document.getElementById("queue");
  if (!live) return;
  let tag = "";

  const two = (n) => String(n).padStart(2, "0");
  const tick = () => {
    const now = Date.now();
    for (const place of live.querySelectorAll("[data-due]")) {
      const left = Math.floor((Date.parse(place.dataset.due) - now) / 1000);
      // Clock time, and only near the end: the service time stands above it.
      place.textContent = left > 0 && left <= 3600 ? `${Math.floor(left / 60)}:${two(left % 60)}` : "";
    }
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(live.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", credentials: "same-origin" });
      if (answer.status === 200 && !answer.redirected) {
        tag = answer.headers.get("ETag") || "";
        const place = document.activeElement?.closest?.("#queue a")?.getAttribute("href");
        live.innerHTML = await answer.text();
        if (place) [...live.querySelectorAll("a")].find((each) => each.getAttribute("href") === place)?.focus({ preventScroll: true });
        tick();
      }
    } catch { /* Offline: the page stays as it was, and asks again. */ }
  };
  // What comes within two service hours, and who is in: asked for apart, so that the queue stands first.
  const ahead = document.getElementById("ahead");
  if (ahead) ahead.hidden = false;  // its place is kept, so that nothing jumps
  const lookAhead = async () => {
    if (!ahead || document.hidden) return;
    try {
      const answer = await fetch(ahead.dataset.ahead, { headers: { "X-Fragment": "1" }, cache: "no-store", credentials: "same-origin" });
      if (answer.status === 200 && !answer.redirected) {
        const wasOpen = ahead.querySelector("details")?.open;
        ahead.innerHTML = await answer.text();
        if (wasOpen) ahead.querySelector("details").open = true;
      }
    } catch { /* Offline: it stays as it was. */ }
  };
  setInterval(lookAhead, 60000);
  lookAhead();
  setInterval(tick, 1000);
  setInterval(look, 15000);
  document.addEventListener("visibilitychange", look);
  tick();
})();
