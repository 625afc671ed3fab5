// The member's socket only wakes this page up; what is new is fetched by its number, so nothing is lost
// when a message is. Notices are inserted by htmx, out of band.
const PARTING = 10000;
// Without wake-ups the page asks by itself every so often, and says so once that has lasted a while.
const ASK_EVERY = 20000;
const GRACE = 8000;
const SIGNED_OUT = 4401;

// Heard from the first moment: a form may be sent before the rest of this has begun.
let leaving = 0;
addEventListener("beforeunload", () => { leaving = Date.now(); });

export function live(htmx) {
  const { member, liveUrl } = document.body.dataset;
  if (member === undefined || !liveUrl) return;
  let after = Number(document.body.dataset.liveSeq ?? 0);
  let wait = 1000;
  let asking = false;
  let again = false;
  let asker = 0;
  let grace = 0;
  const state = document.querySelector("[data-live-state]");

  function pause() {
    clearTimeout(grace);
    grace = 0;
    if (asker) return;
    asker = setInterval(() => { if (!document.hidden) ask(); }, ASK_EVERY);
    if (state) state.textContent = state.dataset.liveState;
    ask();
  }

  function resume() {
    clearTimeout(grace);
    clearInterval(asker);
    grace = asker = 0;
    if (state) state.textContent = "";
  }

  async function ask() {
    if (asking) { again = true; return; }
    // What pops up once must not pop up on a page that is about to go: the one that follows shows it.
    if (Date.now() - leaving < PARTING) { setTimeout(ask, PARTING); return; }
    asking = true;
    try {
      const answer = await fetch(`${liveUrl}?after=${after}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      after = Math.max(after, Number(answer.headers.get("X-Live-Seq") ?? html.match(/data-seq="(\d+)"/)?.[1] ?? after));
      if (html.trim()) htmx.swap(document.createElement("div"), html, { swapStyle: "none" });
    } catch {
      // Offline for a moment; the next message or connection asks again.
    } finally {
      asking = false;
      if (again) { again = false; ask(); }
    }
  }

  function connect() {
    if (document.hidden || !navigator.onLine) {
      setTimeout(connect, 5000);
      return;
    }
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
    socket.addEventListener("open", () => { wait = 1000; resume(); ask(); });
    socket.addEventListener("message", (event) => {
      let message;
      try { message = JSON.parse(event.data); } catch { return; }
      if (message.type === "paused") pause();
      if (message.type === "live") { resume(); ask(); }
      if (message.type !== "notices" || (message.seq && message.seq <= after)) return;
      ask();
    });
    socket.addEventListener("close", (event) => {
      if (event.code !== SIGNED_OUT && !asker && !grace) grace = setTimeout(pause, GRACE);
      setTimeout(connect, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, 60000);
    });
  }

  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = 0; ask(); } });
  connect();
}
