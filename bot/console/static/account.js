/** One's own account: passkeys, recovery codes, password, and all sessions. */

import { api } from "./api.js";
import { el, h, setText } from "./dom.js";
import { beginOffice, complain, prove, say } from "./office.js";
import { canPasskey, makePasskey } from "./passkey.js";
import { showRecovery } from "./recovery.js";
import { t } from "./words.js";

const CODES = {
  sign_in_refused: "account.wrong",
  last_factor: "account.last",
  wrong_code: "passkey.failed",
  weak_password_short: "join.error.short",
  weak_password_long: "join.error.long",
  weak_password_common: "join.error.common",
  weak_password_named: "join.error.named",
};
const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" });

/** @param {() => Promise<void>} what done, and told when it does not work */
async function trying(what) {
  say("");
  try {
    await what();
  } catch (failure) {
    const aborted = failure instanceof DOMException;
    if (aborted) say(t("passkey.failed"), true);
    else complain(failure, CODES);
  }
}

async function draw() {
  const found = await api.factors();
  const rows = found.passkeys.map((each) => {
    const name = t("account.passkey", { date: when.format(Date.parse(each.created_at)) });
    const remove = h("button", { class: "plain", type: "button", "aria-label": `${t("form.remove")}: ${name}`, text: t("form.remove"), onclick: () => void trying(() => removePasskey(each.id, name)) });
    return h("li", { class: "row" }, h("span", { text: name }), remove);
  });
  if (found.authenticator) rows.unshift(h("li", { class: "row" }, h("span", { text: t("account.app") })));
  el("factors").replaceChildren(...rows);
  setText(el("recovery-left"), t("account.recovery", { count: found.recovery_left }));
}

/** @param {string} id @param {string} name */
async function removePasskey(id, name) {
  const password = await prove(t("form.remove"), name);
  if (password === null) return;
  await api.removePasskey(password, id);
  await draw();
  say(t("form.saved"));
}

async function addPasskey() {
  const password = await prove(t("account.passkey.add"), t("join.passkey.hint"));
  if (password === null) return;
  const made = await makePasskey((await api.passkeyWanted()).passkey);
  await api.addPasskey(password, made);
  await draw();
  say(t("form.saved"));
}

async function newCodes() {
  const password = await prove(t("account.recovery.new"), "");
  if (password === null) return;
  const { recovery_codes: codes } = await api.newRecoveryCodes(password);
  await draw();
  showRecovery(codes, () => el("codes").focus());
}

async function changePassword() {
  const field = /** @type {HTMLInputElement} */ (el("new-password"));
  if (!field.value) return field.focus();
  const password = await prove(t("account.password"), "");
  if (password === null) return;
  await api.changePassword(password, field.value);
  field.value = "";
  say(t("form.saved"));
}

async function everywhere() {
  if ((await prove(t("account.everywhere"), t("account.everywhere.text"), false)) === null) return;
  await api.signOutEverywhere();
  location.replace("/console");
}

async function main() {
  const { me } = await beginOffice();
  setText(el("me"), me.name);
  el("add-passkey").addEventListener("click", () => void trying(addPasskey));
  el("codes").addEventListener("click", () => void trying(newCodes));
  el("everywhere").addEventListener("click", () => void trying(everywhere));
  el("password-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void trying(changePassword);
  });
  await draw();
  el("add-passkey").hidden = !canPasskey || (await api.passkeyWanted()).passkey === null;
}

main().catch((failure) => complain(failure));
