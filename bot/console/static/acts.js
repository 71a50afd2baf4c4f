/** What an advocate does to conversations: each asks first where it must, and says what failed. */

import { api, ApiError } from "./api.js";
import { sureToBlock, sureToRelease, toWhom, whatElse, whoHelps, whyItEnds } from "./asking.js";
import { lookForOffer, room } from "./desk.js";
import { announce, explain, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { toggleHand } from "./hand.js";
import { begins, leaving, loadAlerts, loadAll, loadDesk, loadHandoffs, loadMessages } from "./loading.js";
import { changed, may, store } from "./store.js";
import { t } from "./words.js";

/** @param {string} id the handoff to show, or an empty text for none */
export function open(id) {
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
export function leave() {
  if (history.state?.view === "talk") history.back();
  else open("");
}

/** @param {string} id */
export async function claim(id) {
  const name = store.waiting.find((handoff) => handoff.id === id)?.pseudonym ?? "";
  try {
    await begins(await api.claim(id));
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
export async function acknowledge(id) {
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

/** @param {string} id @param {() => Promise<unknown>} take @param {string} gone what to say when it can't be had */
async function take(id, take, gone) {
  try {
    await take();
    await Promise.all([loadHandoffs(), loadDesk()]);
    open(id);
  } catch (error) {
    if (error instanceof ApiError && [403, 404, 409].includes(error.status)) {
      toast(t(gone));
      void Promise.all([loadHandoffs(), loadDesk()]).catch(explain);
    } else explain(error);
  }
}

/** @param {string} id */
export const takeOver = (id) => take(id, () => api.takeOver(id), "handoff.taken");

/** @param {string} id */
export const reopen = (id) => take(id, () => api.reopen(id), "talk.reopen.gone");

export async function next() {
  if (!may("console:handoff:claim")) return;
  if (store.desk?.duty !== "on") return toast(t("desk.off"));
  if (room() === 0) return toast(t("desk.full"));
  try {
    const { handoff } = await api.next();
    if (!handoff) {
      await loadHandoffs();
      return toast(t("desk.none"));
    }
    await begins(handoff);
    open(handoff.id);
    announce(t("live.claimed", { name: handoff.pseudonym }));
  } catch (error) {
    explain(error);
  }
}

/** @param {string} id */
export async function decline(id) {
  store.offer = null;
  changed();
  await api.decline(id).catch(explain);
  lookForOffer();
  changed();
}

/** @returns {import("./store.js").Talk | null} the open conversation, if one leads it */
function leading() {
  const talk = store.talks.get(store.open);
  return talk && !talk.ended && talk.handoff.mine ? talk : null;
}

/**
 * Lets go of the open conversation.
 * @param {import("./store.js").Talk} talk @param {string} ended how @param {() => Promise<unknown>} act
 */
async function letGo(talk, ended, act) {
  try {
    await leaving(talk, async () => {
      await act();
      talk.ended = ended;
    });
    talk.draft = "";
    toggleHand(false);
    await Promise.all([loadHandoffs(), loadDesk()]);
    el("talk").focus();
  } catch (error) {
    explain(error);
    void loadHandoffs().catch(() => {});
  }
}

export async function close() {
  const talk = leading();
  const reason = talk && (await whyItEnds(talk));
  if (talk && reason) await letGo(talk, "ended", () => api.close(talk.handoff.id, reason));
}

export async function release() {
  const talk = leading();
  if (talk && (await sureToRelease(talk))) await letGo(talk, "returned", () => api.release(talk.handoff.id));
}

export async function transfer() {
  const talk = leading();
  if (!talk) return;
  try {
    const how = await toWhom(talk);
    if (!how) return;
    const { name, ...body } = how;
    const act = () => api.transfer(talk.handoff.id, body);
    if (body.warm) {
      await act();
      await Promise.all([loadHandoffs(), loadMessages(talk.handoff.id)]);
      return;
    }
    talk.to = name;
    await letGo(talk, body.to ? "passed" : "returned", act);
  } catch (error) {
    explain(error);
  }
}

/** Support, stepping out, blocking: what is seldom needed. */
export async function more() {
  const talk = store.talks.get(store.open);
  if (!talk || talk.ended || !may("console:handoff:support")) return;
  const { id } = talk.handoff;
  const what = await whatElse(talk);
  try {
    if (what === "leave") await letGo(talk, "stepped", () => api.endSupport(id));
    else if (what === "block" && (await sureToBlock(talk))) await letGo(talk, "blocked", () => api.block(id));
    else if (what === "alone") await api.endSupport(id);
    else if (what === "support") {
      const who = await whoHelps(talk);
      if (who) await api.support(id, who);
    }
    await loadHandoffs();
  } catch (error) {
    explain(error);
  }
}
