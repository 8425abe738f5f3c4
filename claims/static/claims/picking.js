/* Sentences that are ticked, and words that are selected, become the quote at once. Without this they do on sending. */
(() => {
  "use strict";
  const form = document.getElementById("passage_form");
  const page = document.querySelector("[data-desk-page]");
  if (!form || !page) return;
  for (const told of document.querySelectorAll("[data-desk-js]")) told.hidden = false;
  const quote = form.elements.quote;
  const each = form.elements._each;
  const boxes = [...page.querySelectorAll('input[name="sentence"]')];

  function span() {
    const ticked = boxes.filter((box) => box.checked);
    return ticked.length ? [boxes.indexOf(ticked[0]), boxes.indexOf(ticked[ticked.length - 1])] : null;
  }

  function draw() {
    const ends = span();
    boxes.forEach((box, index) => {
      box.closest("label").classList.toggle("desk-between", !!ends && index >= ends[0] && index <= ends[1]);
    });
    if (each) each.hidden = boxes.filter((box) => box.checked).length < 2;
    return ends;
  }

  function words(first, last) {
    let text = "";
    let block = null;
    for (let index = first; index <= last; index += 1) {
      const label = boxes[index].closest("label");
      if (text) text += label.parentElement === block ? " " : "\n";
      block = label.parentElement;
      text += label.textContent.trim();
    }
    return text;
  }

  function put(text) {
    quote.value = text;
    quote.dispatchEvent(new Event("desk:changed"));
  }

  page.addEventListener("change", () => {
    const ends = draw();
    put(ends ? words(ends[0], ends[1]) : "");
  });

  // What somebody writes themselves is meant, whatever is ticked.
  function untick() {
    for (const box of boxes) box.checked = false;
    draw();
  }
  quote.addEventListener("input", untick);

  // A quote begins and ends with whole words, however the finger slipped.
  function whole(range) {
    const wide = range.cloneRange();
    const inWord = (node, at) => node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.data[at] || "");
    let start = wide.startOffset;
    while (inWord(wide.startContainer, start) && start > 0 && inWord(wide.startContainer, start - 1)) start -= 1;
    wide.setStart(wide.startContainer, start);
    let end = wide.endOffset;
    while (end > 0 && inWord(wide.endContainer, end - 1) && inWord(wide.endContainer, end)) end += 1;
    wide.setEnd(wide.endContainer, end);
    const box = document.createElement("div");
    box.append(wide.cloneContents());
    for (const block of box.querySelectorAll(".desk-block")) block.append("\n");
    return box.textContent;
  }

  // Any words, by mouse, finger or keyboard.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!page.contains(range.commonAncestorContainer)) return;
    const text = whole(range).replace(/[ \t]+/g, " ").replace(/\s*\n\s*/g, "\n").trim();
    if (text.length < 3) return;
    untick();
    put(text);
  });

  // A click that ends a selection is no tick.
  page.addEventListener("click", (event) => {
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed && event.target.tagName !== "INPUT" && page.contains(selection.anchorNode)) event.preventDefault();
  });

  draw();
})();
