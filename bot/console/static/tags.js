/** What cards have in common: an icon and a word for urgency, language, topic and the like. */

import { h, icon, setText } from "./dom.js";
import { language, t } from "./words.js";

/** @typedef {import("./api.js").Handoff} Handoff */

/** @param {Element} node @param {string} part @returns {HTMLElement} */
export function at(node, part) {
  return /** @type {HTMLElement} */ (node.querySelector(`[data-part="${part}"]`));
}

/** @param {string} symbol @param {string} part @param {string} [className] */
export function tag(symbol, part, className = "") {
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
  const beside = handoff.supporting ? t("handoff.helping", { name: handoff.advocate?.name ?? "" }) : handoff.support ? t("handoff.helped", { name: handoff.support.name }) : "";
  setText(at(node, "beside"), beside);
  /** @type {HTMLElement} */ (at(node, "beside").parentElement).hidden = !beside;
}

/** @returns {HTMLElement[]} */
export function emptyTags() {
  return [tag("urgent", "urgent", "urgent"), tag("globe", "language"), tag("tag", "topic"), tag("person", "beside")];
}

/** The mark on what was told again. @param {Element} node @param {{louder: number}} item */
export function fillLouder(node, item) {
  const mark = at(node, "louder");
  setText(mark, item.louder ? t("louder") : "");
  if (mark.parentElement) mark.parentElement.hidden = !item.louder;
}
