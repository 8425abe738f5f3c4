/* Writing a verdict: previews while you type, words that survive a lost session or connection, Markdown by button.
   Without this, "Save and preview" does it all. */
(() => {
  "use strict";
  const form = document.getElementById("draft_form");
  if (!form) return;
  const told = document.getElementById("desk-kept");
  const live = document.getElementById("desk-live");
  const key = form.dataset.key;
  const DAYS_KEPT = 30;
  const token = () => form.elements.csrfmiddlewaretoken.value;
  const words = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const own = (entries) => JSON.stringify(entries.filter(([name]) => !name.startsWith("initial-") && name !== "expected_revision").map(([name, value]) => [name, value.replace(/\r\n/g, "\n").trim()]));
  const opened = own(words());
  const open = !!form.querySelector('[name="_save"]');
  let typed = !!form.dataset.typed;
  let handed = "";

  function say(text) { if (told && told.textContent !== text) told.textContent = text; }

  // On this device.
  function store() { try { localStorage.setItem(key, JSON.stringify({ words: words(), at: Date.now() })); } catch { /* full, or switched off */ } }
  function stored() { try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; } }
  function forget() { try { localStorage.removeItem(key); } catch { /* switched off */ } }
  function tidy() {
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith("claimtrack.draft.")) continue;
        let at = 0;
        try { at = JSON.parse(localStorage.getItem(name)).at; } catch { /* nobody's */ }
        if (!(Date.now() - at < DAYS_KEPT * 86400000)) localStorage.removeItem(name);
      }
    } catch { /* switched off */ }
  }

  // At the desk.
  async function hand(entries, age) {
    const body = new FormData();
    for (const [name, value] of entries) body.append(name, value);
    body.set("_age", String(Math.max(0, Math.round(age / 1000))));
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "manual" });
      if (answer.ok) return { at: (await answer.json()).at };
      if (answer.status === 413 || answer.status === 409) return { error: (await answer.json().catch(() => ({}))).error };
      return { out: answer.type === "opaqueredirect" || answer.status === 403 };
    } catch { return {}; }
  }
  async function keep() {
    const now = words();
    if (!typed || own(now) === handed) return;
    const answer = await hand(now, 0);
    if (answer.at) { handed = own(now); say(`${form.dataset.toldKept} ${answer.at}`); }
    else say(answer.error || (answer.out ? form.dataset.toldOut : form.dataset.toldDevice));
  }

  // Previews.
  let asking = null;
  async function draw() {
    if (asking) asking.abort();
    asking = new AbortController();
    const body = new FormData();
    for (const [name, value] of words()) body.append(name, value);
    try {
      const answer = await fetch(form.dataset.live, { method: "POST", body, headers: { "X-CSRFToken": token() }, redirect: "manual", signal: asking.signal });
      if (answer.ok) live.innerHTML = await answer.text();
    } catch { /* No connection: the preview stays as it was. */ }
  }

  const timers = {};
  function later(name, what, wait) { clearTimeout(timers[name]); timers[name] = setTimeout(what, wait); }
  function changed() {
    typed = true;
    later("store", store, 400);
    later("keep", keep, 3000);
    later("draw", draw, 600);
  }
  if (open) {
    form.addEventListener("input", changed);
    setInterval(keep, 10000);
    addEventListener("online", keep);
    addEventListener("pagehide", () => { if (typed && !sent) store(); });
  }
  let sent = false;
  form.addEventListener("submit", () => { sent = true; if (typed) store(); });

  // What this device kept while the desk was out of reach.
  async function comeBack() {
    tidy();
    const kept = stored();
    if (!kept || form.dataset.typed) return;
    if (own(kept.words) === opened) { forget(); return; }
    const answer = await hand(kept.words, Date.now() - kept.at);
    if (!answer.at) return;
    try {
      const shown = await fetch(form.dataset.unsaved, { redirect: "manual" });
      if (shown.ok) document.getElementById("desk-unsaved-here").innerHTML = await shown.text();
    } catch { /* the next time */ }
  }
  document.getElementById("desk-unsaved-here").addEventListener("submit", forget);
  if (open) comeBack();
  if (typed && open) { store(); keep(); }

  // The public page, with what stands in the form.
  const page = document.querySelector("[data-page]");
  const frame = document.querySelector('iframe[name="desk-page"]');
  if (page && frame) {
    page.addEventListener("click", async (event) => {
      event.preventDefault();
      const body = new FormData(form);
      try {
        const answer = await fetch(page.formAction, { method: "POST", body, redirect: "manual" });
        if (answer.ok) { frame.removeAttribute("src"); frame.srcdoc = await answer.text(); } else say(form.dataset.toldOut);
      } catch { say(form.dataset.toldDevice); }
    });
  }

  // Markdown by button and by key.
  const bar = form.querySelector(".desk-toolbar");
  const text = form.elements.explanation;
  if (!bar || !text) return;
  text.before(bar);
  bar.hidden = false;
  // As if it were typed, so that Ctrl+Z takes it back; where the browser cannot, without that.
  function write(words, start, end) {
    text.focus();
    text.setSelectionRange(start, end);
    if (document.execCommand && document.execCommand("insertText", false, words)) return;
    text.setRangeText(words, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function put(before, after, fallback) {
    const { selectionStart: start, selectionEnd: end } = text;
    const middle = text.value.slice(start, end) || fallback || "";
    write(before + middle + after, start, end);
    text.setSelectionRange(start + before.length, start + before.length + middle.length);
  }
  function lines(mark) {
    const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const end = Math.max(text.selectionEnd, start);
    const marked = text.value.slice(start, end).split("\n").map((line) => mark + line).join("\n");
    write((start && text.value[start - 2] !== "\n" ? "\n" : "") + marked, start, end);
  }
  const address = (url) => (/[\s()<>]/.test(url) ? `<${url.replace(/[<>\s]/g, encodeURIComponent)}>` : url);
  const marks = {
    bold: () => put("**", "**"),
    link: () => {
      const url = prompt(form.dataset.toldAddress, "https://");
      if (url && url !== "https://") put("[", `](${address(url)})`, form.dataset.toldWords);
    },
    list: () => lines("- "),
    quote: () => lines("> "),
    cite: () => {
      const chosen = document.getElementById("desk-cite").selectedOptions[0];
      if (chosen) put("[", `](${address(chosen.value)})`, chosen.dataset.title.replace(/[\[\]]/g, ""));
    },
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) marks[button.dataset.mark]();
  });
  text.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const mark = { b: "bold", k: "link" }[event.key.toLowerCase()];
    if (mark) { event.preventDefault(); marks[mark](); }
  });
})();
