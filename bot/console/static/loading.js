/** Fetching what the page knows: anew whenever something changed, and the last look is the newest. */

import { api, ApiError } from "./api.js";
import { changed, may, mine, seenOf, store } from "./store.js";

/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./store.js").Talk} Talk */

/** Milliseconds between looks at the queue, for each person in it or with somebody, and at most. */
const PAUSE_EACH = 10;
const PAUSE_AT_MOST = 4000;
/** As many times as long where only who has whom has changed: whoever waits no longer is gone already. */
const CALM = 5;
/** Fewer than so many of a longer queue, and the page looks as if somebody had come. */
const SHORT = 25;

/** Who one is, and the server's clock. */
export async function loadMe() {
  const before = Date.now();
  store.me = await api.me();
  store.skew = Date.parse(store.me.now) - (before + Date.now()) / 2;
  changed();
}

/** @type {Map<string, {again: boolean, done: Promise<void>}>} */
const loads = new Map();

/**
 * Runs `load`; when asked again meanwhile, once more after it: the last look is always the newest.
 * @param {string} name @param {() => Promise<void>} load
 * @returns {Promise<void>} resolves after a look that began after this call
 */
function latest(name, load) {
  const running = loads.get(name);
  if (running) {
    running.again = true;
    return running.done;
  }
  const entry = { again: false, done: Promise.resolve() };
  loads.set(name, entry);
  entry.done = (async () => {
    try {
      do {
        entry.again = false;
        await load();
      } while (entry.again);
    } finally {
      loads.delete(name);
    }
  })();
  return entry.done;
}

/** The queue, one's own conversations and those of others. */
export const loadHandoffs = () =>
  latest("handoffs", async () => {
    lookedAt = Date.now();
    // Whoever wanted a look after a while has it by this one.
    const wanted = soon;
    soon = undefined;
    clearTimeout(wanted?.timer);
    try {
      const front = await api.queue([...store.talks.keys(), ...(store.offer ? [store.offer.handoff.id] : [])]);
      store.waiting = front.waiting;
      store.claimed = front.claimed;
      store.waitingCount = front.waiting_count;
      store.claimedCount = front.claimed_count;
      settleTalks();
      store.loaded = true;
      changed();
      await loadNew();
    } catch (error) {
      wanted?.fail(error);
      throw error;
    }
    wanted?.end();
  });

/** The messages of conversations that have just begun here. */
async function loadNew() {
  const fresh = mine().filter((handoff) => !store.talks.get(handoff.id)?.loaded);
  await Promise.all(fresh.map((handoff) => loadMessages(handoff.id)));
}

/** When the queue was looked at last, milliseconds. */
let lookedAt = 0;
/** @type {{at: number, timer: ReturnType<typeof setTimeout> | undefined, done: Promise<void>, end: () => void, fail: (error: unknown) => void} | undefined} */
let soon;

/**
 * Looks at the queue as others changed it: at once in a quiet house, in a busy one after a while and
 * for many changes together, so that looking does not keep the house from working.
 * @param {boolean} calm whether only who has whom has changed
 * @returns {Promise<void>}
 */
export function lookSoon(calm = false) {
  const short = store.waiting.length < Math.min(SHORT, store.waitingCount);
  const each = Math.min(PAUSE_AT_MOST, PAUSE_EACH * (store.waitingCount + store.claimedCount));
  const pause = calm && !short ? CALM * each : each;
  const at = Math.max(Date.now() + pause * Math.random(), lookedAt + pause);
  if (!soon) {
    const begun = { at: Infinity, timer: undefined, end: () => {}, fail: (/** @type {unknown} */ _error) => {}, done: Promise.resolve() };
    begun.done = new Promise((resolve, reject) => Object.assign(begun, { end: resolve, fail: reject }));
    soon = begun;
  }
  if (at < soon.at) {
    soon.at = at;
    clearTimeout(soon.timer);
    // Whoever waits for `done` hears of an error.
    soon.timer = setTimeout(() => void loadHandoffs().catch(() => {}), at - Date.now());
  }
  return soon.done;
}

