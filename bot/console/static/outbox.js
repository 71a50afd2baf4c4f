/** What was typed and is on its way: sent in order, tried again, never doubled. */

import { api, ApiError } from "./api.js";
import { loadHandoffs, loadMessages } from "./loading.js";
import { changed, now, store } from "./store.js";

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {import("./store.js").Outgoing} Outgoing */

/**
 * Takes a text to be sent under an id of its own, so that trying again never doubles it.
 * @param {Talk} talk @param {string} text
 */
export function say(talk, text) {
  talk.outgoing.push({ id: uuid(), text, state: "queued", at: now() });
  changed();
  void flush(talk);
}

/** @param {Talk} talk tries again what could not be sent */
export function retry(talk) {
  for (const message of talk.outgoing) {
    if (message.state === "unsent") message.state = "queued";
  }
  changed();
  void flush(talk);
}

/** All that could not be sent is tried again. */
export function retryAll() {
  for (const talk of store.talks.values()) retry(talk);
}

/** @param {Talk} talk sends one after the other: their order is what was typed */
async function flush(talk) {
  if (talk.flushing) return;
  talk.flushing = true;
  try {
    for (;;) {
      const message = talk.outgoing.find((waiting) => waiting.state === "queued");
      if (!message) return;
      await api.say(talk.handoff.id, message.id, message.text);
      message.state = "taken";
      void loadMessages(talk.handoff.id).catch(() => {});
    }
  } catch (error) {
    for (const message of talk.outgoing) {
      if (message.state === "queued") message.state = "unsent";
    }
    changed();
    if (error instanceof ApiError && error.status === 403) void loadHandoffs();
  } finally {
    talk.flushing = false;
  }
}

/** @returns {string} a random id, also where the page came without TLS */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {Talk} talk @param {Outgoing} message */
export function discard(talk, message) {
  talk.outgoing = talk.outgoing.filter((other) => other !== message);
  changed();
}
