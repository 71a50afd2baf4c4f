/** An invited advocate's first page. The token stands behind the `#` and goes nowhere but here. */

import { api, ApiError } from "./api.js";
import { el, setText } from "./dom.js";
import { has, loadWords, t } from "./words.js";

const token = location.hash.slice(1);
// Neither the history nor a screenshot of the address bar shall keep it.
history.replaceState(null, "", location.pathname);

let shortest = 12;

/** @param {string} id of the part to show, alone */
function show(id) {
  for (const part of ["loading", "invalid", "join"]) el(part).hidden = part !== id;
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

el("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const password = /** @type {HTMLInputElement} */ (el("password"));
  const totp = /** @type {HTMLInputElement} */ (el("totp"));
  const button = /** @type {HTMLButtonElement} */ (el("join").querySelector("button[type=submit]"));
  complain("");
  if ([...password.value].length < shortest) {
    complain(t("join.error.short", { count: shortest }));
    password.focus();
    return;
  }
  button.disabled = true;
  try {
    await api.acceptInvitation(token, password.value, totp.value || "-");
    location.replace("/console");
  } catch (error) {
    const code = error instanceof ApiError ? error.code.replace("weak_password_", "") : "";
    if (error instanceof ApiError && error.status === 404) show("invalid");
    else if (code === "wrong_code") {
      complain(t("join.error.code"));
      totp.value = "";
      totp.focus();
    } else if (has(`join.error.${code}`)) {
      complain(t(`join.error.${code}`, { count: shortest }));
      password.focus();
    } else complain(t(error instanceof ApiError && error.status === 0 ? "error.offline" : "error.generic"));
  } finally {
    button.disabled = false;
  }
});

void main();
