/** Locking: after a while without a touch the session asks for the password, or a passkey, again. */

import { api, ApiError } from "./api.js";
import { el, setText } from "./dom.js";
import { askPasskey, canPasskey } from "./passkey.js";
import { t } from "./words.js";

/** Milliseconds between looks, and between words to this browser's other pages. */
const LOOK = 1000;
const TELL = 5000;

/** @returns {boolean} */
export const isLocked = () => !el("lock").hidden;

/**
 * Calls `then` when nobody touched any of this browser's pages for a while, and again later.
 * @param {() => number} after seconds; 0: never
 * @param {() => void} then
 */
export function watchIdle(after, then) {
  const others = new BroadcastChannel("touched");
  let last = Date.now();
  let told = 0;
  const touched = () => {
    last = Date.now();
    if (last - told < TELL) return;
    told = last;
    others.postMessage("");
  };
  others.addEventListener("message", () => {
    last = Date.now();
  });
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(kind, touched, { capture: true, passive: true });
  }
  setInterval(() => {
    if (!after() || Date.now() - last < after() * 1000) return;
    last = Date.now();
    then();
  }, LOOK);
}

/** Covers the page. */
export function showLock() {
  el("signin").hidden = true;
  el("workspace").hidden = true;
  el("lock").hidden = false;
  el("lock-passkey").hidden = !canPasskey;
  el("lock-error").hidden = true;
  el("lock-password").focus();
}

/** Takes the cover off. */
export function hideLock() {
  el("lock").hidden = true;
}

/** @param {() => Promise<void>} then what follows when it is unlocked */
export function beginLock(then) {
  const form = /** @type {HTMLFormElement} */ (el("lock-form"));
  const password = /** @type {HTMLInputElement} */ (el("lock-password"));
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button"));

  /** @param {() => Promise<any>} unlock @param {string} wrong */
  async function attempt(unlock, wrong) {
    for (const button of buttons) button.disabled = true;
    el("lock-error").hidden = true;
    try {
      await unlock();
      form.reset();
      hideLock();
      await then();
    } catch (failure) {
      const status = failure instanceof ApiError ? failure.status : -1;
      const wait = failure instanceof ApiError ? failure.retryAfter : 0;
      const words = status === 0 ? t("error.offline") : status === 429 ? t("signin.wait", { count: wait }) : t(wrong);
      setText(el("lock-error"), words);
      el("lock-error").hidden = false;
      password.value = "";
      password.focus();
      // The last try ends the session: then it shows the sign-in.
      if (status === 401) void api.me().catch(() => {});
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (password.value) void attempt(() => api.unlock({ password: password.value }), "lock.wrong");
  });
  el("lock-passkey").addEventListener("click", () => {
    void attempt(async () => api.unlock({ passkey: await askPasskey((await api.challenge()).passkey) }), "passkey.failed");
  });
  el("lock-out").addEventListener("click", async () => {
    await api.signOut().catch(() => {});
    location.reload();
  });
}
