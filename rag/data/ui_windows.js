// Conversations kept in this browser. Several windows share them, each with a conversation of its
// own, so what is written is put together with what others wrote (as rag/ui/merging.py does it).
"use strict";
(() => {
  const KEPT = "gegenlese-kept";
  const MINE = "gegenlese-conversation"; // the conversation of this window
  let known = null; // what this window's next change begins with

  const stored = () => {
    try { return JSON.parse(localStorage.getItem(KEPT)); } catch { return null; }
  };
  const all = (value) => [value?.history?.current, ...(value?.history?.others ?? [])]
    .filter((each) => each?.exchanges?.length);
  const id = (conversation) => conversation.conversation_id;
  const turn = (exchange) => exchange.turn_id;

  function together(before, own, theirs, name) {
    const [was, there, mine] = [before, theirs, own].map((list) => new Set(list.map(name)));
    return [
      ...own.filter((each) => there.has(name(each)) || !was.has(name(each))),
      ...theirs.filter((each) => !was.has(name(each)) && !mine.has(name(each))),
    ];
  }
  function merged(before, value, now) {
    const find = (list, key) => list.find((each) => id(each) === key);
    const [was, theirs] = [all(before), all(now)];
    const joined = (own) => {
      const other = find(theirs, id(own));
      if (!other) return own;
      const first = find(was, id(own))?.exchanges ?? [];
      return { ...own, exchanges: together(first, own.exchanges, other.exchanges, turn) };
    };
    const { current, others } = value.history;
    return {
      where: "browser",
      history: {
        current: joined(current),
        others: together(was, others, theirs, id).filter((each) => id(each) !== id(current)).map(joined),
      },
    };
  }

  // What an event sends: all there is, with this window's conversation as the current one.
  function take() {
    const value = stored();
    known = value;
    const mine = own(value);
    if (!value) return { where: "browser", history: { current: { conversation_id: mine, exchanges: [] }, others: [] } };
    if (value.where === "disk") return { ...value, current: mine };
    const conversations = all(value);
    const current = conversations.find((each) => id(each) === mine) ?? { conversation_id: mine, exchanges: [] };
    return { where: "browser", history: { current, others: conversations.filter((each) => id(each) !== mine) } };
  }
  // A new window goes on where the last one was; from then on it has its own.
  function own(value) {
    try {
      const mine = sessionStorage.getItem(MINE);
      if (mine) return mine;
      const last = value?.where === "disk" ? value.current : value?.history?.current?.conversation_id;
      const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem(MINE, last ?? fresh());
    } catch { return "0".repeat(32); /* private windows may refuse */ }
    return sessionStorage.getItem(MINE);
  }

  // What an event made of it.
  function put(value) {
    if (!value?.where) return;
    const now = stored();
    const current = value.where === "disk" ? value.current : id(value.history.current);
    try {
      if (current) sessionStorage.setItem(MINE, current);
      let written = value.where === "browser" && now?.where === "browser" ? merged(known, value, now) : value;
      known = value;
      while (!keep(written) && written.history?.others.length) {
        // The browser has no more room: the oldest conversation goes.
        written = { ...written, history: { ...written.history, others: written.history.others.slice(0, -1) } };
      }
    } catch { /* private windows may refuse */ }
  }
  function keep(value) {
    try { localStorage.setItem(KEPT, JSON.stringify(value)); return true; }
    catch { return false; }
  }
  Object.assign(window.gegenlese, { take, put });
})();
