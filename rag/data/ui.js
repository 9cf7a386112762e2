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
  let coming = null; // the source that is on its way
  async function openSource(button) {
    const drawer = document.getElementById("source");
    const body = document.getElementById("source-body");
    if (!drawer || !body) return;
    // It opens at once and empty: the source before must not pass for this one, and who closes it
    // before the answer is there must not see it open again.
    coming?.abort();
    const mine = coming = new AbortController();
    opener = button;
    body.innerHTML = `<p class="loading" role="status">${language === "de" ? "Quelle wird geöffnet …" : "Opening the source …"}</p>`;
    if (!drawer.open) drawer.showModal();
    const query = new URLSearchParams({
      article: button.dataset.open, start: button.dataset.start, end: button.dataset.end, language,
    });
    let answer = "";
    try {
      const response = await fetch(`/source?${query}`, { signal: mine.signal });
      if (response.status === 401) { location.href = "/login"; return; }
      answer = await response.text();
      if (!response.ok) throw new Error(String(response.status));
    } catch {
      if (mine.signal.aborted) return;
      body.textContent = language === "de" ? "Die Quelle ist gerade nicht erreichbar." : "The source cannot be reached right now.";
      return;
    }
    if (mine.signal.aborted) return;
    body.innerHTML = answer; // escaped where it was made: rag/ui/source.py
    const quote = body.querySelector("mark.quote");
    if (quote) quote.scrollIntoView({ block: "center" });
    else body.scrollTop = 0;
  }
  // However it was closed: by its button, beside it or with Escape.
  document.addEventListener("close", (event) => {
    // The event comes late: by then the next source may have been opened.
    if (event.target.id !== "source" || event.target.open) return;
    coming?.abort();
    coming = null;
    if (opener?.isConnected) opener.focus();
    opener = null;
  }, true);

  // An empty conversation is a new one. Begun anew, it would sweep away the question sent meanwhile.
  window.addEventListener("click", (event) => {
    if (!event.target.closest?.("#new-conversation") || !document.querySelector("#talk .start")) return;
    event.stopImmediatePropagation();
    document.querySelector("#question textarea")?.focus();
  }, true);

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const open = at("[data-open]");
    if (open) { openSource(open); return; }
    if (at("[data-close]") || event.target.id === "source") { document.getElementById("source")?.close(); return; }
    if (at("[data-theme]")) {
      const dark = !document.body.classList.contains("dark");
      setDark(dark);
      kept("gegenlese-light", dark ? "dark" : "light");
      return;
    }
    const other = at("[data-language]");
    if (other) document.cookie = `gegenlese-language=${other.dataset.language};path=/;max-age=31536000;samesite=lax`;
    const press = at("[data-press]");
    if (press) { document.querySelector(`#${CSS.escape(press.dataset.press)}`)?.click(); return; }
    const goto = at("[data-goto]");
    if (goto) document.querySelector(`#view-${CSS.escape(goto.dataset.goto)}-button`)?.click();
  });

  // The quote behind a chip, while the pointer or the keyboard is on it.
  let tip = null;
  function showTip(chip) {
    hideTip();
    tip = document.createElement("div");
    tip.id = "tip";
    tip.setAttribute("aria-hidden", "true");
    const head = document.createElement("b");
    head.textContent = chip.dataset.tipHead || "";
    tip.append(head, document.createElement("br"), chip.dataset.tip || "");
    document.body.append(tip);
    const at = chip.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left - 20), innerWidth - tip.offsetWidth - 8);
    const above = at.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }
  function hideTip() { tip?.remove(); tip = null; }
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(enter, (event) => {
      const chip = event.target.closest?.("[data-tip]");
      if (chip) showTip(chip);
    });
    document.addEventListener(leave, (event) => { if (event.target.closest?.("[data-tip]")) hideTip(); });
  }
  document.addEventListener("scroll", hideTip, true);

  // What is folded away is fetched when it is opened, and stays open when the talk is drawn anew.
  const opened = new Set();
  const fetched = new Map();
  async function fetchInto(holder) {
    const place = holder.matches(".fetched") ? holder : holder.querySelector(".fetched");
    if (!place || !holder.dataset.fetch || place.dataset.filled) return;
    place.dataset.filled = "yes";
    const key = holder.id + holder.dataset.body; // asked again, a turn has other passages
    if (!fetched.has(key)) {
      fetched.set(key, fetch(`${holder.dataset.fetch}?language=${language}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: holder.dataset.body,
      }).then((response) => { if (!response.ok) throw new Error(String(response.status)); return response.text(); }));
    }
    try {
      place.innerHTML = await fetched.get(key); // escaped where it was made: *_panel.py
    } catch {
      fetched.delete(key);
      delete place.dataset.filled;
      if (holder !== place) place.textContent = language === "de" ? "Das ist gerade nicht erreichbar." : "This cannot be reached right now.";
    }
  }
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.id || details.tagName !== "DETAILS") return;
    if (details.open) { opened.add(details.id); fetchInto(details); }
    else if (details.isConnected) opened.delete(details.id);
  }, true);

  // The talk is drawn anew as a whole: put back what was open and focused, bring a new turn to view.
  let focused = null;
  document.addEventListener("focusin", (event) => { if (event.target.id && event.target.closest("#talk")) focused = event.target.id; });
  document.addEventListener("focusin", (event) => { if (!event.target.closest("#talk")) focused = null; });
  const seen = new Set();
  let isFirst = true;
  function redrawn(talk) {
    for (const id of opened) {
      const details = talk.querySelector(`details[id="${CSS.escape(id)}"]`);
      if (details && !details.open) details.open = true;
    }
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
    talk.querySelectorAll("[data-now]").forEach(fetchInto);
    const turns = [...talk.querySelectorAll(".turn")];
    const fresh = turns.filter((turn) => !seen.has(turn.id));
    turns.forEach((turn) => seen.add(turn.id));
    const last = fresh.at(-1);
    if (last && last === turns.at(-1) && !isFirst) last.scrollIntoView({ block: "start", behavior: "smooth" });
    if (turns.length) isFirst = false;
    const done = turns.at(-1);
    if (done?.classList.contains("done") && done.dataset.told === undefined) {
      done.dataset.told = "";
      const status = done.querySelector(".status");
      if (status && fresh.length === 0) say(status.textContent);
    }
  }
  const watcher = new MutationObserver(() => {
    const talk = document.getElementById("talk");
    if (talk) redrawn(talk);
  });
  const waiting = setInterval(() => {
    const talk = document.getElementById("talk");
    if (!talk) return;
    clearInterval(waiting);
    watcher.observe(talk, { childList: true, subtree: true });
    redrawn(talk);
  }, 100);

  async function copy(value) {
    try { await navigator.clipboard.writeText(value); }
    catch {
      // Only a secure page may use the clipboard; this works over plain HTTP, too.
      const area = document.createElement("textarea");
      area.value = value;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(language === "de" ? "Kopiert" : "Copied");
    const place = document.getElementById("said");
    place?.classList.add("flash");
    setTimeout(() => place?.classList.remove("flash"), 1500);
  }
  function save(file) {
    if (!file?.text) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.text], { type: file.type }));
    link.download = file.name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  window.gegenlese = { say, language, copy, save };
})();
