// Telephones: looks for news once a second (an idle look costs one small query and no body), draws what
// changed, sends what is typed. Texts are put on the page as text, never as markup.
(() => {
  "use strict";
  const EVERY = 1000; // milliseconds between two looks
  const page = document.body.dataset;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const phones = [...document.querySelectorAll(".phone")];
  const connection = document.querySelector("[data-connection]");
  const drawn = new Map(); // phone -> what it shows, as JSON
  let mark = "";
  let chosen = phones[0];
  let pinned = null; // the text whose understanding is shown; null: the latest of the chosen phone
  let state = { phones: [], reminders: [] };

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined && text !== null) element.textContent = text;
    return element;
  }

  async function send(address, body) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(answer.status === 400 ? "Load this page again." : `It was not taken (${answer.status}).`);
  }

  // ---- drawing ------------------------------------------------------------------------------------
  function drawBubble(bubble) {
    const text = make("div", `text text-${bubble.side}${bubble.shown ? "" : " text-unshown"}`);
    text.dataset.key = bubble.key;
    const words = make("div", "bubble", bubble.text || (bubble.pictures ? "🖼 a photo" : "(empty)"));
    words.dir = "auto";
    if (bubble.language) words.lang = bubble.language;
    text.append(words);
    const under = make("p", "under");
    if (bubble.mark) {
      const standing = make("span", `tone-${bubble.tone}`);
      const ticks = make("span", "ticks", bubble.mark);
      ticks.setAttribute("aria-hidden", "true");
      standing.append(ticks, ` ${bubble.words}${bubble.reason ? `: ${bubble.reason}` : ""}`);
      under.append(standing, " · ");
      under.title = `${bubble.words}${bubble.reason ? `: ${bubble.reason}` : ""}`;
    }
    under.append(`${bubble.at} · ${bubble.segments} SMS · ${bubble.characters} ${bubble.alphabet}`);
    if (bubble.kind && bubble.kind !== "reply") under.append(` · ${bubble.kind}`);
    if (bubble.side === "me") {
      const button = make("button", "", "understood");
      button.type = "button";
      button.dataset.pin = bubble.key;
      under.append(" ", button);
    }
    text.append(under);
    return text;
  }

  function drawPhone(element, phone) {
    const json = JSON.stringify(phone);
    if (drawn.get(element) === json) return;
    drawn.set(element, json);
    const log = element.querySelector("[data-log]");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    const known = new Map([...log.querySelectorAll("[data-key]")].map((e) => [e.dataset.key, e]));
    const wanted = new Set(phone.bubbles.map((bubble) => bubble.key));
    for (const [key, old] of known) if (!wanted.has(key)) old.remove();
    for (const leftover of log.querySelectorAll(".quiet")) if (phone.bubbles.length) leftover.remove();
    let before = null;
    for (const bubble of phone.bubbles) {
      const print = JSON.stringify(bubble);
      let text = known.get(bubble.key);
      if (!text || text.dataset.print !== print) {
        const fresh = drawBubble(bubble);
        if (!text && bubble.side === "me") log.querySelector("[data-shadow]")?.remove(); // it has arrived
        fresh.dataset.print = print;
        if (text) text.replaceWith(fresh);
        text = fresh;
      }
      const place = before ? before.nextSibling : log.firstChild;
      if (text !== place) log.insertBefore(text, place);
      before = text;
    }
    element.querySelector("[data-thinking]").hidden = !phone.thinking;
    element.querySelector("[data-stopped]").hidden = !phone.stopped;
    for (const shadow of log.querySelectorAll(".text-sending")) log.append(shadow);
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  function row(list, name, value) {
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length)) return;
    const shown = make("dd");
    if (value instanceof Node) shown.append(value);
    else shown.textContent = Array.isArray(value) ? value.join(", ") : String(value);
    list.append(make("dt", "", name), shown);
  }

  function bar(name, share) {
    const line = make("div", "bar");
    const meter = make("meter");
    meter.min = 0;
    meter.max = 1;
    meter.value = share;
    meter.setAttribute("aria-label", name);
    line.append(make("code", "", name), meter, make("span", "", `${Math.round(share * 100)}%`));
    return line;
  }

  function group(nodes) {
    const holder = make("div");
    holder.append(...nodes);
    return holder;
  }

  function drawUnderstood() {
    const target = document.querySelector("[data-understood]");
    const phone = state.phones.find((one) => one.number === chosen.dataset.number);
    const mine = (phone?.bubbles || []).filter((bubble) => bubble.side === "me");
    const all = state.phones.flatMap((one) => one.bubbles);
    const bubble = (pinned && all.find((one) => one.key === pinned)) || mine[mine.length - 1];
    const print = JSON.stringify(bubble || null);
    if (target.dataset.print === print) return;
    target.dataset.print = print;
    if (!bubble) return target.replaceChildren(make("p", "quiet", "Send a text, or press “understood” under one."));
    const what = bubble.understood || {};
    const quote = make("blockquote", "", bubble.text || "(no words)");
    quote.dir = "auto";
    const list = make("dl");
    row(list, "Language", what.written_in && what.written_in !== what.language ? `${what.language}, written in ${what.written_in}` : what.language);
    if (what.intent) row(list, "Intent", bar(what.intent, what.confidence ?? 0));
    row(list, "Requests", what.several);
    row(list, "Decision", what.decision);
    row(list, "Crisis", what.crisis);
    row(list, "Keywords", what.commands);
    if (what.flow?.length) row(list, "Flow, steps", make("code", "", what.flow.join(" → ")));
    const slots = Object.entries(what.slots || {});
    if (slots.length) row(list, "Slots", group(slots.map(([name, value]) => make("div", "", `${name} = ${JSON.stringify(value)}`))));
    if (what.ranking?.length) row(list, "Ranking", group(what.ranking.map(([name, share]) => bar(name, share))));
    row(list, "Took", what.took_ms === undefined ? null : `${what.took_ms} ms`);
    row(list, "Turn", what.status ? `${what.status}${what.attempts > 1 ? `, attempt ${what.attempts}` : ""}` : "not begun");
    row(list, "Error", what.error);
    target.replaceChildren(quote, list);
  }

  function drawComing() {
    const target = document.querySelector("[data-coming]");
    const print = JSON.stringify(state.reminders);
    if (target.dataset.print === print) return;
    target.dataset.print = print;
    if (!state.reminders.length) return target.replaceChildren(make("p", "quiet", "None. Book a conference first."));
    const list = make("ul", "coming");
    for (const reminder of state.reminders) {
      const item = make("li");
      const words = make("div");
      words.append(
        make("strong", "", `${reminder.phone}: ${reminder.occurrence} before`),
        make("div", "quiet", `${reminder.student} with ${reminder.teacher}, ${reminder.starts}. Due ${reminder.due}.`),
      );
      const button = make("button", "", "Send now");
      button.type = "button";
      button.dataset.remind = reminder.id;
      button.setAttribute("aria-label", `Send the ${reminder.occurrence} reminder to ${reminder.phone} now`);
      item.append(words, button);
      list.append(item);
    }
    target.replaceChildren(list);
  }

  function draw() {
    for (const phone of state.phones) {
      const element = phones.find((one) => one.dataset.number === phone.number);
      if (element) drawPhone(element, phone);
    }
    drawUnderstood();
    drawComing();
  }

  // ---- looking ------------------------------------------------------------------------------------
  async function look() {
    try {
      const answer = await fetch(page.state, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
      if (answer.status === 200) {
        state = await answer.json();
        mark = answer.headers.get("ETag");
        draw();
      }
      connection.textContent = answer.ok || answer.status === 304 ? "" : `The app answers ${answer.status}.`;
    } catch {
      connection.textContent = "The app does not answer.";
    }
  }
  async function keepLooking() {
    if (!document.hidden) await look();
    setTimeout(keepLooking, EVERY);
  }

  // ---- doing --------------------------------------------------------------------------------------
  function choose(element) {
    if (chosen !== element) pinned = null;
    const wasHidden = element.offsetParent === null; // on a narrow screen: nothing hidden can be scrolled
    chosen = element;
    for (const phone of phones) {
      phone.classList.toggle("chosen", phone === element);
      phone.classList.toggle("picked", phone === element);
      phone.querySelector("[data-log]").setAttribute("aria-live", phone === element ? "polite" : "off");
    }
    document.getElementById("picker").value = element.dataset.index;
    const log = element.querySelector("[data-log]");
    if (wasHidden) log.scrollTop = log.scrollHeight;
    drawUnderstood();
  }

  async function textFrom(element, body, picture) {
    pinned = null;
    choose(element);
    const log = element.querySelector("[data-log]");
    const shadow = make("div", "text text-me text-sending");
    shadow.dataset.shadow = "yes";
    const words = make("div", "bubble", body || "🖼 a photo");
    words.dir = "auto";
    shadow.append(words, make("p", "under", "leaving the phone …"));
    log.append(shadow);
    log.scrollTop = log.scrollHeight;
    try {
      await send(page.texts, { number: element.dataset.number, body, picture });
      setTimeout(look, 60);
      setTimeout(() => {
        if (shadow.isConnected) shadow.lastChild.textContent = "the app has not taken it yet";
      }, 8000);
    } catch (error) {
      delete shadow.dataset.shadow;
      shadow.lastChild.textContent = `✕ not sent: ${error.message}`;
      shadow.lastChild.className = "under tone-bad";
    }
  }

  for (const element of phones) {
    const box = element.querySelector("textarea");
    const count = element.querySelector("[data-count]");
    const recount = () => {
      count.textContent = `${box.value.length} / ${page.longest}`;
      count.classList.toggle("full", box.value.length >= Number(page.longest));
    };
    const submit = () => {
      const body = box.value;
      if (!body.trim()) return;
      box.value = "";
      recount();
      textFrom(element, body, false);
    };
    box.addEventListener("input", recount);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    element.querySelector("[data-write]").addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
      box.focus();
    });
    for (const button of element.querySelectorAll("[data-quick]")) {
      button.addEventListener("click", () => textFrom(element, button.dataset.quick, false));
    }
    element.querySelector("[data-picture]").addEventListener("click", () => textFrom(element, "", true));
    element.addEventListener("focusin", () => choose(element));
    element.addEventListener("pointerdown", () => choose(element));
    element.addEventListener("click", (event) => {
      const pin = event.target.closest("[data-pin]");
      if (!pin) return;
      pinned = pin.dataset.pin;
      drawUnderstood();
    });
  }
  document.getElementById("picker").addEventListener("change", (event) => choose(phones[Number(event.target.value)]));
  document.querySelector("[data-coming]").addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remind]");
    if (!button) return;
    button.disabled = true;
    try {
      await send(page.reminders.replace("/0/", `/${button.dataset.remind}/`), {});
      button.textContent = "Due now";
    } catch (error) {
      connection.textContent = error.message;
    }
  });

  if (chosen) choose(chosen);
  keepLooking();
})();
