// While a file is worked on, its page looks again every two seconds. Without this, “Look again” does it by hand.
(function () {
  "use strict";
  function look() {
    fetch(window.location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("claim-file");
        var card = document.getElementById("claim-file");
        if (!fresh || !card) { return; }
        if (!fresh.hasAttribute("data-working")) { window.location.reload(); return; }
        card.querySelector("[role=status]").innerHTML = fresh.querySelector("[role=status]").innerHTML;
        window.setTimeout(look, 2000);
      })
      .catch(function () { window.setTimeout(look, 5000); });
  }
  window.setTimeout(look, 2000);
})();
