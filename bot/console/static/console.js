/** The console: puts store, stream, lists, conversation and keys together. */

import { api, whenLocked, whenSignedOut } from "./api.js";
import * as acts from "./acts.js";
import { insert } from "./composer.js";
import { beginDesk, lookForOffer } from "./desk.js";
import { announce, closeDialogs, confirmSignOut, explain } from "./dialogs.js";
import { hasUnkept, keepAll, restoreDrafts } from "./drafts.js";
import { el, setText } from "./dom.js";
import { beginHand, lookAtHand, toggleHand } from "./hand.js";
import { beginHide } from "./hide.js";
import { beginKeys, help } from "./keys.js";
import { drawLists } from "./lists.js";
import { loadAlerts, loadAll, loadDesk, loadHandoffs, loadMe, loadMessages, lookSoon, waitsNoLonger } from "./loading.js";
import { beginLock, hideLock, isLocked, showLock, watchIdle } from "./lock.js";
import { forgetNews, joined, nudge, report } from "./news.js";
import { retryAll } from "./outbox.js";
import { beginSignIn, hideSignIn, showSignIn } from "./signin.js";
import { changed, clear, may, store, unread, watch } from "./store.js";
import { beginSound, ring } from "./sound.js";
import { openStream } from "./stream.js";
import { beginTalk, draftCameBack, drawTalk } from "./talk.js";
import { loadWords, t } from "./words.js";

/** @type {(() => void) | null} */
let closeStream = null;
/** Who was signed in before, to know whether drafts are theirs. */
let before = "";
/** Seconds without a touch after which the session is locked. */
let idleAfter = 0;

/** @param {string} kind @param {string} subject */
function happened(kind, subject) {
  if (kind === "message") {
    const talk = store.talks.get(subject);
    if (!talk) return;
    const had = unread(talk);
    void lookAtHand(subject).catch(() => {});
    void loadMessages(subject)
      .then(() => {
        if (unread(talk) <= had) return;
        if (subject !== store.open) announce(t("live.message", { name: talk.handoff.pseudonym }));
        if (subject !== store.open || document.hidden) ring("calm");
      })
      .catch(explain);
  } else if (kind.startsWith("handoff.")) {
    // That one has claimed somebody was looked at when one did.
    const own = (store.talks.has(subject) && kind !== "handoff.claimed") || kind === "handoff.passing";
    const calm = !own && (kind === "handoff.claimed" || kind === "handoff.closed");
    if (calm) {
      waitsNoLonger(subject);
      if (store.offer?.handoff.id === subject) lookForOffer();
    }
    if (["handoff.waiting", "handoff.returned", "handoff.overdue"].includes(kind)) joined(subject);
    const looked = own ? loadHandoffs() : lookSoon(calm);
    void looked.then(lookForOffer).then(() => nudge(kind, subject)).catch(explain);
    if (kind === "handoff.closed") void loadDesk().catch(() => {});
  } else if (kind === "desk") {
    if (subject === store.me?.id) void loadDesk().catch(explain);
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
  if (!closeStream && !isLocked()) return;
  closeStream?.();
  closeStream = null;
  hideLock();
  clear();
  closeDialogs();
  showSignIn(true);
}

/** The session is locked: nothing of anybody stays on the screen. The stream keeps the claims. */
function locked() {
  if (isLocked() || !el("signin").hidden) return;
  clear();
  closeDialogs();
  showLock();
}

/** Nobody touched anything for a while. */
async function idle() {
  if (!store.me || isLocked()) return;
  await keepAll();
  await api.lock().catch(() => {});
  locked();
  // Covered, but not locked yet where the network was away: until the server knows it too.
  for (let locks = false; isLocked() && !locks; ) {
    await new Promise((resolve) => setTimeout(resolve, 5000));
    locks = await api.me().then((me) => me.locked || api.lock().then(() => true), () => false);
  }
}

async function begin() {
  await loadMe();
  const me = /** @type {import("./api.js").Me} */ (store.me);
  idleAfter = me.idle_lock_after;
  if (me.locked) {
    el("signin").hidden = true;
    locked();
    return;
  }
  if (before && before !== me.id) {
    // Somebody else: what the former one had typed is not theirs.
    window.removeEventListener("beforeunload", warn);
    location.reload();
    return;
  }
  before = me.id;
  setText(el("who"), me.name);
  el("overview").hidden = !may("console:board:read");
  hideSignIn();
  forgetNews();
  closeStream ??= openStream({
    ready: () => void loadAll().then(retryAll).catch(explain),
    event: happened,
    state: showState,
    refused: () => void loadMe().catch(() => {}),
  });
  await loadAll();
  retryAll();
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  void keepAll();
  if (hasUnkept()) event.preventDefault();
}

async function main() {
  await loadWords();
  const conclude = (/** @type {string} */ id, /** @type {string} */ outcome) => void api.conclude(id, outcome).then(loadAlerts).catch(explain);
  watch(drawLists({ ...acts, conclude }));
  watch(drawTalk(acts));
  watch(beginDesk({ ...acts, offered: () => announce(t("live.offer")) }));
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
      if (store.waiting.length && may("console:handoff:claim")) void acts.claim(store.waiting[0].id);
    },
    back: acts.leave,
    write: () => el("draft").focus(),
    end: acts.close,
    next: acts.next,
    more: acts.more,
    transfer: acts.transfer,
    release: acts.release,
    hand: () => toggleHand(),
  });
  beginSignIn(begin);
  beginLock(begin);
  watchIdle(() => idleAfter, () => void idle());
  whenLocked(locked);
  el("talk-back").addEventListener("click", acts.leave);
  for (const what of /** @type {const} */ (["close", "release", "transfer", "more"])) el(`do-${what}`).addEventListener("click", () => void acts[what]());
  el("passing-cancel").addEventListener("click", () => void api.keep(store.open).then(loadHandoffs).catch(explain));
  el("help").addEventListener("click", help);
  el("signout").addEventListener("click", async () => {
    if (hasUnkept() && !(await confirmSignOut())) return;
    window.removeEventListener("beforeunload", warn);
    // The page begins anew: nothing on it is to notice before that the session has ended.
    closeStream?.();
    closeStream = null;
    await api.signOut().catch(() => {});
    location.reload();
  });
  whenSignedOut(signedOut);
  window.addEventListener("beforeunload", warn);
  window.addEventListener("popstate", () => acts.open(""));
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
