// Alt+L opens the page for logging a claim, wherever on the desk; never while somebody writes.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.code !== "KeyL") return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const link = document.querySelector('a[href$="/admin/claims/log"]');
    if (!link) return;
    event.preventDefault();
    window.location.href = link.href;
  });
})();
