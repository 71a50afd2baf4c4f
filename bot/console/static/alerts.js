/** Cards of check-ins that need an advocate, and of those that were taken care of. */

import { h, icon, setText } from "./dom.js";
import { may, now } from "./store.js";
import { at, fillLouder, tag } from "./tags.js";
import { ago, language, t } from "./words.js";

/** @typedef {import("./api.js").Alert} Alert */
/** @typedef {import("./lists.js").Acts} Acts */

/** @param {Alert} alert @param {Acts} acts */
export function alertCard(alert, acts) {
  const act = may("console:alert:acknowledge")
    ? h("button", { type: "button", class: "primary alarm", "data-part": "act", text: t("alert.acknowledge"), onclick: () => acts.acknowledge(alert.id) })
    : null;
  return h(
    "li",
    { class: "card alert" },
    h("p", { class: "reason" }, icon("bell"), h("span", { "data-part": "reason" })),
    h("p", { class: "clear" }, icon("check"), h("span", { "data-part": "clear" })),
    h("p", { class: "tags" }, tag("person", "name"), tag("globe", "language"), tag("clock", "since"), tag("bell", "louder", "urgent")),
    h("p", { class: "asked" }, h("strong", { text: `${t("alert.note")}: ` }), h("span", { "data-part": "note", dir: "auto" })),
    act,
  );
}

/** @param {HTMLElement} node @param {Alert} alert */
export function updateAlert(node, alert) {
  setText(at(node, "reason"), alert.reason_label);
  fillLouder(node, alert);
  fillNote(node, alert);
  setText(at(node, "clear"), alert.all_clear_at ? t("alert.clear") : "");
  if (at(node, "clear").parentElement) {
    /** @type {HTMLElement} */ (at(node, "clear").parentElement).hidden = !alert.all_clear_at;
  }
  node.classList.toggle("is-clear", Boolean(alert.all_clear_at));
  setText(at(node, "note"), alert.note ? `“${alert.note}”` : "");
  /** @type {HTMLElement} */ (at(node, "note").parentElement).hidden = !alert.note;
  const name = at(node, "name");
  setText(name, alert.pseudonym ?? "");
  if (name.parentElement) name.parentElement.hidden = !alert.pseudonym;
  setText(at(node, "language"), language(alert.locale));
  setText(at(node, "since"), ago((now() - Date.parse(alert.raised_at)) / 1000));
  at(node, "act")?.setAttribute("aria-label", t("alert.acknowledge.name", { reason: alert.reason_label }));
}

const OUTCOMES = ["safe", "help", "unreached"];

/** @param {Alert} alert @param {Acts} acts */
export function handledCard(alert, acts) {
  const chosen = (/** @type {Event} */ event) => acts.conclude(alert.id, /** @type {HTMLSelectElement} */ (event.target).value);
  const choice = alert.mine
    ? h(
        "select",
        { class: "outcome", "data-part": "act", "aria-label": t("alert.outcome"), onchange: chosen },
        h("option", { value: "", text: t("alert.outcome"), disabled: true, selected: true }),
        ...OUTCOMES.map((outcome) => h("option", { value: outcome, text: t(`alert.outcome.${outcome}`) })),
      )
    : null;
  return h(
    "li",
    { class: "card small" },
    h("p", { class: "reason" }, h("span", { "data-part": "reason" })),
    h("p", { class: "tags" }, h("span", { class: "tag" }, h("span", { "data-part": "by" })), tag("clock", "since"), tag("check", "outcome")),
    h("p", { class: "asked" }, h("span", { "data-part": "note", dir: "auto" })),
    choice,
  );
}

/** What the person wanted advocates to know. @param {HTMLElement} node @param {Alert} alert */
function fillNote(node, alert) {
  setText(at(node, "note"), alert.note ? `“${alert.note}”` : "");
  at(node, "note").hidden = !alert.note;
}

/** @param {HTMLElement} node @param {Alert} alert */
export function updateHandled(node, alert) {
  fillNote(node, alert);
  setText(at(node, "reason"), alert.pseudonym ? `${alert.pseudonym} · ${alert.reason_label}` : alert.reason_label);
  const by = alert.mine ? t("list.handled.me") : t("list.handled.by", { name: alert.acknowledged_by?.name ?? "" });
  setText(at(node, "by"), by);
  const outcome = at(node, "outcome");
  setText(outcome, alert.outcome ? t(`alert.outcome.${alert.outcome}`) : "");
  if (outcome.parentElement) outcome.parentElement.hidden = !alert.outcome || alert.mine;
  const select = /** @type {HTMLSelectElement | null} */ (node.querySelector("select"));
  if (select && alert.outcome && select !== document.activeElement) select.value = alert.outcome;
  setText(at(node, "since"), ago((now() - Date.parse(alert.raised_at)) / 1000));
}
