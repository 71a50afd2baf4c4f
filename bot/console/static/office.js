/** What the pages beside the conversations share: who one is, the way back, and locking. */

import { api, ApiError, whenLocked, whenSignedOut } from "./api.js";
import { el, setText } from "./dom.js";
import { watchIdle } from "./lock.js";
import { loadWords, t } from "./words.js";

/**
 * Begins a page. Whoever is not signed in, or locked, is led to the console, which takes care of it.
 * @returns {Promise<{me: import("./api.js").Me, may: (what: string) => boolean}>}
 */
export async function beginOffice() {
  await loadWords();
  const away = () => location.replace("/console");
  whenSignedOut(away);
  whenLocked(away);
  const me = await api.me();
  const may = (/** @type {string} */ what) => me.permissions.includes(`console:${what}`);
  if (me.locked) away();
  watchIdle(() => me.idle_lock_after, () => void api.lock().then(away, away));
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-may]"))) {
    link.hidden = !may(link.dataset.may ?? "");
  }
  return { me, may };
}

/** @param {unknown} failure @param {Record<string, string>} [codes] words for what the server says */
export function complain(failure, codes = {}) {
  const code = failure instanceof ApiError ? failure.code : "";
  const offline = failure instanceof ApiError && failure.status === 0;
  say(codes[code] ? t(codes[code]) : t(offline ? "error.offline" : "error.generic"), true);
}

/** @param {string} text @param {boolean} [wrong] */
export function say(text, wrong = false) {
  el("said").classList.toggle("error", wrong);
  el("said").classList.toggle("chain", !wrong);
  el("said").hidden = !text;
  setText(el("said"), text);
}

/**
 * Asks for the password once more, or only whether one is sure.
 * @param {string} title @param {string} text @param {boolean} [withPassword]
 * @returns {Promise<string | null>} null when it was cancelled; without a password: an empty text
 */
export function prove(title, text, withPassword = true) {
  const dialog = /** @type {HTMLDialogElement} */ (el("prove"));
  const password = /** @type {HTMLInputElement} */ (el("prove-password"));
  setText(el("prove-title"), title);
  setText(el("prove-text"), text);
  el("prove-fields").hidden = !withPassword;
  password.required = withPassword;
  password.value = "";
  dialog.returnValue = "";
  el("prove-cancel").onclick = () => dialog.close("");
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      const typed = password.value;
      password.value = "";
      resolve(dialog.returnValue === "yes" ? typed : null);
    };
  });
}
