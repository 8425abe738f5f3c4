// Copying and sharing on a verdict's page. Without it the texts stand there to be copied by hand.
(() => {
  "use strict";
  const said = document.querySelector("[data-share-said]");
  if (!said) return;

  const say = (text, button) => {
    // Emptied first: the same words twice are read out twice.
    said.textContent = "";
    setTimeout(() => { said.textContent = text; }, 50);
    const label = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = text;
    clearTimeout(button.back);
    button.back = setTimeout(() => { button.textContent = label; }, 4000);
  };

  const copy = async (field) => {
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // Pages without HTTPS have no clipboard of the newer kind.
      return document.execCommand("copy");
    }
  };

  for (const button of document.querySelectorAll("[data-copies]")) {
    button.addEventListener("click", async () => {
      const copied = await copy(document.getElementById(button.dataset.copies));
      if (copied) button.focus();
      say(copied ? button.dataset.copied : said.dataset.failed, button);
    });
  }

  for (const button of document.querySelectorAll("[data-shares]")) {
    const what = { title: button.dataset.title, url: button.dataset.shares };
    if (!navigator.share || (navigator.canShare && !navigator.canShare(what))) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share(what).catch(() => {}));
  }

  for (const row of document.querySelectorAll("[data-share-buttons]")) row.hidden = false;
})();
