/** The console: puts store, stream, lists, conversation and keys together. */

import { api, ApiError, whenSignedOut } from "./api.js";
import { chooseColleague, confirm, confirmSignOut, dialogIsOpen, toast } from "./dialogs.js";
import { keepAll, restoreDrafts } from "./drafts.js";
import { el, setText } from "./dom.js";
import { beginHand, toggleHand } from "./hand.js";
import { beginHide, isHidden } from "./hide.js";
import { beginKeys, help } from "./keys.js";
import { drawLists } from "./lists.js";
import { beginSignIn, hideSignIn, showSignIn } from "./signin.js";
import { changed, clear, leaving, loadAlerts, loadAll, loadHandoffs, loadMe, loadMessages, may, store, unread, watch } from "./store.js";
import { beginSound, ring } from "./sound.js";
import { openStream } from "./stream.js";
import { beginTalk, draftCameBack, drawTalk, hasDrafts, insert } from "./talk.js";
import { loadWords, t } from "./words.js";

/** @type {(() => void) | null} */
let closeStream = null;
/** Who was signed in before, to know whether drafts are theirs. */
let before = "";
/** People and alerts that were announced, or were there at the start. @type {Set<string> | null} */
let known = null;

/** @param {string} text for a screen reader, without content */
function announce(text) {
  setText(el("announcer"), "");
  setTimeout(() => setText(el("announcer"), text), 50);
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof ApiError && error.status === 401) return;
  if (error instanceof ApiError && error.status === 0) toast(t("error.offline"), true);
  else if (error instanceof ApiError && error.status === 403) toast(t("error.forbidden"), true);
  else toast(t("error.generic"), true);
}

/** @param {string} id the handoff to show, or an empty text for none */
function open(id) {
  const previous = store.talks.get(store.open);
  if (previous?.ended && previous.handoff.id !== id) store.talks.delete(previous.handoff.id);
  store.open = id;
  const view = id ? "talk" : "list";
  if (document.body.dataset.view !== view) {
    document.body.dataset.view = view;
    // The phone's own “back” leads from a conversation to the list, and out only from there.
    if (view === "talk" && history.state?.view !== "talk") history.pushState({ view: "talk" }, "");
  }
  changed();
  if (id) {
    void loadMessages(id).catch(explain);
    if (!window.matchMedia("(pointer: coarse)").matches) queueMicrotask(() => el("draft").focus());
  }
}

/** Back to the list, on a phone; on a desktop nothing is open then. */
function leave() {
  if (history.state?.view === "talk") history.back();
  else open("");
}

/** @param {string} id */
async function claim(id) {
  const name = store.waiting.find((handoff) => handoff.id === id)?.pseudonym ?? "";
  try {
    await api.claim(id);
    await loadHandoffs();
    open(id);
    announce(t("live.claimed", { name }));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 409 || error.status === 404)) {
      toast(t(error.status === 409 ? "handoff.taken" : "handoff.gone"));
      void loadHandoffs().catch(explain);
    } else explain(error);
  }
}

/** @param {string} id */
async function acknowledge(id) {
  try {
    const { handoff_id: handoff } = await api.acknowledge(id);
    await loadAll();
    const isMine = handoff !== null && store.talks.has(handoff);
    toast(t(isMine ? "alert.acknowledged" : "alert.acknowledged.nohandoff"));
    if (isMine) open(handoff);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 409 || error.status === 404)) {
      toast(t("alert.taken"));
      void loadAlerts().catch(explain);
    } else explain(error);
  }
}

/** @param {"close" | "release"} what */
async function end(what) {
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended || !(await confirm(what, talk))) return;
  try {
    await leaving(talk, async () => {
      await (what === "close" ? api.close(talk.handoff.id) : api.release(talk.handoff.id));
      talk.ended = what === "close" ? "ended" : "returned";
    });
    talk.draft = "";
    toggleHand(false);
    await loadHandoffs();
    el("talk").focus();
  } catch (error) {
    explain(error);
    void loadHandoffs().catch(() => {});
  }
}

async function transfer() {
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended) return;
  try {
    const to = await chooseColleague(talk);
    if (!to) return;
    await leaving(talk, async () => {
      await api.transfer(talk.handoff.id, to.id);
      talk.ended = "passed";
    });
    talk.to = to.name;
    await loadHandoffs();
    el("talk").focus();
  } catch (error) {
    explain(error);
  }
}

