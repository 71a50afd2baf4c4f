// What the person did and the server has not confirmed: sent in order, again and again, each with
// an id of its own, by which the server knows what it has already.

const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000]; // ms
const PATIENCE = 20_000; // ms until an unanswered call counts as failed

/**
 * `onState(item, "sent" | "waiting" | "refused", word)` tells how it goes with each item; `word`
 * names the page's word for the reason. `onGone()` is called when the session is over.
 */
export class Outbox {
  #url;
  #onState;
  #onGone;
  #items = [];
  #busy = false;
  #failures = 0;
  #timer = 0;
  #stopped = false;

  constructor(url, onState, onGone) {
    this.#url = url;
    this.#onState = onState;
    this.#onGone = onGone;
    addEventListener("online", () => this.#hurry());
  }

  /** Send `content`; returns the item. */
  put(kind, content) {
    const item = { id: uuid(), kind, content };
    this.#items.push(item);
    this.#work();
    return item;
  }

  /** Forget everything that was not sent. */
  stop() {
    this.#stopped = true;
    this.#items = [];
    clearTimeout(this.#timer);
  }

  async #work() {
    if (this.#busy || this.#timer || this.#stopped || !this.#items.length) return;
    this.#busy = true;
    const item = this.#items[0];
    const { status, word, wait } = await this.#post(item);
    this.#busy = false;
    if (this.#stopped) return;
    if (status === 410) {
      this.#onGone();
    } else if (status === 204 || (status >= 400 && status < 500 && status !== 429 && status !== 408)) {
      this.#failures = 0;
      this.#items.shift();
      this.#onState(item, status === 204 ? "sent" : "refused", word);
      this.#work();
    } else {
      const pause = wait || PAUSES[Math.min(this.#failures, PAUSES.length - 1)];
      this.#failures += 1;
      this.#onState(item, "waiting", word);
      this.#timer = setTimeout(() => { this.#timer = 0; this.#work(); }, pause);
    }
  }

  async #post(item) {
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id: item.id, kind: item.kind, content: item.content }),
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 204) return { status: 204 };
      const told = await answer.json().catch(() => ({}));
      return {
        status: answer.status,
        word: told.word,
        wait: 1_000 * Number(answer.headers.get("Retry-After") ?? 0),
      };
    } catch {
      return { status: 0 };
    }
  }

  #hurry() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#work();
  }
}

/** A random UUID; crypto.randomUUID is missing where a page is served without TLS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join("-");
}
