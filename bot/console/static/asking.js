/** What is asked before something is done to a conversation. */

import { api } from "./api.js";
import { ask, buttons, choice, draftWarning, form } from "./dialogs.js";
import { h } from "./dom.js";
import { store } from "./store.js";
import { language, span, t } from "./words.js";

/** @typedef {import("./store.js").Talk} Talk */
/** @typedef {import("./api.js").Colleague} Colleague */

/** @param {Talk} talk */
const hasDraft = (talk) => Boolean(talk.draft.trim());

/** @param {HTMLElement} from @param {string} name @returns {string} */
const chosen = (from, name) => String(new FormData(/** @type {HTMLFormElement} */ (from)).get(name) ?? "");

/** @param {Talk} talk @returns {Promise<boolean>} */
export async function sureToRelease(talk) {
  const content = form(
    t("dialog.release.title", { name: talk.handoff.pseudonym }),
    h("p", { text: t("dialog.release.text") }),
    draftWarning(hasDraft(talk)),
    buttons(t("dialog.release.confirm")),
  );
  return (await ask(content)) === "yes";
}

const REASONS = ["finished", "referred", "no_reply", "other"];

/** @param {Talk} talk @returns {Promise<string>} why it ends, or an empty text to go on */
export async function whyItEnds(talk) {
  const content = form(
    t("dialog.close.title", { name: talk.handoff.pseudonym }),
    h("p", { text: t("dialog.close.text") }),
    h("fieldset", {}, h("legend", { text: t("dialog.close.reason") }), ...REASONS.map((reason) => choice("reason", reason, t(`reason.${reason}`), "", reason === "finished"))),
    h("p", { class: "hint", text: t("dialog.close.count") }),
    draftWarning(hasDraft(talk)),
    buttons(t("dialog.close.confirm"), true),
  );
  return (await ask(content)) === "yes" ? chosen(content, "reason") : "";
}

/** @param {Talk} talk @returns {Promise<boolean>} */
export async function sureToBlock(talk) {
  const content = form(
    t("dialog.block.title", { name: talk.handoff.pseudonym }),
    h("p", { text: t("dialog.block.text", { time: span(store.me?.block_ttl ?? 0) }) }),
    draftWarning(hasDraft(talk)),
    buttons(t("dialog.block.confirm"), true),
  );
  return (await ask(content)) === "yes";
}

/** @param {Colleague} colleague @returns {string} here or not, free or not, and languages */
function about(colleague) {
  const here = colleague.here ? (colleague.duty === "on" ? "dialog.transfer.here" : `desk.${colleague.duty}`) : "dialog.transfer.away";
  const full = colleague.here && colleague.duty === "on" && colleague.room === 0 ? t("dialog.transfer.full") : "";
  const skills = colleague.skills.map((skill) => t(`skill.${skill}`)).join(", ");
  return [t(here), full, t("dialog.transfer.speaks", { languages: colleague.languages.map(language).join(", ") }), skills].filter(Boolean).join(" · ");
}

/** @param {Talk} talk @returns {Promise<Colleague[]>} those who could help, the likeliest first */
async function colleaguesFor(talk) {
  const found = (await api.colleagues()).filter((colleague) => colleague.id !== store.me?.id);
  const speaks = (/** @type {Colleague} */ one) => one.languages.some((tag) => tag.split("-")[0] === talk.handoff.locale.split("-")[0]);
  const rank = (/** @type {Colleague} */ one) => 4 * Number(one.here) + 2 * Number(one.room > 0) + Number(speaks(one));
  return found.sort((a, b) => rank(b) - rank(a));
}

/**
 * @param {Talk} talk
 * @returns {Promise<{to?: string, skill?: string, note: string, warm: boolean, name: string} | null>}
 */
