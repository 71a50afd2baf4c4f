/** What the page knows, in memory only. */

/** @typedef {import("./api.js").Handoff} Handoff */
/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./api.js").Alert} Alert */
/**
 * What was typed and is not yet in `messages`: waits for its turn, was taken, or did not get out.
 * @typedef {{id: string, text: string, state: "queued" | "taken" | "unsent", at: number}} Outgoing
 */
/**
 * A conversation as it is held here: in memory only.
 * @typedef {{handoff: Handoff, messages: Map<string, Message>, outgoing: Outgoing[], draft: string,
 *   seen: number, ended: string, to: string, loaded: boolean, cover: string | null, flushing: boolean, leaving: boolean, restored: boolean}} Talk
 */

export const store = {
  /** @type {import("./api.js").Me | null} */
  me: null,
  /** Milliseconds to add to this machine's clock to have the server's. */
  skew: 0,
  /** @type {Handoff[]} the first of those who wait, and whoever is offered to this advocate */
  waiting: [],
  /** @type {Handoff[]} what concerns this advocate, and the first of those with colleagues */
  claimed: [],
  /** How many there are of each in all. */
  waitingCount: 0,
  claimedCount: 0,
  /** @type {Alert[]} */
  alerts: [],
  /** @type {Handoff[]} what one has ended and may take up again */
  ended: [],
  /** @type {import("./api.js").Desk | null} */
  desk: null,
  /** Whom one is asked about; null for nobody, undefined when that is not known. @type {{handoff: Handoff, until: string} | null | undefined} */
  offer: undefined,
  /** @type {string[]} names of those who went back into the queue, until that was said */
  lost: [],
  /** @type {Map<string, Talk>} by handoff */
  talks: new Map(),
  /** @type {string} the handoff that is open, or an empty text */
  open: "",
  loaded: false,
};

/** @type {Set<() => void>} */
const watchers = new Set();
let scheduled = false;

/** @param {() => void} watcher called, once for many changes, after something changed */
export function watch(watcher) {
  watchers.add(watcher);
}

/** Something changed. */
export function changed() {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    for (const watcher of watchers) watcher();
  });
}

/** @returns {number} the server's time, milliseconds since 1970 */
export function now() {
  return Date.now() + store.skew;
}

/** @param {string} permission @returns {boolean} */
export function may(permission) {
  return store.me?.permissions.includes(permission) ?? false;
}

/** @returns {Handoff[]} those that this advocate holds or helps with, the longest held first */
export function mine() {
  return store.claimed
    .filter((handoff) => handoff.mine || handoff.supporting)
    .sort((a, b) => (a.claimed_at ?? "").localeCompare(b.claimed_at ?? ""));
}

/** @param {Talk} talk @returns {number} messages of the person that were not looked at */
export function unread(talk) {
  let count = 0;
  for (const message of talk.messages.values()) {
    if (message.author === "person" && message.seq > talk.seen && !isGone(message)) count += 1;
  }
  return count;
}

/** @param {Message} message @returns {boolean} whether nothing of it may be shown any more */
export function isGone(message) {
  return message.delivery !== "failed" && Date.parse(message.delete_at) <= now();
}

/** @param {Talk} talk Everything up to now was looked at. Only a number is kept beyond the page. */
export function markSeen(talk) {
  const newest = Math.max(0, ...[...talk.messages.values()].map((message) => message.seq));
  if (newest <= talk.seen) return;
  talk.seen = newest;
  sessionStorage.setItem(`seen/${talk.handoff.id}`, String(newest));
  changed();
}

/** @param {string} id @returns {number} the newest that was looked at */
export function seenOf(id) {
  return Number(sessionStorage.getItem(`seen/${id}`) ?? 0);
}

/** Nothing of anybody stays once one is signed out; drafts do, for whoever signs in again. */
export function clear() {
  store.waiting = [];
  store.claimed = [];
  store.waitingCount = store.claimedCount = 0;
  store.alerts = [];
  store.ended = [];
  store.desk = null;
  store.offer = undefined;
  for (const talk of store.talks.values()) {
    talk.messages.clear();
    talk.loaded = false;
  }
  changed();
}
