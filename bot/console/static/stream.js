/** The live stream: what changed, as kinds and ids. It comes back by itself, and says how it is. */

import { api } from "./api.js";

const KINDS = [
  "handoff.waiting",
  "handoff.claimed",
  "handoff.returned",
  "handoff.closed",
  "handoff.changed",
  "handoff.passing",
  "handoff.silent",
  "handoff.unanswered",
  "desk",
  "handoff.overdue",
  "message",
  "alert.raised",
  "alert.acknowledged",
  "alert.unheeded",
  "alert.all_clear",
];

/** Milliseconds without a beat (they come at least every 15 s) after which the line is dead. */
const SILENCE = 40000;

/**
 * @typedef {object} Listener
 * @property {() => void} ready the stream stands: look at everything once
 * @property {(kind: string, subject: string) => void} event
 * @property {(state: "live" | "connecting" | "offline") => void} state
 * @property {() => void} refused it cannot be opened: the session may have ended
 */

/**
 * @param {Listener} listener
 * @returns {() => void} closes the stream
 */
export function openStream(listener) {
  /** @type {EventSource | null} */
  let source = null;
  let heard = Date.now();
  let tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;

  function connect() {
    source?.close();
    listener.state(tries ? "offline" : "connecting");
    heard = Date.now();
    const opened = new EventSource("/api/v1/events?answered=true");
    source = opened;
    opened.addEventListener("ready", () => {
      heard = Date.now();
      tries = 0;
      listener.state("live");
      listener.ready();
    });
    opened.addEventListener("beat", () => {
      heard = Date.now();
      // A machine that sleeps has its line open for a while: only an answer tells that one is here.
      void api.present().catch(() => {});
    });
    opened.addEventListener("signed_out", () => {
      opened.close();
      listener.refused();
    });
    for (const kind of KINDS) {
      opened.addEventListener(kind, (event) => {
        heard = Date.now();
        listener.event(kind, JSON.parse(/** @type {MessageEvent} */ (event).data).subject);
      });
    }
    opened.addEventListener("error", () => {
      listener.state("offline");
      if (opened.readyState === EventSource.CLOSED) {
        // The browser gave up: it was refused, or the server is down.
        listener.refused();
        later();
      }
    });
  }

  function later() {
    clearTimeout(again);
    tries += 1;
    again = setTimeout(connect, Math.min(1000 * 2 ** (tries - 1), 15000));
  }

  function look() {
    if (document.visibilityState === "visible" && Date.now() - heard > SILENCE) connect();
  }

  const watch = setInterval(look, 5000);
  window.addEventListener("online", connect);
  document.addEventListener("visibilitychange", look);
  connect();

  return () => {
    clearInterval(watch);
    clearTimeout(again);
    window.removeEventListener("online", connect);
    document.removeEventListener("visibilitychange", look);
    source?.close();
  };
}
