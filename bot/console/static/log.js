/** The log of a conversation: messages, notes, how far each got, and when it vanishes. */

import { h, icon, setText } from "./dom.js";
import { discard, retry } from "./outbox.js";
import { isGone, now } from "./store.js";
import { clock, span, t } from "./words.js";

/** @typedef {import("./store.js").Talk} Talk */
/**
 * A row of the log: a message, or several that have vanished. `by`: the colleague who wrote it.
 * @typedef {{key: string, kind: "gone" | "said" | "note", mine: boolean, by: string, text: string, state: string,
 *   at: number, until: number, count: number, source: import("./store.js").Outgoing | null}} Row
 */

const ICONS = /** @type {Record<string, string>} */ ({
  queued: "dots",
  taken: "dots",
  pending: "dots",
  sending: "dots",
  held: "shield",
  sent: "check",
  failed: "cross",
  unsent: "cross",
});

/** @param {Talk} talk @returns {Row[]} */
export function rows(talk) {
  /** @type {Row[]} */
  const found = [];
  for (const message of [...talk.messages.values()].sort((a, b) => a.seq - b.seq)) {
    if (isGone(message)) {
      message.text = null;
      const last = found.at(-1);
      if (last?.kind === "gone") last.count += 1;
      else found.push({ ...blank(`gone/${message.id}`), kind: "gone", count: 1 });
      continue;
    }
    const own = message.author !== "person";
    // A text that failed, or that the person took back, is gone before its row is.
    const text = message.text ?? (own ? t("talk.vanished", { count: 1 }) : t("talk.media"));
    if (message.author === "note") {
      found.push({ ...blank(message.id), kind: "note", by: message.by?.name ?? "", text, at: Date.parse(message.created_at), until: Date.parse(message.delete_at) });
      continue;
    }
    found.push({
      ...blank(message.id),
      mine: own,
      by: message.by?.name ?? "",
      text,
      state: own ? message.delivery : "",
      at: Date.parse(message.created_at),
      until: message.delivery === "failed" ? 0 : Date.parse(message.delete_at),
      key: message.id,
    });
  }
  for (const message of talk.outgoing) {
    found.push({ ...blank(message.id), mine: true, text: message.text, state: message.state, at: message.at, source: message });
  }
  return found;
}

/** @param {string} key @returns {Row} */
function blank(key) {
  return { key, kind: "said", mine: false, by: "", text: "", state: "", at: 0, until: 0, count: 0, source: null };
}

/** @param {Row} row @param {Talk} talk */
export function createRow(row, talk) {
  if (row.kind === "gone") return h("li", { class: "gone" });
  if (row.kind === "note") {
    return h(
      "li",
      { class: "noted" },
      h("p", { class: "under-label" }, icon("over"), h("span", { dir: "auto", text: row.by ? t("talk.note.by", { name: row.by }) : t("talk.note") })),
      h("p", { class: "words", dir: "auto", "data-part": "text" }),
      h("p", { class: "meta" }, h("time", { "data-part": "at" }), h("span", { class: "vanishes", "data-part": "until", "aria-live": "off" })),
    );
  }
  const who = row.by ? t("talk.colleague", { name: row.by }) : row.mine ? t("talk.me") : t("talk.them", { name: talk.handoff.pseudonym });
  return h(
    "li",
    { class: row.mine ? "said mine" : "said theirs" },
    // Of two advocates beside a person, each sees at a glance which lines are not their own.
    h("p", { class: row.by ? "author" : "unseen", dir: "auto", text: who }),
    h("p", { class: "bubble", dir: "auto", "data-part": "text" }),
    h(
      "p",
      { class: "meta" },
      h("time", { "data-part": "at" }),
      h("span", { class: "delivery", "data-part": "delivery" }),
      h("span", { class: "vanishes", "data-part": "until", "aria-live": "off" }),
      h("button", { type: "button", class: "link", "data-part": "retry", text: t("talk.retry"), hidden: true, onclick: () => retry(talk) }),
      h("button", {
        type: "button",
        class: "link",
        "data-part": "discard",
        text: t("talk.discard"),
        hidden: true,
        onclick: () => {
          const lost = talk.outgoing.find((message) => message.id === row.key);
          if (lost) discard(talk, lost);
        },
      }),
    ),
  );
}

/** @param {HTMLElement} node @param {Row} row */
export function updateRow(node, row) {
  if (row.kind === "gone") {
    setText(node, t("talk.vanished", { count: row.count }));
    return;
  }
  /** @param {string} part */
  const at = (part) => /** @type {HTMLElement} */ (node.querySelector(`[data-part="${part}"]`));
  setText(at("text"), row.text);
  setText(at("at"), clock(row.at));
  at("at").setAttribute("datetime", new Date(row.at).toISOString());
  if (row.kind === "note") {
    setText(at("until"), t("talk.vanishes", { time: span((row.until - now()) / 1000) }));
    return;
  }
  const delivery = at("delivery");
  if (delivery.dataset.state !== row.state) {
    delivery.dataset.state = row.state;
    delivery.replaceChildren();
    if (row.state) {
      const words = row.state === "taken" ? "pending" : row.state;
      delivery.append(icon(ICONS[row.state] ?? "dots"), h("span", { text: t(`delivery.${words}`) }));
    }
  }
  const left = (row.until - now()) / 1000;
  setText(at("until"), row.until && row.state !== "failed" ? t("talk.vanishes", { time: span(left) }) : "");
  at("retry").hidden = row.state !== "unsent";
  at("discard").hidden = row.state !== "unsent";
}
