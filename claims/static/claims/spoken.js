// What the theme leaves to the mouse alone, or nameless to a screen reader.
//
// Menus with a search (select2) take the name of the field they stand for. Plain elements that the theme gives a click
// become buttons: reached by Tab, pressed by Enter or the space bar.
(() => {
  "use strict";

  const nameOf = (select) => {
    const label = select.getAttribute("aria-label") || (select.labels && select.labels[0] && select.labels[0].textContent);
    return (label || "").replace(/\s+/g, " ").replace(/\*\s*$/, "").trim();
  };

  const speak = (container) => {
    const select = container.previousElementSibling;
    if (!select || select.tagName !== "SELECT") return;
    const name = nameOf(select);
    if (!name) return;
    for (const part of container.querySelectorAll("[role=combobox], [role=textbox], input")) {
      if (part.getAttribute("aria-label") !== name) part.setAttribute("aria-label", name);
    }
  };

  const press = (event) => {
    if (event.target !== event.currentTarget || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.currentTarget.click();
  };

  const makeButton = (part) => {
    if (part.tabIndex >= 0 || part.closest("label") || part.matches("template, nav, form, tr")) return;
    part.tabIndex = 0;
    part.setAttribute("role", "button");
    const icon = part.querySelector(".material-symbols-outlined");
    if (icon) icon.setAttribute("aria-hidden", "true");
    if (!part.getAttribute("aria-label") && icon && part.textContent.trim() === icon.textContent.trim()) {
      const word = part.getAttribute("title") || (document.getElementById("desk-more") || {}).textContent;
      if (word) part.setAttribute("aria-label", word);
    }
    part.addEventListener("keydown", press);
  };

  const clicked = () =>
    [...document.querySelectorAll("*")].filter((part) =>
      [...part.attributes].some(({ name }) => name.startsWith("x-on:click") && !name.includes(".outside")),
    );

  const speakAll = () => {
    document.querySelectorAll(".select2-container").forEach(speak);
    clicked().forEach(makeButton);
  };

  document.addEventListener("DOMContentLoaded", () => {
    speakAll();
    let due = 0;
    const soon = () => {
      due ||= window.requestAnimationFrame(() => {
        due = 0;
        speakAll();
      });
    };
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  });
})();
