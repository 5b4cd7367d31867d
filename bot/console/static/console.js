// The console works without this file; with it the lists stay fresh, a reply shows how it will leave and
// is kept while it is half typed, and a button pressed twice acts once.
(() => {
  "use strict";
  const EVERY = 20000; // milliseconds between two looks

  // A pointer chooses once; keys pass over every choice on the way: who uses them presses the button.
  for (const button of document.querySelectorAll("[data-hide-with-script]")) button.hidden = true;
  for (const field of document.querySelectorAll("[data-submit-on-change]")) {
    let keys = false;
    field.addEventListener("pointerdown", () => (keys = false));
    field.addEventListener("keydown", () => {
      keys = true;
      for (const button of field.form.querySelectorAll("[data-hide-with-script]")) button.hidden = false;
    });
    field.addEventListener("change", () => keys || field.form.requestSubmit());
  }

  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // What is half typed outlives a look at the page, in this window and for this person, until it is sent.
  const account = document.body.dataset.account;
  const mine = `draft ${account} `;
  for (const draft of Object.keys(sessionStorage)) {
    if (account && !draft.startsWith(mine)) sessionStorage.removeItem(draft);
  }
  for (const field of document.querySelectorAll("[data-keep]")) {
    const draft = mine + field.dataset.keep;
    const before = sessionStorage.getItem(draft);
    if (field.defaultValue) sessionStorage.setItem(draft, field.defaultValue);
    else if (before) {
      field.value = before;
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    field.addEventListener("input", () => sessionStorage.setItem(draft, field.value));
    field.form.addEventListener("submit", () => sessionStorage.removeItem(draft));
  }
  document.querySelector("[data-log-out]")?.addEventListener("submit", () => sessionStorage.clear());

  async function look(address) {
    if (document.hidden) return null;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // the network will be back; the next look comes soon
    }
  }
  const fresh = document.querySelector("[data-fresh]");

  const tabs = document.querySelector("[data-counts]");
  if (tabs) {
    const here = tabs.dataset.tab;
    setInterval(async () => {
      const counts = await look(tabs.dataset.counts);
      if (!counts) return;
      for (const badge of tabs.querySelectorAll("[data-count]")) {
        const count = String(counts[badge.dataset.count]);
        if (badge.textContent === count) continue;
        badge.textContent = count;
        if (badge.dataset.count === here) fresh.hidden = false;
        const hot = ["urgent", "overdue"].includes(badge.dataset.count) && count !== "0";
        badge.classList.toggle("count-hot", hot);
      }
    }, EVERY);
  }

  const pulse = document.querySelector("[data-pulse]");
  if (pulse) {
    setInterval(async () => {
      const now = await look(pulse.dataset.pulse);
      if (now && now.marker !== pulse.dataset.marker) fresh.hidden = false;
    }, EVERY);
  }

  for (const field of document.querySelectorAll("[data-implies]")) {
    field.addEventListener("input", () => {
      const implied = document.getElementById(field.dataset.implies);
      if (implied && (field.type === "checkbox" ? field.checked : field.value)) implied.checked = true;
    });
  }

  const live = document.querySelector("[data-live]");
  if (live) {
    const shown = {};
    const watching = setInterval(async () => {
      const now = await look(live.dataset.live);
      if (!now) return;
      for (const part of document.querySelectorAll("[data-part]")) {
        const html = now.parts[part.dataset.part];
        if (html === shown[part.dataset.part] || part.contains(document.activeElement)) continue;
        shown[part.dataset.part] = part.innerHTML = html; // our own template, escaped
      }
      if (now.marker !== live.dataset.marker) fresh.hidden = false;
      if (now.final) clearInterval(watching);
    }, EVERY / 4);
  }

  const reply = document.querySelector("form[data-preview]");
  if (reply) {
    const box = reply.querySelector("textarea");
    const shown = reply.querySelector("[data-leaving]");
    const told = reply.querySelector("[data-leaving-told]");
    const words = (line) => [...line.childNodes].filter((piece) => piece.ariaHidden !== "true").map((piece) => piece.textContent);
    const leaving = () => [...shown.querySelectorAll(":scope > p")].map((line) => words(line).join("").trim()).join(" ");
    let known = leaving();
    let waiting;
    const preview = async () => {
      const open = shown.querySelector("details")?.open;
      try {
        const answer = await fetch(reply.dataset.preview, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: new FormData(reply),
        });
        if (!answer.ok) return;
        shown.innerHTML = (await answer.json()).html; // our own template: what was typed is escaped in it
        const details = shown.querySelector("details");
        if (details && open) details.open = true;
        if (leaving() !== known) told.textContent = known = leaving(); // for who does not see it change
      } catch {
        // the preview is a service; sending does not need it
      }
    };
    reply.querySelector("select").addEventListener("change", preview);
    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(preview, 500);
    });
    if (box.value !== box.defaultValue) preview();
  }
})();