/** Somebody was taken on, or left: not shown any more, before anything is looked at. @param {string} id */
export function waitsNoLonger(id) {
  const left = store.waiting.filter((handoff) => handoff.id !== id);
  if (left.length === store.waiting.length) return;
  store.waiting = left;
  store.waitingCount -= 1;
  changed();
}

/**
 * One has taken somebody on: begun as the answer has it, without a look at the whole queue.
 * @param {import("./api.js").Handoff} handoff
 */
export async function begins(handoff) {
  // A look under way may not know of it, and would take it for lost: then by the one after it.
  if (loads.has("handoffs")) return loadHandoffs();
  waitsNoLonger(handoff.id);
  if (!store.claimed.some((held) => held.id === handoff.id)) {
    store.claimed = [...store.claimed, handoff];
    store.claimedCount += 1;
  }
  settleTalks();
  changed();
  await loadNew();
}

/** Begins what is newly held, and ends what is not held any more. */
function settleTalks() {
  const held = new Map(mine().map((handoff) => [handoff.id, handoff]));
  for (const [id, handoff] of held) {
    const talk = store.talks.get(id);
    if (talk && !talk.ended) {
      talk.handoff = handoff;
      continue;
    }
    store.talks.set(id, {
      handoff,
      messages: new Map(),
      outgoing: [],
      draft: talk?.draft ?? "",
      seen: seenOf(id),
      ended: "",
      to: "",
      loaded: false,
      cover: null,
      flushing: false,
      leaving: false,
      restored: false,
    });
  }
  for (const [id, talk] of store.talks) {
    if (held.has(id)) continue;
    if (!talk.ended) {
      const waits = store.waiting.some((handoff) => handoff.id === id);
      const other = store.claimed.find((handoff) => handoff.id === id);
      talk.ended = talk.handoff.supporting ? "stepped" : waits ? "lost" : other ? "passed" : "left";
      if (talk.ended === "lost") store.lost.push(talk.handoff.pseudonym);
      talk.to = other?.advocate?.name ?? "";
    }
    talk.messages.clear();
    talk.outgoing = [];
    if (talk.ended !== "lost") talk.draft = "";
    if (id !== store.open) store.talks.delete(id);
  }
}

/** @param {string} id the conversation's messages; what the server no longer has is vanished here */
export const loadMessages = (id) =>
  latest(`messages/${id}`, async () => {
    const talk = store.talks.get(id);
    if (!talk || talk.ended || talk.leaving) return;
    /** @type {Message[]} */
    let found;
    try {
      found = await api.messages(id);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) {
        void loadHandoffs();
        return;
      }
      throw error;
    }
    const present = new Set(found.map((message) => message.id));
    for (const message of talk.messages.values()) {
      if (!present.has(message.id)) {
        message.text = null;
        message.delete_at = new Date(0).toISOString();
      }
    }
    for (const message of found) talk.messages.set(message.id, message);
    talk.outgoing = talk.outgoing.filter((message) => !present.has(message.id));
    if (found.filter((message) => message.author !== "note").at(-1)?.author === "advocate") talk.handoff.unanswered_since = null;
    talk.loaded = true;
    changed();
  });

/**
 * Lets go of a conversation: nothing of it is looked at while `act` is under way.
 * @param {Talk} talk @param {() => Promise<unknown>} act
 */
export async function leaving(talk, act) {
  talk.leaving = true;
  try {
    await loads.get(`messages/${talk.handoff.id}`)?.done.catch(() => {});
    await act();
  } finally {
    talk.leaving = false;
  }
}

/** One's desk, and what one may take up again. */
export const loadDesk = () =>
  latest("desk", async () => {
    if (!may("console:desk:keep")) return;
    [store.desk, store.ended] = await Promise.all([api.desk(), api.ended()]);
    changed();
  });

/** The alerts. */
export const loadAlerts = () =>
  latest("alerts", async () => {
    store.alerts = await api.alerts();
    changed();
  });

/** Everything. */
export async function loadAll() {
  await Promise.all([loadHandoffs(), loadAlerts(), loadDesk()]);
  await Promise.all([...store.talks.keys()].map((id) => loadMessages(id)));
}
