/* Below a quote that gives a number: the number, with a button that fills the row's empty fields. Saving needs none of it. */
(() => {
  "use strict";
  const WAIT = 700;
  const FIELDS = { asStated: "quantity_as_stated", low: "quantity_low", high: "quantity_high", unit: "quantity_unit" };

  function watch(quote) {
    if (quote.dataset.deskNumbers) return;
    const form = quote.form;
    const field = (name) => form.elements[quote.name.replace(/quote$/, name)];
    const fields = Object.values(FIELDS).map(field);
    if (fields.some((one) => !one) || quote.disabled) return;
    quote.dataset.deskNumbers = "1";
    const told = document.createElement("div");
    told.setAttribute("role", "status");
    quote.insertAdjacentElement("afterend", told);
    let timer = 0;
    let asking = null;
    const written = () => fields.some((one) => one.value.trim());
    async function ask() {
      if (asking) asking.abort();
      if (!quote.value.trim() || written()) { told.replaceChildren(); return; }
      asking = new AbortController();
      const body = new FormData();
      body.set("quote", quote.value);
      try {
        const answer = await fetch("/admin/number/", {
          method: "POST", body, headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
          redirect: "manual", signal: asking.signal,
        });
        if (answer.ok) told.innerHTML = await answer.text();
      } catch { /* No connection: the number is typed. */ }
    }
    told.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-as-stated]");
      if (!button || written()) return;
      for (const [key, name] of Object.entries(FIELDS)) {
        const one = field(name);
        one.value = button.dataset[key];
        one.dispatchEvent(new Event("input", { bubbles: true }));
        one.dispatchEvent(new Event("change", { bubbles: true }));
      }
      told.replaceChildren();
      quote.focus();
    });
    const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); };
    quote.addEventListener("input", later);
    quote.addEventListener("desk:changed", later);
    if (quote.value.trim()) later();
  }

  function start() {
    document.querySelectorAll("textarea[name^='evidence-'][name$='-quote']").forEach((quote) => {
      if (quote.form && !quote.name.includes("__prefix__")) watch(quote);
    });
  }
  function begin() {
    start();
    const form = document.getElementById("claim_form");
    if (form) new MutationObserver(start).observe(form, { childList: true, subtree: true });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
