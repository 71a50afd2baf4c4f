/** The open conversation: who it is, what was said, and what the person sees meanwhile. */

import { api } from "./api.js";
import { beginComposer, showDraft } from "./composer.js";
import { el, h, reconcile, setText } from "./dom.js";
import { createRow, rows, updateRow } from "./log.js";
import { changed, markSeen, may, store } from "./store.js";
import { emptyTags, fillTags } from "./tags.js";
import { t } from "./words.js";

/** @typedef {import("./store.js").Talk} Talk */
/** Pixels from the end within which one still reads the newest. */
const NEAR = 80;

/** Which conversation is drawn, to know when it changes. */
let drawn = "";
let tagged = false;

/** @typedef {{claim: (id: string) => void, leave: () => void, reopen: (id: string) => void}} Acts */

/** @param {Acts} acts @returns {() => void} */
export function drawTalk(acts) {
  return () => {
    const talk = store.talks.get(store.open);
    const live = Boolean(talk && !talk.ended);
    el("talk-open").hidden = !live;
    el("talk-empty").hidden = live;
    if (talk && live) drawOpen(talk);
    else drawBlank(talk, acts);
  };
}

/** @param {Talk | undefined} talk @param {Acts} acts */
function drawBlank(talk, acts) {
  drawn = "";
  el("log").replaceChildren();
  const actions = el("blank-actions");
  const kind = talk ? `${talk.ended}/${talk.handoff.id}` : "";
  if (actions.dataset.kind !== kind) {
    actions.dataset.kind = kind;
    actions.replaceChildren();
    if (talk?.ended === "lost") {
      actions.append(h("button", { type: "button", class: "primary", text: t("handoff.claim.name", { name: talk.handoff.pseudonym }), onclick: () => acts.claim(talk.handoff.id) }));
    }
    if (talk?.ended === "ended") actions.append(h("button", { type: "button", class: "plain", text: t("talk.reopen"), onclick: () => acts.reopen(talk.handoff.id) }));
    if (talk) actions.append(h("button", { type: "button", class: "plain", text: t("talk.next"), onclick: acts.leave }));
  }
  if (!talk) {
    setText(el("blank-title"), t("talk.empty.title"));
    const count = store.waitingCount;
    const claims = may("console:handoff:claim");
    setText(el("blank-text"), count && claims ? t("talk.empty.waiting", { count }) : claims ? t("talk.empty.none") : "");
    return;
  }
  const params = { name: talk.handoff.pseudonym, advocate: talk.to || (talk.handoff.advocate?.name ?? "") };
  const titles = { ended: "talk.ended.title", left: "talk.ended.left.title", lost: "talk.lost.title", passed: "talk.passed.title", returned: "talk.returned.title", blocked: "talk.blocked.title", stepped: "talk.stepped.title" };
  const texts = { ended: "talk.ended", left: "talk.ended", lost: "talk.lost", passed: "talk.passed", returned: "talk.returned", blocked: "talk.blocked", stepped: "talk.stepped" };
  const ended = /** @type {keyof typeof titles} */ (talk.ended);
  setText(el("blank-title"), t(titles[ended], params));
  setText(el("blank-text"), t(texts[ended], params));
}

/** @param {Talk} talk */
function drawOpen(talk) {
  const frame = el("log-frame");
  const fresh = drawn !== talk.handoff.id;
  const atEnd = fresh || frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR;
  setText(el("talk-name"), talk.handoff.pseudonym);
  if (!tagged) {
    el("talk-tags").append(...emptyTags());
    tagged = true;
  }
  fillTags(el("talk-tags"), talk.handoff);
  const log = el("log");
  const before = log.lastElementChild;
  if (fresh) {
    log.replaceChildren();
    drawn = talk.handoff.id;
    showDraft(talk);
  }
  reconcile(log, rows(talk), (row) => row.key, (row) => createRow(row, talk), updateRow);
  const held = [...talk.messages.values()].some((message) => message.delivery === "held");
  el("held").hidden = !held;
  if (held) drawCover(talk);
  drawPassing(talk);
  if (atEnd) {
    frame.scrollTop = frame.scrollHeight;
    el("log-new").hidden = true;
    if (document.visibilityState === "visible" && document.hasFocus()) markSeen(talk);
  } else if (before !== log.lastElementChild) {
    el("log-new").hidden = false;
  }
}

/** What the person sees while something is held. @param {Talk} talk */
function drawCover(talk) {
  if (talk.cover === null) {
    talk.cover = "";
    void api.hand(talk.handoff.id).then(
      (hand) => {
        talk.cover = hand.cover;
        changed();
      },
      () => (talk.cover = null),
    );
  }
  el("held-shows").hidden = !talk.cover;
  setText(el("held-cover"), talk.cover ? `“${talk.cover}”` : "");
}

/** That somebody is asked to take over, and what is not for a second advocate. @param {Talk} talk */
function drawPassing(talk) {
  const { passing, passing_to: to, skill_label: skill, mine } = talk.handoff;
  el("passing").hidden = !(passing && mine);
  if (passing) setText(el("passing-text"), to ? t("passing.to", { name: to.name }) : t("passing.skill", { skill }));
  for (const what of ["transfer", "release", "close"]) el(`do-${what}`).hidden = !mine || !may(`console:handoff:${what}`);
  el("do-more").hidden = !may("console:handoff:support");
}

/** Makes the composer and the log listen. */
export function beginTalk() {
  beginComposer();
  el("log-new").addEventListener("click", () => {
    el("log-frame").scrollTop = el("log-frame").scrollHeight;
  });
  el("log-frame").addEventListener("scroll", () => {
    const frame = el("log-frame");
    if (frame.scrollHeight - frame.scrollTop - frame.clientHeight >= NEAR) return;
    el("log-new").hidden = true;
    const talk = store.talks.get(store.open);
    if (talk && !talk.ended && document.hasFocus()) markSeen(talk);
  });
}

/** @param {string} id draws a draft that came back */
export function draftCameBack(id) {
  if (store.open === id) drawn = "";
}
