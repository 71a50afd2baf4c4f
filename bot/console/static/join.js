/** An invited advocate's first page. The token stands behind the `#` and goes nowhere but here. */

import { api, ApiError } from "./api.js";
import { el, setText } from "./dom.js";
import { canPasskey, makePasskey } from "./passkey.js";
import { showRecovery } from "./recovery.js";
import { has, loadWords, t } from "./words.js";

const token = location.hash.slice(1);
// Neither the history nor a screenshot of the address bar shall keep it.
history.replaceState(null, "", location.pathname);

let shortest = 12;
/** What a new passkey is asked for. @type {object | null} */
let wanted = null;

/** @param {string} id of the part to show, alone */
function show(id) {
  for (const part of ["loading", "invalid", "join", "recovery"]) el(part).hidden = part !== id;
}

/** @param {string} text */
function complain(text) {
  const error = el("error");
  error.hidden = !text;
  setText(error, text);
}

async function main() {
  await loadWords();
  try {
    const invited = await api.openInvitation(token || "-");
    shortest = invited.min_password;
    setText(el("greeting"), t("join.greeting", { name: invited.name }));
    setText(el("secret"), invited.secret.replace(/(.{4})(?=.)/g, "$1 "));
    setText(el("password-hint"), t("join.password.hint", { count: shortest }));
    /** @type {HTMLAnchorElement} */ (el("otpauth")).href = invited.otpauth;
    /** @type {HTMLInputElement} */ (el("name")).value = invited.name;
    el("copy").hidden = !navigator.clipboard;
    wanted = invited.passkey;
    el("with-passkey").hidden = !wanted || !canPasskey;
    show("join");
    el("greeting").focus();
  } catch {
    show("invalid");
    el("invalid").querySelector("h1")?.focus();
  }
}

el("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText((el("secret").textContent ?? "").replaceAll(" ", ""));
  setText(el("copy"), t("join.app.copied"));
});

el("show").addEventListener("click", () => {
  const password = /** @type {HTMLInputElement} */ (el("password"));
  const hidden = password.type === "password";
  password.type = hidden ? "text" : "password";
  el("show").setAttribute("aria-pressed", String(hidden));
  setText(el("show"), t(hidden ? "join.password.hide" : "join.password.show"));
});

/** @param {() => Promise<{totp?: string, passkey?: object}>} factor */
async function join(factor) {
  const password = /** @type {HTMLInputElement} */ (el("password"));
  const totp = /** @type {HTMLInputElement} */ (el("totp"));
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (el("join").querySelectorAll("button"));
  complain("");
  if ([...password.value].length < shortest) {
    complain(t("join.error.short", { count: shortest }));
    password.focus();
    return;
  }
  for (const button of buttons) button.disabled = true;
  try {
    const { recovery_codes: codes } = await api.acceptInvitation(token, password.value, await factor());
    show("recovery");
    showRecovery(codes, () => location.replace("/console"));
  } catch (error) {
    const code = error instanceof ApiError ? error.code.replace("weak_password_", "") : "";
    if (error instanceof ApiError && error.status === 404) show("invalid");
    else if (error instanceof DOMException) complain(t("passkey.failed"));
    else if (code === "wrong_code") {
      complain(t("join.error.code"));
      totp.value = "";
      totp.focus();
    } else if (has(`join.error.${code}`)) {
      complain(t(`join.error.${code}`, { count: shortest }));
      password.focus();
    } else complain(t(error instanceof ApiError && error.status === 0 ? "error.offline" : "error.generic"));
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

el("join").addEventListener("submit", (event) => {
  event.preventDefault();
  void join(async () => ({ totp: /** @type {HTMLInputElement} */ (el("totp")).value || "-" }));
});

el("use-passkey").addEventListener("click", () => void join(async () => ({ passkey: await makePasskey(wanted) })));

void main();
