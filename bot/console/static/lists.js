/** The left column: alerts, one's own conversations, who waits, and who is with colleagues. */

import { alertCard, handledCard, updateAlert, updateHandled } from "./alerts.js";
import { el, reconcile, setText } from "./dom.js";
import { endedCard, mineCard, otherCard, updateEnded, updateMine, updateOther, updateWaiting, waitingCard } from "./people.js";
import { may, mine, store } from "./store.js";
import { t } from "./words.js";

/**
 * What the lists can ask for.
 * @typedef {{open: (id: string) => void, claim: (id: string) => void, acknowledge: (id: string) => void,
 *   conclude: (id: string, outcome: string) => void, reopen: (id: string) => void}} Acts
 */

/** @param {Acts} acts @returns {() => void} draws the lists as the store has them */
export function drawLists(acts) {
  return () => {
    const alerts = store.alerts.filter((alert) => !alert.acknowledged_at);
    const handled = store.alerts.filter((alert) => alert.acknowledged_at);
    const own = mine();
    const others = store.claimed.filter((handoff) => !handoff.mine && !handoff.supporting);

    el("alerts").hidden = alerts.length === 0;
    el("handled").hidden = handled.length === 0;
    el("ended").hidden = store.ended.length === 0;
    el("others").hidden = others.length === 0;
    el("mine-empty").hidden = own.length > 0 || !store.loaded || !may("console:handoff:claim");
    el("waiting-empty").hidden = store.waiting.length > 0 || !store.loaded;
    count("alerts-count", alerts.length);
    count("mine-count", own.length);
    const elsewhere = Math.max(others.length, store.claimedCount - own.length);
    count("waiting-count", store.waitingCount);
    count("others-count", elsewhere);
    more("waiting-more", store.waitingCount - store.waiting.length);
    more("others-more", elsewhere - others.length);
    count("handled-count", handled.length);
    count("ended-count", store.ended.length);

    /** @param {{id: string}} item */
    const key = (item) => item.id;
    reconcile(el("alerts-list"), alerts, key, (alert) => alertCard(alert, acts), updateAlert);
    reconcile(el("mine-list"), own, key, (handoff) => mineCard(handoff, acts), updateMine);
    reconcile(el("waiting-list"), store.waiting, key, (handoff) => waitingCard(handoff, acts), updateWaiting);
    reconcile(el("others-list"), others, key, otherCard, updateOther);
    reconcile(el("ended-list"), store.ended, key, (handoff) => endedCard(handoff, acts), updateEnded);
    reconcile(el("handled-list"), handled, key, (alert) => handledCard(alert, acts), updateHandled);
    const open = handled.some((alert) => alert.mine && !alert.outcome);
    if (open) /** @type {HTMLDetailsElement} */ (el("handled")).open = true;
  };
}

/** @param {string} id @param {number} value */
function count(id, value) {
  setText(el(id), value ? String(value) : "");
}

/** How many the list leaves out. @param {string} id @param {number} left */
function more(id, left) {
  el(id).hidden = left <= 0;
  if (left > 0) setText(el(id), t("list.more", { count: left }));
}
