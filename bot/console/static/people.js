/** Cards of people: who waits, one's own, those of colleagues, and those one has ended. */

import { h, setText } from "./dom.js";
import { may, now, store, unread } from "./store.js";
import { at, emptyTags, fillLouder, fillTags, tag } from "./tags.js";
import { ago, span, t } from "./words.js";

/** @typedef {import("./api.js").Handoff} Handoff */
/** @typedef {import("./lists.js").Acts} Acts */

/** @param {Handoff} handoff @param {Acts} acts */
export function waitingCard(handoff, acts) {
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
    h("p", { class: "tags" }, ...emptyTags(), tag("bell", "louder", "urgent")),
    h("div", { class: "bottom" }, tag("clock", "waited"), claim),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
export function updateWaiting(node, handoff) {
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "place"), t("handoff.place", { place: handoff.place ?? "" }));
  node.classList.toggle("is-urgent", handoff.priority === "urgent");
  fillTags(node, handoff);
  fillLouder(node, handoff);
  const seconds = (now() - Date.parse(handoff.queued_at)) / 1000;
  const later = (Date.parse(handoff.ready_at ?? handoff.queued_at) - now()) / 1000;
  node.classList.toggle("is-later", later > 0);
  if (later > 0) setText(at(node, "waited"), t("handoff.later", { time: span(later) }));
  else setText(at(node, "waited"), seconds < 10 ? t("handoff.waited.now") : t("handoff.waited", { time: span(seconds) }));
  at(node, "act")?.setAttribute("aria-label", t("handoff.claim.name", { name: handoff.pseudonym }));
}

/** @param {Handoff} handoff @param {Acts} acts */
export function mineCard(handoff, acts) {
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
      h("span", { class: "tags" }, ...emptyTags(), tag("clock", "silent", "urgent")),
    ),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
export function updateMine(node, handoff) {
  const talk = store.talks.get(handoff.id);
  const fresh = talk ? unread(talk) : 0;
  const open = store.open === handoff.id;
  const button = at(node, "act");
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "unread"), fresh ? String(fresh) : "");
  setText(at(node, "draft"), talk?.draft.trim() && !open ? t("handoff.draft") : "");
  fillTags(node, handoff);
  const silence = handoff.unanswered_since ? (now() - Date.parse(handoff.unanswered_since)) / 1000 : 0;
  const silent = silence >= (store.me?.silence_after ?? Infinity);
  setText(at(node, "silent"), silent ? t("handoff.silent", { time: span(silence) }) : "");
  /** @type {HTMLElement} */ (at(node, "silent").parentElement).hidden = !silent;
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
export function otherCard(_handoff) {
  return h(
    "li",
    { class: "card small" },
    h("div", { class: "top" }, h("span", { class: "name", "data-part": "name", dir: "auto" }), h("span", { class: "place", "data-part": "with", dir: "auto" })),
    h("p", { class: "tags" }, ...emptyTags()),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
export function updateOther(node, handoff) {
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "with"), t("list.others.with", { name: handoff.advocate?.name ?? "" }));
  fillTags(node, handoff);
}

/** @param {Handoff} handoff @param {Acts} acts */
export function endedCard(handoff, acts) {
  return h(
    "li",
    { class: "card small" },
    h("div", { class: "top" }, h("span", { class: "name", "data-part": "name", dir: "auto" }), h("span", { class: "place", "data-part": "ago" })),
    h("button", { type: "button", class: "plain again", "data-part": "act", text: t("talk.reopen"), onclick: () => acts.reopen(handoff.id) }),
  );
}

/** @param {HTMLElement} node @param {Handoff} handoff */
export function updateEnded(node, handoff) {
  setText(at(node, "name"), handoff.pseudonym);
  setText(at(node, "ago"), ago((now() - Date.parse(handoff.closed_at ?? "")) / 1000));
  at(node, "act").setAttribute("aria-label", t("talk.reopen.name", { name: handoff.pseudonym }));
}