/** Says what is new, once, and puts the count into the tab's title. */
function report() {
  const alerts = store.alerts.filter((alert) => !alert.acknowledged_at);
  let fresh = 0;
  for (const talk of store.talks.values()) if (!talk.ended && unread(talk)) fresh += 1;
  const here = store.talks.get(store.open);
  const elsewhere = alerts.length + store.waiting.length + fresh - Number(Boolean(here && !here.ended && unread(here)));
  setText(el("talk-others"), elsewhere ? String(elsewhere) : "");
  const back = elsewhere ? `${t("talk.back")}. ${t("talk.others", { count: elsewhere })}` : t("talk.back");
  el("talk-back").setAttribute("aria-label", back);
  const count = alerts.length + store.waiting.length + fresh;
  const title = store.me && count ? t("title.count", { count }) : t("title");
  if (!isHidden() && document.title !== title) document.title = title;
  if (!store.loaded) return;
  const present = [...alerts.map((a) => a.id), ...store.waiting.map((w) => w.id)];
  if (known === null) {
    known = new Set(present);
    return;
  }
  const seen = known;
  const urgent = store.waiting.some((w) => !seen.has(w.id) && w.priority === "urgent");
  if (alerts.some((a) => !seen.has(a.id))) {
    announce(t("live.alert"));
    ring("urgent");
  } else if (store.waiting.some((w) => !seen.has(w.id))) {
    announce(t(urgent ? "live.urgent" : "live.waiting"));
    ring(urgent ? "urgent" : "calm");
  }
  known = new Set(present);
}

/** @param {string} kind @param {string} subject */
function happened(kind, subject) {
  if (kind === "message") {
    const talk = store.talks.get(subject);
    if (!talk) return;
    const had = unread(talk);
    void loadMessages(subject)
      .then(() => {
        if (unread(talk) <= had) return;
        if (subject !== store.open) announce(t("live.message", { name: talk.handoff.pseudonym }));
        if (subject !== store.open || document.hidden) ring("calm");
      })
      .catch(explain);
  } else if (kind.startsWith("handoff.")) {
    void loadHandoffs().catch(explain);
  } else {
    void loadAlerts().catch(explain);
  }
}

/** @param {"live" | "connecting" | "offline"} state */
function showState(state) {
  el("status").dataset.state = state;
  setText(el("status-text"), t(`status.${state}`));
  el("offline").hidden = state !== "offline";
}

/** The session ended: nothing of anybody stays on the screen. */
function signedOut() {
  if (!closeStream) return;
  closeStream();
  closeStream = null;
  clear();
  if (dialogIsOpen()) /** @type {HTMLDialogElement} */ (el("dialog")).close();
  showSignIn(true);
}

async function begin() {
  await loadMe();
  const me = /** @type {import("./api.js").Me} */ (store.me);
  if (before && before !== me.id) {
    // Somebody else: what the former one had typed is not theirs.
    window.removeEventListener("beforeunload", warn);
    location.reload();
    return;
  }
  before = me.id;
  setText(el("who"), me.name);
  el("overview").hidden = !may("console:board:read");
  for (const [id, permission] of [["do-close", "close"], ["do-release", "release"], ["do-transfer", "transfer"]]) {
    el(id).hidden = !may(`console:handoff:${permission}`);
  }
  hideSignIn();
  known = null;
  closeStream ??= openStream({
    ready: () => void loadAll().catch(explain),
    event: happened,
    state: showState,
    refused: () => void loadMe().catch(() => {}),
  });
  await loadAll();
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  void keepAll();
  if (hasDrafts()) event.preventDefault();
}

async function main() {
  await loadWords();
  watch(drawLists({ open, claim: (id) => void claim(id), acknowledge: (id) => void acknowledge(id), conclude: (id, outcome) => void api.conclude(id, outcome).then(loadAlerts).catch(explain) }));
  watch(drawTalk({ claim: (id) => void claim(id), leave }));
  watch(report);
  watch(() => void restoreDrafts(draftCameBack));
  const drawHand = beginHand(insert);
  watch(drawHand);
  document.addEventListener("hand", drawHand);
  beginHide(report);
  beginSound();
  beginTalk();
  beginKeys({
    ready: () => !el("workspace").hidden,
    claimFirst: () => {
      if (store.waiting.length && may("console:handoff:claim")) void claim(store.waiting[0].id);
    },
    back: leave,
    write: () => el("draft").focus(),
    end: () => void end("close"),
    transfer: () => void transfer(),
    release: () => void end("release"),
    hand: () => toggleHand(),
  });
  beginSignIn(begin);
  el("talk-back").addEventListener("click", leave);
  el("do-close").addEventListener("click", () => void end("close"));
  el("do-release").addEventListener("click", () => void end("release"));
  el("do-transfer").addEventListener("click", () => void transfer());
  el("help").addEventListener("click", help);
  el("signout").addEventListener("click", async () => {
    if (hasDrafts() && !(await confirmSignOut())) return;
    window.removeEventListener("beforeunload", warn);
    await api.signOut().catch(() => {});
    location.reload();
  });
  whenSignedOut(signedOut);
  window.addEventListener("beforeunload", warn);
  window.addEventListener("popstate", () => open(""));
  window.addEventListener("focus", changed);
  history.replaceState({ view: "list" }, "");
  // Times go on by themselves, and what is past its time goes at once.
  setInterval(() => document.visibilityState === "visible" && changed(), 1000);
  if (!("signedIn" in document.body.dataset)) {
    showSignIn(false);
    return;
  }
  try {
    await begin();
  } catch (error) {
    if (!store.me) showSignIn(false);
    explain(error);
  }
}

void main();
