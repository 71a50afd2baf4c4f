/** The message box: grows, counts what is left, keeps drafts, and sends. */

import { draftTyped } from "./drafts.js";
import { el, setText } from "./dom.js";
import { say } from "./outbox.js";
import { store } from "./store.js";
import { t } from "./words.js";

const LONGEST = 4000;
const COUNT_FROM = 3500;

/** @param {import("./store.js").Talk} talk what was typed for it, or nothing yet */
export function showDraft(talk) {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  draft.value = talk.draft;
  draft.placeholder = t("talk.compose.to", { name: talk.handoff.pseudonym });
  draftChanged();
}

/** Grows the box with its text, counts what is left, and has the draft kept. */
function draftChanged() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const talk = store.talks.get(store.open);
  if (talk) {
    talk.draft = draft.value;
    draftTyped();
  }
  draft.style.blockSize = "auto";
  draft.style.blockSize = `${draft.scrollHeight + 2}px`;
  const length = [...draft.value.trim()].length;
  const over = length - LONGEST;
  const left = el("draft-left");
  left.classList.toggle("over", over > 0);
  setText(left, over > 0 ? t("talk.toolong", { count: over }) : length >= COUNT_FROM ? t("talk.left", { count: -over }) : "");
  /** @type {HTMLButtonElement} */ (el("send")).disabled = length === 0 || over > 0;
}

/** Sends what is in the box. */
function submit() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const text = draft.value.trim();
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended || !text || [...text].length > LONGEST) return;
  draft.value = "";
  draftChanged();
  say(talk, text);
  el("log-frame").scrollTop = el("log-frame").scrollHeight;
  draft.focus();
}

/** Makes the box listen. */
export function beginComposer() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const coarse = window.matchMedia("(pointer: coarse)");
  draft.addEventListener("input", draftChanged);
  draft.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    // On a touch screen Enter is the only way to a new line; there the button sends.
    const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && !coarse.matches);
    if (!sends) return;
    event.preventDefault();
    submit();
  });
  el("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
}

/** @param {string} text goes behind what stands in the box */
export function insert(text) {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  draft.value = draft.value.trim() ? `${draft.value.trimEnd()}\n\n${text}` : text;
  draftChanged();
  draft.focus();
}
