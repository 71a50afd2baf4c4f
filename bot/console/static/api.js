/** The API, as functions. */

/** @typedef {{id: string, name: string}} Advocate */
/** @typedef {Advocate & {role: string, languages: string[], permissions: string[], now: string, claim_ttl: number}} Me */
/** @typedef {Advocate & {languages: string[], here: boolean}} Colleague */
/**
 * @typedef {{id: string, state: "waiting" | "claimed" | "closed", pseudonym: string,
 *   priority: "urgent" | "normal", locale: string, topic: string, topic_label: string,
 *   place: number | null, queued_at: string, claimed_at: string | null, mine: boolean,
 *   advocate: Advocate | null}} Handoff
 */
/**
 * @typedef {{id: string, seq: number, author: "person" | "advocate" | "bot", text: string | null,
 *   delivery: string, created_at: string, delete_at: string}} Message
 */
/**
 * @typedef {{id: string, reason: string, reason_label: string, locale: string, raised_at: string,
 *   acknowledged_at: string | null, acknowledged_by: Advocate | null, all_clear_at: string | null,
 *   mine: boolean, handoff_id: string | null, pseudonym: string | null, note: string | null, outcome: string}} Alert
 */

/**
 * @typedef {{locale: string, message_ttl: number, risk: string,
 *   phrases: {name: string, text: string, meaning: string}[],
 *   countries: {id: string, label: string}[], country: string, needs: {id: string, label: string}[]}} Hand
 */

/** What the server refused, or 0 when it could not be asked. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {number} retryAfter seconds */
  constructor(status, code, retryAfter = 0) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Called when the session has ended. @type {() => void} */
let onSignedOut = () => {};

/** @param {() => void} listener */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/**
 * @param {string} method
 * @param {string} path under /api/v1
 * @param {unknown} [body]
 * @returns {Promise<any>} the answer's JSON, or null
 */
async function call(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    throw new ApiError(0, "offline");
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => null);
  if (answer.ok) return content;
  if (answer.status === 401 && path !== "/session") onSignedOut();
  const retryAfter = Number(answer.headers.get("retry-after") ?? 0);
  throw new ApiError(answer.status, content?.code ?? "", retryAfter);
}

export const api = {
  /** @param {string} name @param {string} password @param {string} totp */
  signIn: (name, password, totp) => call("POST", "/session", { name, password, totp }),
  signOut: () => call("DELETE", "/session"),
  /** @returns {Promise<Me>} */
  me: () => call("GET", "/me"),
  /** @returns {Promise<Colleague[]>} */
  colleagues: () => call("GET", "/advocates"),
  /** @param {string} state @returns {Promise<Handoff[]>} */
  handoffs: (state) => call("GET", `/handoffs?state=${state}`),
  /** @param {string} id @returns {Promise<Handoff>} */
  claim: (id) => call("POST", `/handoffs/${id}/claim`),
  /** @param {string} id */
  release: (id) => call("POST", `/handoffs/${id}/release`),
  /** @param {string} id @param {string} to */
  transfer: (id, to) => call("POST", `/handoffs/${id}/transfer`, { to }),
  /** @param {string} id */
  close: (id) => call("POST", `/handoffs/${id}/close`),
  /** @param {string} id @returns {Promise<Message[]>} */
  messages: (id) => call("GET", `/handoffs/${id}/messages`),
  /** @param {string} id @param {string} message @param {string} text */
  say: (id, message, text) => call("POST", `/handoffs/${id}/messages`, { id: message, text }),
  /** @returns {Promise<Alert[]>} */
  alerts: () => call("GET", "/alerts"),
  /** @param {string} id @returns {Promise<{handoff_id: string | null}>} */
  acknowledge: (id) => call("POST", `/alerts/${id}/acknowledge`),
  /** @param {string} id @param {string} outcome */
  conclude: (id, outcome) => call("POST", `/alerts/${id}/outcome`, { outcome }),
  /** @param {string} id @returns {Promise<Hand>} */
  hand: (id) => call("GET", `/handoffs/${id}/hand`),
  /** @param {string} country @param {string} need @param {string} locale @returns {Promise<{name: string, text: string}[]>} */
  services: (country, need, locale) => call("GET", `/services?${new URLSearchParams(need ? { country, need, locale } : { country, locale })}`),
  /** @param {string} id @returns {Promise<{text: string}>} */
  draft: (id) => call("GET", `/handoffs/${id}/draft`),
  /** @param {string} id @param {string} text */
  keepDraft: (id, text) => call("PUT", `/handoffs/${id}/draft`, { text }),
  /** @returns {Promise<any>} */
  board: () => call("GET", "/board"),
  /** @param {string} id @param {string} to */
  reassign: (id, to) => call("POST", `/handoffs/${id}/reassign`, { to }),
  /** @returns {Promise<{fewest: number, figures: {kind: string, name: string, label: string, count: number | null}[]}>} */
  figures: () => call("GET", "/figures"),
  /** @returns {Promise<{lines: any[], broken_at: number | null}>} */
  audit: () => call("GET", "/audit"),
  /** @param {string} token @returns {Promise<{name: string, secret: string, otpauth: string, min_password: number}>} */
  openInvitation: (token) => call("POST", "/invitations/open", { token }),
  /** @param {string} token @param {string} password @param {string} totp */
  acceptInvitation: (token, password, totp) =>
    call("POST", "/invitations/accept", { token, password, totp }),
};
