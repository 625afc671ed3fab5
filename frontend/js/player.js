import htmx from "htmx.org";
import { csrfToken, each } from "./dom.js";

const STEP = 1.5;

function sessionId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Reports which seconds were really played: a jump starts a new interval and is never counted.
function track(video) {
  const session = sessionId();
  const beat = Number(video.dataset.heartbeat || 5);
  const area = video.closest("[data-player]") ?? document;
  const bar = area.querySelector("[data-watched]");
  const text = area.querySelector("[data-watched-text]");
  let played = [];
  let from = null;
  let at = null;
  let sent = 0;

  const close = () => {
    if (from !== null && at > from) played.push([Number(from.toFixed(2)), Number(at.toFixed(2))]);
    from = null;
    at = null;
  };
  const show = (answer) => {
    if (bar && answer.percent !== undefined) bar.value = answer.percent;
    if (text && answer.message) text.textContent = answer.message;
    if (answer.html) htmx.swap(document.createElement("div"), answer.html, { swapStyle: "none" });
  };
  async function send() {
    const now = at;
    close();
    if (!video.paused && !video.seeking && now !== null) { from = now; at = now; }
    if (!played.length) return;
    const intervals = played;
    played = [];
    sent = Date.now();
    try {
      const answer = await fetch(video.dataset.watchUrl, {
        method: "POST",
        keepalive: true,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "HX-Request": "true" },
        body: JSON.stringify({ session, intervals }),
      });
      if (answer.ok) show(await answer.json());
      else if (answer.status >= 500 || answer.status === 429) played = intervals.concat(played);
    } catch {
      played = intervals.concat(played);
    }
  }

  video.addEventListener("timeupdate", () => {
    if (video.seeking || video.paused) return;
    const now = video.currentTime;
    const limit = STEP * Math.max(1, video.playbackRate);
    if (at !== null && now >= at && now - at <= limit) at = now;
    else { close(); from = now; at = now; }
    if (Date.now() - sent >= beat * 1000) send();
  });
  video.addEventListener("playing", () => { if (from === null) { from = video.currentTime; at = from; sent ||= Date.now(); } });
  video.addEventListener("seeking", close);
  video.addEventListener("pause", () => {
    if (!video.seeking && at !== null && video.currentTime - at <= STEP * 2 && video.currentTime > at) at = video.currentTime;
    send();
  });
  video.addEventListener("ended", () => {
    if (at !== null && video.duration - at <= STEP) at = video.duration;
    send();
  });
  addEventListener("pagehide", send);
}

// Lines of a transcript and chapters lead to their place; the line being spoken is marked.
function follow(video, area) {
  const lines = [...area.querySelectorAll("[data-transcript] [data-start]")];
  const starts = lines.map((line) => Number(line.dataset.start));
  for (const target of area.querySelectorAll("[data-start]")) {
    target.addEventListener("click", () => {
      video.currentTime = Number(target.dataset.start);
      video.play()?.catch(() => {});
    });
  }
  if (!lines.length) return;
  let current = -1;
  video.addEventListener("timeupdate", () => {
    let now = -1;
    while (now + 1 < starts.length && starts[now + 1] <= video.currentTime + 0.05) now += 1;
    if (now === current) return;
    lines[current]?.removeAttribute("aria-current");
    current = now;
    const line = lines[current];
    if (!line) return;
    line.setAttribute("aria-current", "true");
    const box = line.closest("[data-transcript]");
    if (box.contains(document.activeElement)) return;
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 3;
  });
}

export function players(root) {
  each(root, "video", "player", (video) => {
    if (video.dataset.watchUrl) track(video);
    follow(video, video.closest("[data-player]") ?? document);
  });
}
