// Keeps an open card as fresh as the verdict. A sandbox that runs no script shows a link to load it again instead.
(() => {
  "use strict";
  // Milliseconds. Coming back to a tab asks at once when the last answer is older than the second.
  const EVERY = 300_000;
  const RECENT = 30_000;
  let asked = Date.now();
  document.documentElement.classList.add("fresh");

  const ask = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(location.href, { cache: "no-cache", credentials: "omit" });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const card = page.getElementById("card");
      const shown = document.getElementById("card");
      if (card && (card.innerHTML !== shown.innerHTML || card.className !== shown.className)) {
        shown.className = card.className;
        shown.replaceChildren(...card.childNodes);
        document.title = page.title;
      }
      document.documentElement.classList.add("fresh");
    } catch {
      document.documentElement.classList.remove("fresh");
    }
  };

  const askIfOld = () => {
    if (document.visibilityState === "visible" && Date.now() - asked > RECENT) ask();
  };
  setInterval(() => { if (document.visibilityState === "visible") ask(); }, EVERY);
  document.addEventListener("visibilitychange", askIfOld);
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
})();
