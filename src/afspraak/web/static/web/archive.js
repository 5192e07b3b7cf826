/* How far the reading is: asked again while something waits. */
"use strict";
(() => {
  const place = document.querySelector("[data-progress]");
  const waits = () => place && place.querySelector("[data-waiting]");
  const ask = async () => {
    if (!document.hidden) {
      const answer = await fetch(place.dataset.progress, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      place.innerHTML = await answer.text();
    }
    if (waits()) setTimeout(ask, 2000);
    else location.reload();
  };
  if (waits()) setTimeout(ask, 2000);
})();
