/** What is at hand beside a conversation: danger that was named, phrases, services, deadlines. */

import { api } from "./api.js";
import { explain } from "./dialogs.js";
import { el, h, reconcile, setText } from "./dom.js";
import { now, store } from "./store.js";
import { language, span, t } from "./words.js";

/** @typedef {import("./api.js").Hand} Hand */

/** @type {Map<string, Hand>} by handoff; in memory only */
const hands = new Map();
/** @type {{name: string, text: string}[]} */
let services = [];
let shown = "";
let asked = "";
/** Whose person was asked whether messages may stay longer, until that was answered. @type {Set<string>} */
const wondering = new Set();

/** @returns {boolean} */
const isOpen = () => !el("hand").hidden;

/** @param {(text: string) => void} insert puts a text into the message box */
export function beginHand(insert) {
  const act = (/** @type {string} */ text) => {
    insert(text);
    if (window.matchMedia("(max-width: 80rem)").matches) toggleHand(false);
  };
  el("hand-open").addEventListener("click", () => toggleHand());
  el("hand-close").addEventListener("click", () => toggleHand(false));
  el("hand-longer").addEventListener("click", () => void askToKeep().catch(explain));
  el("hand-search").addEventListener("input", () => drawPhrases(act));
  el("hand-country").addEventListener("change", () => void look(act));
  el("hand-need").addEventListener("change", () => void look(act));
  el("hand").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    toggleHand(false);
  });
  return () => draw(act);
}

/** @param {boolean} [open] */
export function toggleHand(open = !isOpen()) {
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended) return;
  el("hand").hidden = !open;
  el("talk-open").classList.toggle("with-hand", open);
  el("hand-open").setAttribute("aria-expanded", String(open));
  if (open) {
    shown = "";
    void load(talk.handoff.id);
    el("hand-search").focus();
  } else el("draft").focus();
}

/** Asks the person whether messages may stay longer: it is theirs to say. */
async function askToKeep() {
  const id = store.open;
  wondering.add(id);
  document.dispatchEvent(new Event("hand"));
  await api.keepLonger(id).catch((error) => {
    wondering.delete(id);
    throw error;
  });
}

/** Something was said in a conversation: the person may have answered. @param {string} id */
export async function lookAtHand(id) {
  if (!wondering.has(id)) return;
  const before = hands.get(id)?.message_ttl;
  const hand = await api.hand(id);
  if (hand.message_ttl === before) return;
  wondering.delete(id);
  shown = "";
  hands.set(id, hand);
  document.dispatchEvent(new Event("hand"));
}

/** @param {string} id */
async function load(id) {
  hands.set(id, await api.hand(id));
  document.dispatchEvent(new Event("hand"));
}

/** @param {(text: string) => void} act */
function draw(act) {
  const talk = store.talks.get(store.open);
  if (!isOpen() || !talk || talk.ended) return;
  const id = talk.handoff.id;
  const hand = hands.get(id);
  if (!hand) {
    if (asked !== id) void load(id).catch(() => {});
    asked = id;
    return;
  }
  setText(el("hand-risk"), hand.risk || t("hand.risk.none"));
  el("hand-risk").classList.toggle("named", Boolean(hand.risk));
  setText(el("hand-topic"), talk.handoff.topic_label || t("handoff.topic.none"));
  setText(el("hand-ttl"), t("hand.purge.ttl", { time: span(hand.message_ttl) }));
  el("hand-longer").hidden = !hand.may_stay_longer || !talk.handoff.mine || wondering.has(id);
  setText(el("hand-asked"), wondering.has(id) ? t("hand.longer.asked") : "");
  for (const part of [el("hand-topic"), el("hand-topic").previousElementSibling]) /** @type {HTMLElement} */ (part).hidden = Boolean(hand.risk);
  const last = Math.max(0, ...[...talk.messages.values()].map((message) => Date.parse(message.delete_at)));
  setText(el("hand-last"), last > now() ? t("hand.purge.last", { time: span((last - now()) / 1000) }) : "");
  if (shown === id) return;
  shown = id;
  setText(el("hand-hint"), t("hand.phrases.hint", { language: language(hand.locale) }));
  options("hand-country", hand.countries, hand.country || hand.countries[0]?.id || "");
  options("hand-need", [{ id: "", label: t("hand.need.any") }, ...hand.needs], "");
  el("hand-services").hidden = hand.countries.length === 0;
  drawPhrases(act);
  if (hand.country) void look(act);
  else drawServices([], act);
}

/** @param {string} id @param {{id: string, label: string}[]} choices @param {string} chosen */
function options(id, choices, chosen) {
  el(id).replaceChildren(...choices.map((choice) => h("option", { value: choice.id, text: choice.label, selected: choice.id === chosen })));
}

/** @param {(text: string) => void} act */
function drawPhrases(act) {
  const hand = hands.get(store.open);
  if (!hand) return;
  const words = /** @type {HTMLInputElement} */ (el("hand-search")).value.toLowerCase().split(/\s+/);
  const found = hand.phrases.filter((phrase) => words.every((word) => `${phrase.text} ${phrase.meaning}`.toLowerCase().includes(word)));
  el("hand-none").hidden = found.length > 0;
  reconcile(el("hand-phrases"), found, (phrase) => phrase.name, (phrase) => entry(phrase.text, hand.locale, phrase.meaning, act), () => {});
}

/** @param {(text: string) => void} act */
async function look(act) {
  const hand = hands.get(store.open);
  const country = /** @type {HTMLSelectElement} */ (el("hand-country")).value;
  if (!hand || !country) return;
  const need = /** @type {HTMLSelectElement} */ (el("hand-need")).value;
  drawServices(await api.services(country, need, hand.locale).catch(() => []), act);
}

/** @param {{name: string, text: string}[]} found @param {(text: string) => void} act */
function drawServices(found, act) {
  services = found;
  el("hand-list").replaceChildren(...services.map((service) => entry(service.text, hands.get(store.open)?.locale ?? "", "", act)));
}

/** @param {string} text @param {string} locale @param {string} meaning @param {(text: string) => void} act */
function entry(text, locale, meaning, act) {
  return h(
    "li",
    { class: "offer" },
    h(
      "button",
      { type: "button", class: "offer-act", onclick: () => act(text) },
      h("span", { class: "offer-text", lang: locale, dir: "auto", text }),
      meaning ? h("span", { class: "hint", dir: "auto", text: meaning }) : null,
      h("span", { class: "unseen", text: t("hand.insert") }),
    ),
  );
}
