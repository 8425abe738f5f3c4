// A form that must not be sent twice is sent once; coming back to its page makes it ready again.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});
// Browsers skip autofocus where a page replaces one of the same address, as the second step does.
if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
