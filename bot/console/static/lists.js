/** The left column: alerts, one's own conversations, who waits, and who is with colleagues. */

import { el, h, icon, reconcile, setText } from "./dom.js";
import { may, mine, now, store, unread } from "./store.js";
import { ago, language, span, t } from "./words.js";

/** @typedef {import("./api.js").Handoff} Handoff */
/** @typedef {import("./api.js").Alert} Alert */
/**
 * What the lists can ask for.
 * @typedef {{open: (id: string) => void, claim: (id: string) => void, acknowledge: (id: string) => void,
 *   conclude: (id: string, outcome: string) => void}} Acts
 */

/** @param {Acts} acts @returns {() => void} draws the lists as the store has them */
export function drawLists(acts) {
  return () => {
    const alerts = store.alerts.filter((alert) => !alert.acknowledged_at);
    const handled = store.alerts.filter((alert) => alert.acknowledged_at);
    const own = mine();
    const others = store.claimed.filter((handoff) => !handoff.mine);

    el("alerts").hidden = alerts.length === 0;
    el("handled").hidden = handled.length === 0;
    el("others").hidden = others.length === 0;
    el("mine-empty").hidden = own.length > 0 || !store.loaded || !may("console:handoff:claim");
    el("waiting-empty").hidden = store.waiting.length > 0 || !store.loaded;
    count("alerts-count", alerts.length);
    count("mine-count", own.length);
    count("waiting-count", store.waiting.length);
    count("others-count", others.length);
    count("handled-count", handled.length);

    /** @param {{id: string}} item */
    const key = (item) => item.id;
    reconcile(el("alerts-list"), alerts, key, (alert) => alertCard(alert, acts), updateAlert);
    reconcile(el("mine-list"), own, key, (handoff) => mineCard(handoff, acts), updateMine);
    reconcile(el("waiting-list"), store.waiting, key, (handoff) => waitingCard(handoff, acts), updateWaiting);
    reconcile(el("others-list"), others, key, otherCard, updateOther);
    reconcile(el("handled-list"), handled, key, (alert) => handledCard(alert, acts), updateHandled);
    const open = handled.some((alert) => alert.mine && !alert.outcome);
    if (open) /** @type {HTMLDetailsElement} */ (el("handled")).open = true;
  };
}

/** @param {string} id @param {number} value */
function count(id, value) {
  setText(el(id), value ? String(value) : "");
}

/** @param {Element} node @param {string} part @returns {HTMLElement} */
function at(node, part) {
  return /** @type {HTMLElement} */ (node.querySelector(`[data-part="${part}"]`));
}

/** @param {string} symbol @param {string} part @param {string} [className] */
function tag(symbol, part, className = "") {
  return h("span", { class: `tag ${className}` }, icon(symbol), h("span", { "data-part": part }));
}

/**
 * Urgency, language and topic: each an icon and a word.
 * @param {Element} node @param {Handoff} handoff
 */
export function fillTags(node, handoff) {
  setText(at(node, "language"), language(handoff.locale));
  setText(at(node, "topic"), handoff.topic_label || t("handoff.topic.none"));
  at(node, "topic").parentElement?.classList.toggle("none", !handoff.topic_label);
  const urgent = handoff.priority === "urgent";
  const sign = at(node, "urgent");
  setText(sign, t("handoff.urgent"));
  if (sign.parentElement) sign.parentElement.hidden = !urgent;
}

/** @returns {HTMLElement[]} */
export function emptyTags() {
  return [tag("urgent", "urgent", "urgent"), tag("globe", "language"), tag("tag", "topic")];
}

