// Behaviour of the page that needs no server call of Gradio's: switches, the source drawer, tabs.
"use strict";
(() => {
  const language = location.pathname.startsWith("/de") ? "de" : "en";
  document.documentElement.lang = language;
  // Gradio words its own controls by the browser's language; the page's goes first.
  Object.defineProperty(navigator, "language", { get: () => language });
  Object.defineProperty(navigator, "languages", { get: () => [language] });

  const kept = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch { /* private windows may refuse */ }
    return null;
  };
  const setDark = (dark) => document.body.classList.toggle("dark", dark);
  const wanted = kept("gegenlese-light");
  if (wanted) {
    // Gradio sets the class by the system's wish while it starts; the reader's wish comes last.
    const start = Date.now();
    const timer = setInterval(() => {
      if (document.body) setDark(wanted === "dark");
      if (Date.now() - start > 4000) clearInterval(timer);
    }, 60);
  }

  const say = (text) => {
    const place = document.getElementById("said");
    if (place) place.textContent = text;
  };

  let opener = null;
  async function openSource(button) {
    const drawer = document.getElementById("source");
    const body = document.getElementById("source-body");
    if (!drawer || !body) return;
    opener = button;
    const query = new URLSearchParams({
      article: button.dataset.open, start: button.dataset.start, end: button.dataset.end, language,
    });
    let answer = "";
    try {
      const response = await fetch(`/source?${query}`);
      if (response.status === 401) { location.href = "/login"; return; }
      answer = await response.text();
      if (!response.ok) throw new Error(String(response.status));
    } catch {
      body.textContent = language === "de" ? "Die Quelle ist gerade nicht erreichbar." : "The source cannot be reached right now.";
      drawer.showModal();
      return;
    }
    body.innerHTML = answer; // escaped where it was made: rag/ui/source.py
    if (!drawer.open) drawer.showModal();
    const quote = body.querySelector("mark.quote");
    if (quote) quote.scrollIntoView({ block: "center" });
    else body.scrollTop = 0;
  }
  function closeSource() {
    const drawer = document.getElementById("source");
    if (drawer?.open) drawer.close();
    opener?.focus();
    opener = null;
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const open = at("[data-open]");
    if (open) { openSource(open); return; }
    if (at("[data-close]") || event.target.id === "source") { closeSource(); return; }
    if (at("[data-theme]")) {
      const dark = !document.body.classList.contains("dark");
      setDark(dark);
      kept("gegenlese-light", dark ? "dark" : "light");
      return;
    }
    const other = at("[data-language]");
    if (other) document.cookie = `gegenlese-language=${other.dataset.language};path=/;max-age=31536000;samesite=lax`;
    const goto = at("[data-goto]");
    if (goto) document.querySelector(`#view-${CSS.escape(goto.dataset.goto)}-button`)?.click();
  });
  window.gegenlese = { say, language };
})();
