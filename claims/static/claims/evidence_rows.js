// Rows for evidence below a claim: an empty one is folded until it is asked for, and shows what its kind needs.
(() => {
  "use strict";
  const NOT_FOR = { page: ["file", "description"], file: ["url"], offline: ["url", "quote", "file"] };
  const WRITTEN = ["url", "quote", "description", "note", "file"];

  document.addEventListener("DOMContentLoaded", () => {
    const rows = document.getElementById("evidence-data");
    if (!rows) return;
    const each = () => rows.querySelectorAll(":scope > .form-group:not(.empty-form)");
    const field = (row, name) => row.querySelector(`[name^="evidence-"][name$="-${name}"]:not([type=hidden])`);
    const isEmpty = (one) => !one || !one.value;

    function showWhatItNeeds(row) {
      const kind = field(row, "kind");
      if (!kind || kind.disabled) return;
      for (const name of WRITTEN) {
        const one = field(row, name);
        const line = one && one.closest(".field-row");
        // What is filled in stays in sight, whatever the kind.
        if (line) line.hidden = (NOT_FOR[kind.value] || []).includes(name) && isEmpty(one) && !line.querySelector(".errorlist");
      }
    }
    function fold(row) {
      const isNew = row.classList.contains("template");
      row.hidden = isNew && !row.querySelector(".errorlist") && WRITTEN.every((name) => isEmpty(field(row, name)));
    }

    // Whoever opens the whole form for a new claim came to fill it in.
    if (!/\/add\/$/.test(window.location.pathname)) each().forEach(fold);
    each().forEach(showWhatItNeeds);
    rows.addEventListener("change", (event) => {
      if (/^evidence-\d+-kind$/.test(event.target.name || "")) showWhatItNeeds(event.target.closest(".form-group"));
    });
    rows.addEventListener("click", (event) => {
      if (!event.target.closest(".add-row")) return;
      const folded = [...each()].find((row) => row.hidden);
      if (!folded) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      folded.hidden = false;
      const kind = field(folded, "kind");
      if (kind) kind.focus();
    }, true);
    new MutationObserver(() => each().forEach(showWhatItNeeds)).observe(rows, { childList: true });
  });
})();
