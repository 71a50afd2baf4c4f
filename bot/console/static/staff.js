/** For admins: accounts. Opening hours and settings are in modules of their own. */

import { api } from "./api.js";
import { el, h, setText } from "./dom.js";
import { beginHours } from "./hours.js";
import { beginKnobs } from "./knobs.js";
import { beginOffice, complain, prove, say } from "./office.js";
import { language, t } from "./words.js";

/** @typedef {import("./api.js").Account} Account */

const ROLES = ["advocate", "supervisor", "admin"];
const CODES = { wrong_name: "staff.error.name", not_this_one: "staff.error.self" };

/** @type {{accounts: Account[], languages: string[], skills: string[]}} */
let found = { accounts: [], languages: [], skills: [] };

/** @param {string} legend @param {string} name @param {string[]} all @param {string[]} chosen @param {(id: string) => string} label */
function checks(legend, name, all, chosen, label) {
  const boxes = all.map((id) => h("label", { class: "check" }, h("input", { type: "checkbox", name, value: id, checked: chosen.includes(id) }), h("span", { text: label(id) })));
  return h("fieldset", { class: "checks" }, h("legend", { text: legend }), ...boxes);
}

/** @param {HTMLElement} form @param {string} name @returns {string[]} */
function checked(form, name) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`input[name="${name}"]:checked`));
  return [...boxes].map((box) => box.value);
}

/** @param {HTMLElement} select @param {string} chosen */
function fillRoles(select, chosen) {
  select.replaceChildren(...ROLES.map((role) => h("option", { value: role, selected: role === chosen, text: t(`staff.role.${role}`) })));
}

/** @param {{name: string, link: string}} invitation */
function showLink(invitation) {
  el("link-box").hidden = false;
  setText(el("link-text"), t("staff.link", { name: invitation.name }));
  setText(el("link"), invitation.link);
  el("link-copy").hidden = !navigator.clipboard;
  el("link").focus();
}

/** @param {() => Promise<unknown>} what done, then all is drawn anew */
async function trying(what) {
  say("");
  try {
    if ((await what()) === false) return;
    await draw();
  } catch (failure) {
    complain(failure, CODES);
  }
}

/** @param {Account} account @param {HTMLElement} form */
async function save(account, form) {
  const capacity = /** @type {HTMLInputElement} */ (form.querySelector("input[type=number]")).value;
  const role = /** @type {HTMLSelectElement} */ (form.querySelector("select")).value;
  const to = { role, languages: checked(form, "language"), skills: checked(form, "skill"), capacity: capacity ? Number(capacity) : null };
  await api.changeAccount(account.id, to);
  say(t("form.saved"));
}

/** @param {Account} account */
async function switchOff(account) {
  const sure = await prove(`${t("staff.disable")}: ${account.name}`, t("staff.disable.text"), false);
  return sure === null ? false : api.switchAccount(account.id, "disable");
}

/** @param {Account} account */
async function reset(account) {
  const sure = await prove(`${t("staff.reset")}: ${account.name}`, t("staff.reset.text"), false);
  if (sure === null) return false;
  showLink(await api.resetAccount(account.id));
}

/** @param {Account} account @returns {HTMLElement} */
function row(account) {
  const select = h("select", { id: `role-${account.id}`, disabled: account.me });
  fillRoles(select, account.role);
  const capacity = h("input", { id: `room-${account.id}`, type: "number", min: "1", max: "50", inputmode: "numeric", value: String(account.capacity ?? "") });
  const buttons = h("p", { class: "actions" }, h("button", { class: "primary", type: "submit", text: t("form.save") }));
  if (!account.me) {
    const off = account.state === "disabled";
    buttons.append(
      h("button", { class: "plain", type: "button", text: t("staff.reset"), onclick: () => void trying(() => reset(account)) }),
      h("button", { class: "plain", type: "button", text: t(off ? "staff.enable" : "staff.disable"), onclick: () => void trying(() => (off ? api.switchAccount(account.id, "enable") : switchOff(account))) }),
    );
  }
  const form = h(
    "form",
    { class: "box", novalidate: true },
    h("div", { class: "fields" }, h("div", {}, h("label", { for: select.id, text: t("staff.role") }), select), h("div", {}, h("label", { for: capacity.id, text: t("staff.capacity") }), capacity)),
    checks(t("staff.languages"), "language", found.languages, account.languages, language),
    checks(t("staff.skills"), "skill", found.skills, account.skills, (id) => t(`skill.${id}`)),
    buttons,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void trying(() => save(account, form));
  });
  const state = account.state === "active" ? t(`staff.role.${account.role}`) : t(`staff.${account.state}`);
  const summary = h("summary", {}, h("strong", { dir: "auto", text: account.name }), h("span", { class: "hint", text: `${state} · ${account.languages.map(language).join(", ")}` }));
  return h("li", {}, h("details", { class: account.state === "disabled" ? "row is-off" : "row" }, summary, form));
}

async function draw() {
  found = await api.staff();
  el("accounts").replaceChildren(...found.accounts.map(row));
}

async function invite() {
  const name = /** @type {HTMLInputElement} */ (el("invite-name"));
  if (!name.value.trim()) {
    name.focus();
    return false;
  }
  const role = /** @type {HTMLSelectElement} */ (el("invite-role")).value;
  showLink(await api.invite(name.value, role, checked(el("invite-languages"), "language")));
  name.value = "";
}

async function main() {
  const { may } = await beginOffice();
  if (!may("staff:manage")) return say(t("error.forbidden"), true);
  fillRoles(el("invite-role"), "advocate");
  el("invite").addEventListener("submit", (event) => {
    event.preventDefault();
    void trying(invite);
  });
  el("link-copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(el("link").textContent ?? "");
    setText(el("link-copy"), t("join.app.copied"));
  });
  await draw();
  el("invite-languages").replaceChildren(checks(t("staff.languages"), "language", found.languages, found.languages.slice(0, 1), language));
  await beginHours();
  await beginKnobs();
}

main().catch((failure) => complain(failure));