/** @param {Handoff} handoff @param {Acts} acts */
function waitingCard(handoff, acts) {
  const claim = may("console:handoff:claim")
    ? h("button", { type: "button", class: "primary", "data-part": "act", text: t("handoff.claim"), onclick: () => acts.claim(handoff.id) })
    : null;
  return h(
    "li",
    { class: "card waiting" },
    h(
      "div",
      { class: "top" },
      h("span", { class: "name", "data-part": "name", dir: "auto" }),
      h("span", { class: "place", "data-part": "place" }),
    ),
    h("p", { class: "tags" }, ...emptyTags()),
    h("div", { class: "bottom" }, tag("clock", "waited"), claim),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
function updateWaiting(node, handoff) {
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "place"), t("handoff.place", { place: handoff.place ?? "" }));
  node.classList.toggle("is-urgent", handoff.priority === "urgent");
  fillTags(node, handoff);
  const seconds = (now() - Date.parse(handoff.queued_at)) / 1000;
  setText(at(node, "waited"), seconds < 10 ? t("handoff.waited.now") : t("handoff.waited", { time: span(seconds) }));
  at(node, "act")?.setAttribute("aria-label", t("handoff.claim.name", { name: handoff.pseudonym }));
}

/** @param {Handoff} handoff @param {Acts} acts */
function mineCard(handoff, acts) {
  return h(
    "li",
    { class: "card" },
    h(
      "button",
      { type: "button", class: "whole", "data-part": "act", onclick: () => acts.open(handoff.id) },
      h(
        "span",
        { class: "top" },
        h("span", { class: "name", "data-part": "name", dir: "auto" }),
        h("span", { class: "new", "data-part": "unread" }),
        h("span", { class: "draft", "data-part": "draft" }),
      ),
      h("span", { class: "tags" }, ...emptyTags()),
    ),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
function updateMine(node, handoff) {
  const talk = store.talks.get(handoff.id);
  const fresh = talk ? unread(talk) : 0;
  const open = store.open === handoff.id;
  const button = at(node, "act");
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "unread"), fresh ? String(fresh) : "");
  setText(at(node, "draft"), talk?.draft.trim() && !open ? t("handoff.draft") : "");
  fillTags(node, handoff);
  node.classList.toggle("is-urgent", handoff.priority === "urgent");
  node.classList.toggle("is-open", open);
  node.classList.toggle("is-unread", fresh > 0);
  if (open) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  const words = [t("handoff.open.name", { name: handoff.pseudonym })];
  if (handoff.priority === "urgent") words.push(t("handoff.urgent"));
  if (fresh) words.push(t("handoff.unread", { count: fresh }));
  button.setAttribute("aria-label", words.join(". "));
}

/** @param {Handoff} _handoff */
function otherCard(_handoff) {
  return h(
    "li",
    { class: "card small" },
    h("div", { class: "top" }, h("span", { class: "name", "data-part": "name", dir: "auto" }), h("span", { class: "place", "data-part": "with", dir: "auto" })),
    h("p", { class: "tags" }, ...emptyTags()),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
function updateOther(node, handoff) {
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "with"), t("list.others.with", { name: handoff.advocate?.name ?? "" }));
  fillTags(node, handoff);
}

/** @param {Alert} alert @param {Acts} acts */
function alertCard(alert, acts) {
  const act = may("console:alert:acknowledge")
    ? h("button", { type: "button", class: "primary alarm", "data-part": "act", text: t("alert.acknowledge"), onclick: () => acts.acknowledge(alert.id) })
    : null;
  return h(
    "li",
    { class: "card alert" },
    h("p", { class: "reason" }, icon("bell"), h("span", { "data-part": "reason" })),
    h("p", { class: "clear" }, icon("check"), h("span", { "data-part": "clear" })),
    h("p", { class: "tags" }, tag("person", "name"), tag("globe", "language"), tag("clock", "since")),
    h("p", { class: "asked" }, h("strong", { text: `${t("alert.note")}: ` }), h("span", { "data-part": "note", dir: "auto" })),
    act,
  );
}

/** @param {HTMLElement} node @param {Alert} alert */
function updateAlert(node, alert) {
  setText(at(node, "reason"), alert.reason_label);
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
function handledCard(alert, acts) {
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
function updateHandled(node, alert) {
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
