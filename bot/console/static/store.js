/** What the page knows, fetched anew whenever the stream says that something changed. */

import { api, ApiError } from "./api.js";

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
 *   seen: number, ended: string, to: string, loaded: boolean, flushing: boolean, leaving: boolean, restored: boolean}} Talk
 */

export const store = {
  /** @type {import("./api.js").Me | null} */
  me: null,
  /** Milliseconds to add to this machine's clock to have the server's. */
  skew: 0,
  /** @type {Handoff[]} */
  waiting: [],
  /** @type {Handoff[]} */
  claimed: [],
  /** @type {Alert[]} */
  alerts: [],
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

/** @returns {Handoff[]} those that this advocate holds, the longest held first */
export function mine() {
  return store.claimed
    .filter((handoff) => handoff.mine)
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
    // In this order a conversation that is held can be seen twice, but never be missed.
    const claimed = await api.handoffs("claimed");
    store.waiting = await api.handoffs("waiting");
    const waits = new Set(store.waiting.map((handoff) => handoff.id));
    store.claimed = claimed.filter((handoff) => !waits.has(handoff.id));
    settleTalks();
    store.loaded = true;
    changed();
    await Promise.all(
      mine()
        .filter((handoff) => !store.talks.get(handoff.id)?.loaded)
        .map((handoff) => loadMessages(handoff.id)),
    );
  });

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
      seen: recall(id),
      ended: "",
      to: "",
      loaded: false,
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
      talk.ended = waits ? "lost" : other ? "passed" : "left";
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

/** The alerts. */
export const loadAlerts = () =>
  latest("alerts", async () => {
    store.alerts = await api.alerts();
    changed();
  });

/** Everything. */
export async function loadAll() {
  await Promise.all([loadHandoffs(), loadAlerts()]);
  await Promise.all([...store.talks.keys()].map((id) => loadMessages(id)));
  for (const talk of store.talks.values()) retry(talk);
}

/**
 * Takes a text to be sent under an id of its own, so that trying again never doubles it.
 * @param {Talk} talk @param {string} text
 */
export function say(talk, text) {
  talk.outgoing.push({ id: uuid(), text, state: "queued", at: now() });
  changed();
  void flush(talk);
}

/** @param {Talk} talk tries again what could not be sent */
export function retry(talk) {
  for (const message of talk.outgoing) {
    if (message.state === "unsent") message.state = "queued";
  }
  changed();
  void flush(talk);
}

/** @param {Talk} talk sends one after the other: their order is what was typed */
async function flush(talk) {
  if (talk.flushing) return;
  talk.flushing = true;
  try {
    for (;;) {
      const message = talk.outgoing.find((waiting) => waiting.state === "queued");
      if (!message) return;
      await api.say(talk.handoff.id, message.id, message.text);
      message.state = "taken";
      void loadMessages(talk.handoff.id).catch(() => {});
    }
  } catch (error) {
    for (const message of talk.outgoing) {
      if (message.state === "queued") message.state = "unsent";
    }
    changed();
    if (error instanceof ApiError && error.status === 403) void loadHandoffs();
  } finally {
    talk.flushing = false;
  }
}

/** @returns {string} a random id, also where the page came without TLS */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {Talk} talk @param {Outgoing} message */
export function discard(talk, message) {
  talk.outgoing = talk.outgoing.filter((other) => other !== message);
  changed();
}

/** @param {Talk} talk Everything up to now was looked at. Only a number is kept beyond the page. */
export function markSeen(talk) {
  const newest = Math.max(0, ...[...talk.messages.values()].map((message) => message.seq));
  if (newest <= talk.seen) return;
  talk.seen = newest;
  sessionStorage.setItem(`seen/${talk.handoff.id}`, String(newest));
  changed();
}

/** @param {string} id @returns {number} */
function recall(id) {
  return Number(sessionStorage.getItem(`seen/${id}`) ?? 0);
}

/** Nothing of anybody stays once one is signed out; drafts do, for whoever signs in again. */
export function clear() {
  store.waiting = [];
  store.claimed = [];
  store.alerts = [];
  for (const talk of store.talks.values()) {
    talk.messages.clear();
    talk.loaded = false;
  }
  changed();
}