export async function toWhom(talk) {
  const colleagues = await colleaguesFor(talk);
  const skills = [...new Set(colleagues.flatMap((colleague) => colleague.skills))].sort();
  const list = [
    ...colleagues.map((one, index) => choice("to", `to/${one.id}`, one.name, about(one), index === 0)),
    ...skills.map((skill) => choice("to", `skill/${skill}`, t("dialog.transfer.skill", { skill: t(`skill.${skill}`) }))),
  ];
  const content = form(
    t("dialog.transfer.title", { name: talk.handoff.pseudonym }),
    h("p", { text: t(list.length ? "dialog.transfer.text" : "dialog.transfer.none") }),
    h("fieldset", {}, h("legend", { class: "unseen", text: t("dialog.transfer.to") }), ...list),
    list.length ? h("label", { class: "field", for: "transfer-note", text: t("dialog.transfer.note") }) : null,
    list.length ? h("textarea", { id: "transfer-note", name: "note", rows: "2", maxlength: "1000", dir: "auto", "aria-describedby": "transfer-hint" }) : null,
    list.length ? h("p", { id: "transfer-hint", class: "hint", text: t("dialog.transfer.note.hint") }) : null,
    list.length ? choice("warm", "yes", t("dialog.transfer.warm"), "", true, "checkbox") : null,
    draftWarning(hasDraft(talk)),
    buttons(t("dialog.transfer.confirm"), false, list.length === 0),
  );
  if ((await ask(content)) !== "yes") return null;
  const [kind, value] = chosen(content, "to").split("/");
  const rest = { note: chosen(content, "note"), warm: chosen(content, "warm") === "yes", name: colleagues.find((one) => one.id === value)?.name ?? "" };
  return kind === "to" ? { to: value, ...rest } : { skill: value, ...rest };
}

/** @param {Talk} talk @returns {Promise<string>} a colleague's id, or an empty text */
export async function whoHelps(talk) {
  const colleagues = await colleaguesFor(talk);
  const content = form(
    t("dialog.support.title", { name: talk.handoff.pseudonym }),
    h("p", { text: t(colleagues.length ? "dialog.support.text" : "dialog.transfer.none") }),
    h("fieldset", {}, h("legend", { class: "unseen", text: t("dialog.transfer.to") }), ...colleagues.map((one, index) => choice("who", one.id, one.name, about(one), index === 0))),
    buttons(t("dialog.support.confirm"), false, colleagues.length === 0),
  );
  return (await ask(content)) === "yes" ? chosen(content, "who") : "";
}

/** @param {Talk} talk @returns {Promise<string>} "support", "alone", "leave", "block", or an empty text */
export async function whatElse(talk) {
  const { support, supporting, advocate } = talk.handoff;
  const rows = supporting
    ? [act("leave", t("more.leave"), t("more.leave.text", { name: advocate?.name ?? "" }))]
    : [
        support ? act("alone", t("more.support.end", { name: support.name }), "") : act("support", t("more.support"), t("more.support.text")),
        act("block", t("more.block"), t("more.block.text"), true),
      ];
  return ask(form(t("more.title", { name: talk.handoff.pseudonym }), h("div", { class: "menu" }, ...rows), h("p", { class: "actions end" }, h("button", { class: "plain", value: "", text: t("dialog.cancel") }))));
}

/** @param {string} value @param {string} label @param {string} hint @param {boolean} [danger] */
function act(value, label, hint, danger = false) {
  return h("button", { class: danger ? "offer-act danger" : "offer-act", value }, h("strong", { text: label }), hint ? h("span", { class: "under-label", text: hint }) : null);
}

/** @param {import("./api.js").Desk} desk @returns {Promise<{capacity: number, skills: string[]} | null>} */
export async function howToWork(desk) {
  const numbers = ["0", ...Array.from({ length: 10 }, (_, index) => String(index + 1))];
  const now = String(desk.capacity ?? 0);
  if (!numbers.includes(now)) numbers.push(now);
  const content = form(
    t("desk.title"),
    h("label", { class: "field", for: "desk-capacity", text: t("desk.capacity") }),
    h("select", { id: "desk-capacity", name: "capacity", "aria-describedby": "desk-capacity-hint" }, ...numbers.map((value) => h("option", { value, text: value === "0" ? t("desk.capacity.usual", { count: desk.usual }) : value, selected: value === now }))),
    h("p", { id: "desk-capacity-hint", class: "hint", text: t("desk.capacity.hint") }),
    h("fieldset", { class: "pairs" }, h("legend", { text: t("desk.skills") }), h("p", { class: "hint", text: t("desk.skills.hint") }), ...desk.choices.map((skill) => choice("skill", skill.id, skill.label, "", desk.skills.includes(skill.id), "checkbox"))),
    buttons(t("desk.save")),
  );
  if ((await ask(content)) !== "yes") return null;
  const filled = new FormData(/** @type {HTMLFormElement} */ (content));
  return { capacity: Number(filled.get("capacity")), skills: filled.getAll("skill").map(String) };
}
