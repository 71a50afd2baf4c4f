// Server-sent events over fetch: unlike EventSource it says why it failed, and backs off.

const SILENCE = 40_000; // ms; the server's heart beats every 15 s
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000]; // ms

/**
 * The events of one address, for as long as the page lives.
 *
 * `onEvent(data)` gets each event's JSON, `onState("open" | "lost" | "none")` how it stands; "none"
 * means that the server knows no session. It comes back by itself after "lost", not after "none".
 */
export class Stream {
  #url;
  #onEvent;
  #onState;
  #last = "";
  #abort = null;
  #timer = 0;
  #failures = 0;
  #heardAt = 0;

  constructor(url, onEvent, onState) {
    this.#url = url;
    this.#onEvent = onEvent;
    this.#onState = onState;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#hurry(); });
    setInterval(() => { if (this.#abort && performance.now() - this.#heardAt > SILENCE) this.#again(); }, 5_000);
  }

  /** Whether it is open, or about to be. */
  get alive() { return this.#abort !== null || this.#timer !== 0; }

  /** Open it. With `afresh`, ask for everything there is. */
  start(afresh = false) {
    if (afresh) this.#last = "";
    this.stop();
    this.#run(this.#abort = new AbortController());
  }

  /** Close it. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run(abort) {
    const headers = { Accept: "text/event-stream" };
    if (this.#last) headers["Last-Event-ID"] = this.#last;
    this.#heardAt = performance.now();
    try {
      const answer = await fetch(this.#url, { headers, cache: "no-store", signal: abort.signal });
      if (answer.status === 204) {
        this.#abort = null;
        this.#onState("none");
        return;
      }
      if (!answer.ok) throw new Error("refused");
      this.#onState("open");
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (abort.signal.aborted) return;
        if (done) break;
        this.#heardAt = performance.now();
        this.#failures = 0;
        const blocks = (rest + value).split(/\r\n\r\n/);
        rest = blocks.pop();
        for (const block of blocks) this.#event(block);
      }
    } catch {
      // Whatever it was, the way on is the same.
    }
    if (!abort.signal.aborted) this.#again();
  }

  #event(block) {
    let data = "";
    for (const line of block.split("\r\n")) {
      if (line.startsWith("data: ")) data += line.slice(6);
      if (line.startsWith("id: ")) this.#last = line.slice(4);
    }
    if (data) this.#onEvent(JSON.parse(data));
  }

  #again() {
    this.stop();
    const pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)];
    this.#failures += 1;
    this.#onState("lost");
    this.#timer = setTimeout(() => this.start(), pause * (0.75 + Math.random() / 2));
  }

  #hurry() {
    if (this.#timer) this.start();
  }
}
