/** Signing in, at the beginning and when the session has ended in between. */

import { api, ApiError } from "./api.js";
import { el, setText } from "./dom.js";
import { askPasskey, canPasskey } from "./passkey.js";
import { t } from "./words.js";

/** @param {() => Promise<void>} then what follows a sign-in */
export function beginSignIn(then) {
  const form = /** @type {HTMLFormElement} */ (el("signin-form"));
  const error = el("signin-error");
  const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (el(`signin-${name}`)).value;
  el("signin-passkey").hidden = !canPasskey;

  /** @param {string[]} needed fields @param {() => Promise<{totp?: string, passkey?: object}>} factor */
  async function attempt(needed, factor) {
    const missing = needed.find((name) => !value(name).trim());
    if (missing) {
      el(`signin-${missing}`).focus();
      return;
    }
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button"));
    for (const button of buttons) button.disabled = true;
    error.hidden = true;
    try {
      await api.signIn(value("name"), value("password"), await factor());
      form.reset();
      await then();
    } catch (failure) {
      error.hidden = false;
      setText(error, explain(failure));
      const totp = /** @type {HTMLInputElement} */ (el("signin-totp"));
      totp.value = "";
      totp.focus();
      if (failure instanceof ApiError && failure.status === 429) {
        await new Promise((resolve) => setTimeout(resolve, failure.retryAfter * 1000));
      }
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(["name", "password", "totp"], async () => ({ totp: value("totp") }));
  });
  el("signin-passkey").addEventListener("click", () => {
    void attempt(["name", "password"], async () => ({ passkey: await askPasskey((await api.challenge()).passkey) }));
  });
}

/** @param {unknown} failure @returns {string} */
function explain(failure) {
  if (failure instanceof DOMException || failure instanceof TypeError) return t("passkey.failed");
  if (!(failure instanceof ApiError)) return t("error.generic");
  if (failure.status === 0) return t("error.offline");
  if (failure.status === 429) return t("signin.wait", { count: failure.retryAfter });
  if (failure.status === 401 || failure.status === 422) return t("signin.wrong");
  return t("error.generic");
}

/** @param {boolean} again whether a session ended under one's hands */
export function showSignIn(again) {
  el("workspace").hidden = true;
  el("signin").hidden = false;
  el("signin-again").hidden = !again;
  el("signin-name").focus();
}

/** Shows the workspace in its place. */
export function hideSignIn() {
  el("signin").hidden = true;
  el("workspace").hidden = false;
}
