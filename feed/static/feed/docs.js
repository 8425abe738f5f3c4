// A copy button on every program. Without this script the text can be selected as ever.
if (navigator.clipboard) {
  for (const code of document.querySelectorAll("pre > code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select and copy";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    button.className = "copy";
    code.parentElement.before(button);
  }
}
// A link to an address inside a closed part opens it.
addEventListener("hashchange", () => document.querySelector(":target")?.closest("details")?.setAttribute("open", ""));
