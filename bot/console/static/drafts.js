/** Drafts are kept by the server, sealed like messages: never in the browser's storage. */

import { api } from "./api.js";
import { changed, store } from "./store.js";

/** Milliseconds after the last letter. */
const PAUSE = 500;

/** @type {Map<string, string>} what the server has, by handoff */
const kept = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @returns {boolean} whether something typed would be lost with the page */
export function hasUnkept() {
  return [...store.talks.values()].some((talk) => !talk.ended && (talk.draft !== (kept.get(talk.handoff.id) ?? "") || talk.outgoing.some((message) => message.state !== "taken")));
}

/** Something was typed or sent: kept after a pause. */
export function draftTyped() {
  clearTimeout(timer);
  timer = setTimeout(() => void keepAll(), PAUSE);
}

/** Keeps what is not kept yet; what fails is tried again with the next letter or look. */
export async function keepAll() {
  for (const talk of store.talks.values()) {
    const id = talk.handoff.id;
    const text = talk.draft.slice(0, 4000);
    if (talk.ended || talk.handoff.supporting || !talk.restored || text === (kept.get(id) ?? "")) continue;
    try {
      await api.keepDraft(id, text);
      kept.set(id, text);
    } catch {
      draftTyped();
      return;
    }
  }
}

/** Brings back what was typed before the page was loaded. @param {(id: string) => void} show */
export async function restoreDrafts(show) {
  for (const talk of store.talks.values()) {
    if (talk.ended || talk.handoff.supporting || talk.restored) continue;
    talk.restored = true;
    const { text } = await api.draft(talk.handoff.id).catch(() => ({ text: "" }));
    kept.set(talk.handoff.id, text);
    if (!text || talk.draft) continue;
    talk.draft = text;
    show(talk.handoff.id);
    changed();
  }
}
