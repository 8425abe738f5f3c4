/* Beside every field for a quote: does it stand on the page, as far as we hold it? Nothing is lost without this. */
(() => {
  "use strict";
  const WAIT = 600;
  const SHORTEST = 8;

  function watch(quote, address, check, token) {
    if (quote.dataset.deskWatched) return;
    quote.dataset.deskWatched = "1";
    const told = document.createElement("div");
    told.setAttribute("role", "status");
    told.className = "desk-check";
    quote.insertAdjacentElement("afterend", told);
    let timer = 0;
    let asking = null;
    async function ask() {
      if (asking) asking.abort();
      const url = address();
      if (!url || quote.value.trim().length < SHORTEST) { told.replaceChildren(); return; }
      asking = new AbortController();
      const body = new FormData();
      body.set("url", url);
      body.set("quote", quote.value);
      try {
        const answer = await fetch(check, {
          method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "manual", signal: asking.signal,
        });
        if (answer.ok) told.innerHTML = await answer.text();
      } catch { /* No connection: saving compares as well. */ }
    }
    const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); };
    quote.addEventListener("input", later);
    quote.addEventListener("desk:changed", later);
    return later;
  }

  function start(root) {
    const passage = document.getElementById("passage_form");
    if (passage) {
      watch(passage.elements.quote, () => passage.dataset.url, passage.dataset.check, () => passage.elements.csrfmiddlewaretoken.value);
      return;
    }
    const form = document.getElementById("claim_form");
    if (!form) return;
    const check = new URL("/admin/claims/claim/evidence/check/", location.href).pathname;
    for (const quote of root.querySelectorAll('textarea[name^="evidence-"][name$="-quote"]')) {
      if (quote.name.includes("__prefix__") || quote.disabled) continue;
      const address = form.elements[quote.name.replace(/-quote$/, "-url")];
      if (!address) continue;
      const later = watch(quote, () => address.value.trim(), check, () => form.elements.csrfmiddlewaretoken.value);
      if (later) address.addEventListener("input", later);
    }
  }

  start(document);
  const form = document.getElementById("claim_form");
  if (form) new MutationObserver(() => start(form)).observe(form, { childList: true, subtree: true });
})();
