// Beside the claim's own form: the numbers its words give, as buttons, and what is known of an appearance's address.
(() => {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("claim_form");
    const link = document.querySelector('a[href$="/admin/claims/log"]');
    const token = form && form.querySelector("[name=csrfmiddlewaretoken]");
    if (!form || !link || !token) return;
    const named = (name) => form.elements.namedItem(name);

    async function ask(part, fields) {
      const answer = await fetch(`${link.href}/${part}`, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token.value } });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }
    function placeAfter(field, name) {
      const host = field.closest("td, .grow.relative") || field.parentElement;
      let place = host.querySelector(`[data-told="${name}"]`);
      if (!place) {
        place = document.createElement("div");
        place.dataset.told = name;
        place.setAttribute("role", "status");
        host.append(place);
      }
      return place;
    }

    const text = named("text"), stated = named("quantity_as_stated"), language = named("language");
    let waiting = 0;
    async function numbers() {
      try {
        const found = await ask("text", { text: text.value.slice(0, 4000), language: language ? language.value : "", only: "numbers" });
        placeAfter(stated, "numbers").innerHTML = found.quantities;
      } catch { /* The form works without. */ }
    }
    if (text && stated) {
      text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(numbers, 400); });
      if (text.value && !stated.value) numbers();
    }
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=_fill]");
      if (!button) return;
      event.preventDefault();
      for (const [name, value] of Object.entries(JSON.parse(button.value))) {
        const field = named(name);
        if (!field) continue;
        field.value = value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });

    const opened = /\/claim\/(\d+)\/change\//.exec(window.location.pathname);
    form.addEventListener("change", async (event) => {
      const part = /^appearances-(\d+)-(url|published_on)$/.exec(event.target.name || "");
      if (!part) return;
      const url = named(`appearances-${part[1]}-url`), day = named(`appearances-${part[1]}-published_on`);
      if (!url || url.disabled) return;
      try {
        const known = await ask("address", { url: url.value, published_on: day ? day.value : "", row: part[1], claim: opened ? opened[1] : "" });
        placeAfter(url, "address").innerHTML = known.html;
        const seen = named(`appearances-${part[1]}-seen`);
        if (seen && known.is_known) seen.value = url.value;
      } catch { /* Said again when the form is sent. */ }
    });
  });
})();
