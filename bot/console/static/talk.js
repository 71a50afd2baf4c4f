/** The open conversation: its messages, how far each got, when it vanishes, and the composer. */

import { draftTyped, hasUnkept } from "./drafts.js";
import { el, h, icon, reconcile, setText } from "./dom.js";
import { emptyTags, fillTags } from "./lists.js";
import { discard, isGone, markSeen, may, now, retry, say, store } from "./store.js";
import { clock, span, t } from "./words.js";

/** @typedef {import("./store.js").Talk} Talk */
/**
 * A row of the log: a message, or several that have vanished.
 * @typedef {{key: string, kind: "gone" | "said", mine: boolean, text: string, state: string,
 *   at: number, until: number, count: number, source: import("./store.js").Outgoing | null}} Row
 */

const LONGEST = 4000;
const COUNT_FROM = 3500;
/** Pixels from the end within which one still reads the newest. */
const NEAR = 80;

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

/** Which conversation is drawn, to know when it changes. */
let drawn = "";
let tagged = false;

/** @param {{claim: (id: string) => void, leave: () => void}} acts @returns {() => void} */
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

/** @param {Talk | undefined} talk @param {{claim: (id: string) => void, leave: () => void}} acts */
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
    if (talk) actions.append(h("button", { type: "button", class: "plain", text: t("talk.next"), onclick: acts.leave }));
  }
  if (!talk) {
    setText(el("blank-title"), t("talk.empty.title"));
    const count = store.waiting.length;
    const claims = may("console:handoff:claim");
    setText(el("blank-text"), count && claims ? t("talk.empty.waiting", { count }) : claims ? t("talk.empty.none") : "");
    return;
  }
  const params = { name: talk.handoff.pseudonym, advocate: talk.to };
  const titles = { ended: "talk.ended.title", left: "talk.ended.left.title", lost: "talk.lost.title", passed: "talk.passed.title", returned: "talk.returned.title" };
  const texts = { ended: "talk.ended", left: "talk.ended", lost: "talk.lost", passed: "talk.passed", returned: "talk.returned" };
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
    const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
    draft.value = talk.draft;
    draft.placeholder = t("talk.compose.to", { name: talk.handoff.pseudonym });
    draftChanged();
  }
  reconcile(log, rows(talk), (row) => row.key, (row) => create(row, talk), update);
  const held = [...talk.messages.values()].some((message) => message.delivery === "held");
  el("held").hidden = !held;
  if (atEnd) {
    frame.scrollTop = frame.scrollHeight;
    el("log-new").hidden = true;
    if (document.visibilityState === "visible" && document.hasFocus()) markSeen(talk);
  } else if (before !== log.lastElementChild) {
    el("log-new").hidden = false;
  }
}

/** @param {Talk} talk @returns {Row[]} */
function rows(talk) {
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
    found.push({
      ...blank(message.id),
      mine: own,
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
  return { key, kind: "said", mine: false, text: "", state: "", at: 0, until: 0, count: 0, source: null };
}

/** @param {Row} row @param {Talk} talk */
function create(row, talk) {
  if (row.kind === "gone") return h("li", { class: "gone" });
  const who = row.mine ? t("talk.me") : t("talk.them", { name: talk.handoff.pseudonym });
  return h(
    "li",
    { class: row.mine ? "said mine" : "said theirs" },
    h("p", { class: "unseen", text: who }),
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
function update(node, row) {
  if (row.kind === "gone") {
    setText(node, t("talk.vanished", { count: row.count }));
    return;
  }
  /** @param {string} part */
  const at = (part) => /** @type {HTMLElement} */ (node.querySelector(`[data-part="${part}"]`));
  setText(at("text"), row.text);
  setText(at("at"), clock(row.at));
  at("at").setAttribute("datetime", new Date(row.at).toISOString());
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

/** Grows the box with its text, counts what is left, and has the draft kept. */
function draftChanged() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const talk = store.talks.get(store.open);
  if (talk) {
    talk.draft = draft.value;
    draftTyped();
  }
  draft.style.blockSize = "auto";
  draft.style.blockSize = `${draft.scrollHeight + 2}px`;
  const length = [...draft.value.trim()].length;
  const over = length - LONGEST;
  const left = el("draft-left");
  left.classList.toggle("over", over > 0);
  setText(left, over > 0 ? t("talk.toolong", { count: over }) : length >= COUNT_FROM ? t("talk.left", { count: -over }) : "");
  /** @type {HTMLButtonElement} */ (el("send")).disabled = length === 0 || over > 0;
}

/** Sends what is in the box. */
function submit() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const text = draft.value.trim();
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended || !text || [...text].length > LONGEST) return;
  draft.value = "";
  draftChanged();
  say(talk, text);
  el("log-frame").scrollTop = el("log-frame").scrollHeight;
  draft.focus();
}

/** Makes the composer and the log listen. */
export function beginTalk() {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  const coarse = window.matchMedia("(pointer: coarse)");
  draft.addEventListener("input", draftChanged);
  draft.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    // On a touch screen Enter is the only way to a new line; there the button sends.
    const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && !coarse.matches);
    if (!sends) return;
    event.preventDefault();
    submit();
  });
  el("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
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

/** @param {string} text goes behind what stands in the box */
export function insert(text) {
  const draft = /** @type {HTMLTextAreaElement} */ (el("draft"));
  draft.value = draft.value.trim() ? `${draft.value.trimEnd()}\n\n${text}` : text;
  draftChanged();
  draft.focus();
}

export { hasUnkept as hasDrafts };
