/** Says what is new, once: in words, by a tone, and as a count in the tab's title. */

import { asked } from "./desk.js";
import { announce, toast } from "./dialogs.js";
import { el, setText } from "./dom.js";
import { isHidden } from "./hide.js";
import { ring } from "./sound.js";
import { may, store, unread } from "./store.js";
import { t } from "./words.js";

/** People and alerts that were announced, or were there at the start. @type {Set<string> | null} */
let known = null;
/** Who joined the queue since it was looked at. @type {Set<string>} */
const came = new Set();
let wasWhole = true;

/** What is there now is no news to whoever signs in. */
export function forgetNews() {
  known = null;
}

/** Somebody joined the queue, or is told of again. @param {string} id */
export function joined(id) {
  came.add(id);
}

/** Says what is new, once, and puts the count into the tab's title. */
export function report() {
  const alerts = store.alerts.filter((alert) => !alert.acknowledged_at);
  let fresh = 0;
  for (const talk of store.talks.values()) if (!talk.ended && unread(talk)) fresh += 1;
  const here = store.talks.get(store.open);
  const elsewhere = alerts.length + store.waitingCount + fresh - Number(Boolean(here && !here.ended && unread(here)));
  setText(el("talk-others"), elsewhere ? String(elsewhere) : "");
  const back = elsewhere ? `${t("talk.back")}. ${t("talk.others", { count: elsewhere })}` : t("talk.back");
  el("talk-back").setAttribute("aria-label", back);
  const count = alerts.length + store.waitingCount + fresh + asked().length;
  const title = store.me && count ? t("title.count", { count }) : t("title");
  if (!isHidden() && document.title !== title) document.title = title;
  for (const name of store.lost.splice(0)) {
    toast(t("live.returned", { name }), true);
    ring("urgent");
  }
  if (!store.loaded) return;
  const asks = asked().map((a) => `asked/${a.id}`);
  // What was told again because nobody took it on is news once more.
  const sign = (/** @type {{id: string, louder: number}} */ item) => `${item.id}:${item.louder}`;
  const present = [...[...alerts, ...store.waiting].map(sign), ...asks];
  if (known === null) {
    known = new Set(present);
    return;
  }
  const seen = known;
  // Of a queue that is longer than its list, some come into sight because others left it.
  const whole = store.waiting.length >= store.waitingCount;
  const news = store.waiting.filter((w) => !seen.has(sign(w)) && ((whole && wasWhole) || came.has(w.id)));
  wasWhole = whole;
  for (const waiting of store.waiting) came.delete(waiting.id);
  const urgent = news.some((w) => w.priority === "urgent");
  if (alerts.some((a) => !seen.has(sign(a)))) {
    announce(t("live.alert"));
    ring("urgent");
  } else if (asks.some((id) => !seen.has(id))) {
    announce(t("live.asked"));
    ring("calm");
  } else if (news.length) {
    announce(t(urgent ? "live.urgent" : "live.waiting"));
    ring(urgent ? "urgent" : "calm");
  }
  known = new Set(present);
}

/** Somebody was left without an answer. @param {string} kind @param {string} subject */
export function nudge(kind, subject) {
  const talk = store.talks.get(subject);
  if (kind === "handoff.silent" && talk?.handoff.mine && !talk.ended) {
    const words = t("live.silent", { name: talk.handoff.pseudonym });
    toast(words, true);
    announce(words);
    ring("urgent");
  } else if (kind === "handoff.unanswered" && may("console:handoff:reassign")) {
    toast(t("live.unanswered"), true);
    ring("urgent");
  }
}
