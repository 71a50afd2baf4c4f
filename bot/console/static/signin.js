/** Signing in, at the beginning and when the session has ended in between. */

import { api, ApiError } from "./api.js";
import { el, setText } from "./dom.js";
import { t } from "./words.js";

/** @param {() => Promise<void>} then what follows a sign-in */
export function beginSignIn(then) {
  const form = /** @type {HTMLFormElement} */ (el("signin-form"));
  const error = el("signin-error");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
    const fields = new FormData(form);
    const missing = [...form.querySelectorAll("input")].find((input) => !input.value.trim());
    if (missing) {
      missing.focus();
      return;
    }
    button.disabled = true;
    error.hidden = true;
    try {
      await api.signIn(String(fields.get("name")), String(fields.get("password")), String(fields.get("totp")));
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
      button.disabled = false;
    }
  });
}

/** @param {unknown} failure @returns {string} */
function explain(failure) {
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
