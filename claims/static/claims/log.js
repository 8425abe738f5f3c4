// The log page without reloading: what is fetched is put beside the form, and into fields nobody has touched.
(() => {
  "use strict";
  const form = document.getElementById("log_form") || document.getElementById("paste_form");
  if (!form) return;

  // Ctrl+Enter (Command+Enter) presses the form's own button.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-default]"));
  });
  // A bookmark is dragged, not clicked.
  document.querySelectorAll("[data-bookmarklet]").forEach((link) => link.addEventListener("click", (event) => event.preventDefault()));
  // An address is one line: Enter goes on with it.
  const pasted = form.elements.namedItem("pasted");
  if (pasted) pasted.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !/^\s*\S+\s*$/.test(pasted.value)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-default]"));
  });
  if (form.id !== "log_form") return;

  const POLL = 1500, POLLS = 80, PAUSE = 350, KEPT = "claims.log";
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const touched = new Set();
  const named = (name) => form.elements.namedItem(name);
  const parse = (text) => { try { return JSON.parse(text) || {}; } catch { return {}; } };
  const guessedField = document.getElementById("log_guessed");
  const guessed = parse(guessedField.value || "{}");

  // What a person wrote, a machine never changes: events of scripts are not trusted.
  for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => { if (event.isTrusted && event.target.name) touched.add(event.target.name); });

  function set(name, value, shown) {
    const field = named(name);
    if (!field || field.length === 0 && field.tagName !== "SELECT") return;
    if (field.tagName === "SELECT") {
      if (![...field.options].some((option) => option.value === value)) field.add(new Option(shown || value, value));
      field.value = value;
    } else if (field.type === "checkbox") {
      field.checked = Boolean(value);
    } else {
      field.value = value;
    }
    const query = window.django && window.django.jQuery;
    if (query) query(field).trigger("change"); else field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function guess(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = named(name);
      if (!field || touched.has(name)) continue;
      if (field.value && field.value !== guessed[name] && !(name === "language" && !(name in guessed))) continue;
      guessed[name] = value;
      if (field.value !== value) set(name, value);
    }
    guessedField.value = JSON.stringify(guessed);
  }

  // Suggestions. A passage takes the place of another that was picked; to typed words it is added.
  const passages = () => new Set([...form.querySelectorAll("[data-passage]")].map((one) => parse(one.value).text));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_fill]");
    if (!button) return;
    event.preventDefault();
    for (let [name, value] of Object.entries(parse(button.value))) {
      const field = named(name);
      if (!field) continue;
      if (name === "text") {
        const now = field.value.trim();
        if (now && now !== value && !passages().has(now) && !now.includes(value)) value = `${now}\n${value}`;
        else if (now.includes(value) && now !== value) value = now;
      }
      touched.add(name);
      set(name, value, button.dataset.shown);
      const folded = field.closest && field.closest("details");
      if (folded && value) folded.open = true;
      if (name === "text") { field.focus(); later(); }
    }
    form.querySelectorAll("[data-passage]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  });

  async function ask(address, fields, signal) {
    const answer = await fetch(address, fields
      ? { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token }, signal }
      : { signal });
    if (answer.status === 403) tell(form.dataset.gone);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function tell(text) {
    let place = document.getElementById("log_gone");
    if (!place) {
      place = document.createElement("p");
      place.id = "log_gone";
      place.className = "desk-card desk-notice";
      place.setAttribute("role", "alert");
      form.prepend(place);
    }
    if (place.textContent !== text) place.textContent = text;
  }

  // Claims like the text, and its numbers.
  const text = named("text"), language = named("language");
  let waiting = 0, asked = null, last = null;
  function later() { clearTimeout(waiting); waiting = setTimeout(look, PAUSE); }
  async function look() {
    const said = text.value.slice(0, 10000);
    if (said + language.value === last) return;
    last = said + language.value;
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const found = await ask(form.dataset.text, { text: said, language: language.value }, asked.signal);
      replace("log_similar", found.similar);
      replace("log_quantities", found.quantities);
      if (found.language) guess({ language: found.language });
    } catch { last = null; }
  }
  function replace(id, html) {
    const place = document.getElementById(id);
    // A button under somebody's finger stays.
    if (place.contains(document.activeElement) || place.innerHTML === html) return;
    place.innerHTML = html;
  }
  text.addEventListener("input", later);
  language.addEventListener("change", later);

  // What is known of each appearance's address.
  const rows = document.getElementById("log_rows");
  rows.addEventListener("change", async (event) => {
    const part = /^appearances-(\d+)-(url|published_on)$/.exec(event.target.name || "");
    if (!part) return;
    const url = named(`appearances-${part[1]}-url`), day = named(`appearances-${part[1]}-published_on`);
    const place = url.closest(".log-row").querySelector(".log-known");
    try {
      const known = await ask(form.dataset.address, { url: url.value, published_on: day.value, row: part[1] });
      place.innerHTML = known.html;
      const seen = named(`appearances-${part[1]}-seen`);
      if (seen && known.is_known) seen.value = url.value;
    } catch { /* Said again when the form is sent. */ }
  });

  // One more appearance.
  const template = document.getElementById("log_row_template");
  form.querySelector("[name=_more]").addEventListener("click", (event) => {
    const total = named("appearances-TOTAL_FORMS");
    if (!template || Number(total.value) >= 20) return;
    event.preventDefault();
    const number = Number(total.value);
    const html = template.innerHTML.replaceAll("__prefix__", String(number)).replaceAll("__number__", String(number + 1));
    template.insertAdjacentHTML("beforebegin", html);
    total.value = String(number + 1);
    named(`appearances-${number}-url`).focus();
    if (window.DateTimeShortcuts) window.DateTimeShortcuts.init();
  });

  // The page, while it is being captured.
  const page = document.getElementById("log_page");
  async function poll(left) {
    if (left === 0) return;
    try {
      const state = await ask(page.dataset.poll);
      const words = document.getElementById("log_words");
      if (words.textContent !== state.words) words.textContent = state.words;
      if (!state.is_waiting) {
        document.getElementById("log_captured").innerHTML = state.html;
        guess(state.guesses);
        return;
      }
    } catch (error) { if (error.message === "403") return; }
    setTimeout(() => poll(left - 1), POLL);
  }
  if (page && page.dataset.poll) setTimeout(() => poll(POLLS), POLL);

  // A login may have come in between, and carried less than was written.
  const store = window.sessionStorage;
  form.addEventListener("submit", () => { try { store.setItem(KEPT, JSON.stringify({ ticket: named("ticket").value, text: text.value })); } catch { /* Full or refused. */ } });
  const kept = parse(store.getItem(KEPT) || "{}");
  if (kept.ticket && kept.ticket === named("ticket").value && text.value && kept.text.startsWith(text.value)) text.value = kept.text;
  if (text.value) last = text.value.slice(0, 10000) + language.value;
  if (!form.querySelector(".errors")) (page && text.value === "" && page.querySelector("[data-passage]") || text).focus();
})();
