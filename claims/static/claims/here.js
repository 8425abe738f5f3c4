/* Who else has this claim open, asked again every twenty seconds. Without this it is said when the page is opened. */
(() => {
  "use strict";
  const box = document.getElementById("desk-here");
  if (!box) return;
  const EVERY = 20000;
  const body = (extra) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", box.dataset.token);
    if (box.dataset.writing) data.set("writing", "1");
    if (extra) data.set(extra, "1");
    return data;
  };
  async function tell() {
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.url, { method: "POST", body: body(), redirect: "manual" });
      if (!answer.ok) return;
      const told = (await answer.text()).trim();
      // A region that is written anew is read out anew.
      if (told !== box.dataset.told) { box.innerHTML = told; box.dataset.told = told; }
    } catch { /* No connection: the next time. */ }
  }
  box.dataset.told = box.innerHTML.trim();
  // Also soon: the page before this one, leaving, has just said that nobody is here any more.
  setTimeout(tell, 1500);
  setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => navigator.sendBeacon(box.dataset.url, body("gone")));
  addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
})();
