/** The API, as functions. */

/** @typedef {{id: string, name: string}} Advocate */
/**
 * @typedef {Advocate & {role: string, languages: string[], permissions: string[], now: string, claim_ttl: number,
 *   silence_after: number, block_ttl: number, idle_lock_after: number, locked: boolean}} Me */
/** @typedef {Advocate & {languages: string[], here: boolean, duty: string, skills: string[], room: number}} Colleague */
/**
 * @typedef {{duty: string, set_by: Advocate | null, capacity: number | null, usual: number, skills: string[],
 *   choices: {id: string, label: string}[]}} Desk
 */
/**
 * @typedef {{id: string, state: "waiting" | "claimed" | "closed", pseudonym: string,
 *   priority: "urgent" | "normal", locale: string, topic: string, topic_label: string,
 *   place: number | null, queued_at: string, claimed_at: string | null, mine: boolean,
 *   advocate: Advocate | null, ready_at: string | null, closed_at: string | null, skill: string, skill_label: string, passing: boolean,
 *   passing_to: Advocate | null, asked: boolean, support: Advocate | null, supporting: boolean,
 *   unanswered_since: string | null, louder: number}} Handoff
 */
/**
 * @typedef {{id: string, seq: number, author: "person" | "advocate" | "bot" | "note", text: string | null,
 *   delivery: string, created_at: string, delete_at: string, by: Advocate | null}} Message
 */
/**
 * @typedef {{id: string, reason: string, reason_label: string, locale: string, raised_at: string,
 *   acknowledged_at: string | null, acknowledged_by: Advocate | null, all_clear_at: string | null,
 *   mine: boolean, handoff_id: string | null, pseudonym: string | null, note: string | null, outcome: string, louder: number}} Alert
 */

/**
 * @typedef {{locale: string, cover: string, message_ttl: number, may_stay_longer: boolean, risk: string,
 *   phrases: {name: string, text: string, meaning: string}[],
 *   countries: {id: string, label: string}[], country: string, needs: {id: string, label: string}[]}} Hand
 */

/**
 * @typedef {Advocate & {role: string, languages: string[], skills: string[], capacity: number | null,
 *   state: "active" | "invited" | "disabled", authenticator: boolean, passkeys: number, me: boolean}} Account
 */
/** @typedef {Record<string, string>} Week by day, `mon` … `sun` */
/** @typedef {{zone: string, hours: Week | null, languages: Record<string, Week>, holidays: string[]}} Hours */

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

/** Called when the session is locked. @type {() => void} */
let onLocked = () => {};

/** @param {() => void} listener */
export function whenLocked(listener) {
  onLocked = listener;
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
  if (answer.status === 401 && content?.code !== "sign_in_refused") onSignedOut();
  if (answer.status === 423) onLocked();
  const retryAfter = Number(answer.headers.get("retry-after") ?? 0);
  throw new ApiError(answer.status, content?.code ?? "", retryAfter);
}

export const api = {
  /** @param {string} name @param {string} password @param {{totp?: string, passkey?: object}} factor */
  signIn: (name, password, factor) => call("POST", "/session", { name, password, ...factor }),
  /** @returns {Promise<{passkey: object | null}>} */
  challenge: () => call("POST", "/session/challenge"),
  lock: () => call("POST", "/session/lock"),
  /** @param {{password?: string, passkey?: object}} proof */
  unlock: (proof) => call("POST", "/session/unlock", proof),
  signOutEverywhere: () => call("DELETE", "/sessions"),
  /** @returns {Promise<{authenticator: boolean, passkeys: {id: string, created_at: string}[], recovery_left: number}>} */
  factors: () => call("GET", "/me/factors"),
  /** @returns {Promise<{passkey: object | null}>} */
  passkeyWanted: () => call("POST", "/me/passkeys/challenge"),
  /** @param {string} password @param {object} passkey */
  addPasskey: (password, passkey) => call("POST", "/me/passkeys", { password, passkey }),
  /** @param {string} password @param {string} id */
  removePasskey: (password, id) => call("POST", "/me/passkeys/remove", { password, id }),
  /** @param {string} password @returns {Promise<{recovery_codes: string[]}>} */
  newRecoveryCodes: (password) => call("POST", "/me/recovery-codes", { password }),
  /** @param {string} password @param {string} changed */
  changePassword: (password, changed) => call("POST", "/me/password", { password, new: changed }),
  signOut: () => call("DELETE", "/session"),
  /** @returns {Promise<Me>} */
  me: () => call("GET", "/me"),
  /** @returns {Promise<Colleague[]>} */
  colleagues: () => call("GET", "/advocates"),
  /**
   * @param {string[]} also handoffs that are to be in it, too, unless they are closed
   * @returns {Promise<{waiting: Handoff[], waiting_count: number, claimed: Handoff[], claimed_count: number}>}
   */
  queue: (also) => call("GET", `/queue?${also.map((id) => `also=${id}`).join("&")}`),
  /** @param {string} id @returns {Promise<Handoff>} */
  claim: (id) => call("POST", `/handoffs/${id}/claim`),
  /** @param {string} id */
  release: (id) => call("POST", `/handoffs/${id}/release`),
  /** @param {string} id @param {{to?: string, skill?: string, note: string, warm: boolean}} how */
  transfer: (id, how) => call("POST", `/handoffs/${id}/transfer`, how),
  /** @param {string} id */
  keep: (id) => call("DELETE", `/handoffs/${id}/transfer`),
  /** @param {string} id @returns {Promise<Handoff>} */
  takeOver: (id) => call("POST", `/handoffs/${id}/take-over`),
  /** @param {string} id @param {string} advocate */
  support: (id, advocate) => call("PUT", `/handoffs/${id}/support`, { advocate }),
  /** @param {string} id */
  endSupport: (id) => call("DELETE", `/handoffs/${id}/support`),
  /** @param {string} id @param {string} reason */
  close: (id, reason) => call("POST", `/handoffs/${id}/close`, { reason }),
  /** @param {string} id */
  block: (id) => call("POST", `/handoffs/${id}/block`),
  /** @param {string} id @returns {Promise<Handoff>} */
  reopen: (id) => call("POST", `/handoffs/${id}/reopen`),
  /** @param {string} id */
  decline: (id) => call("POST", `/handoffs/${id}/decline`),
  present: () => call("POST", "/presence"),
  /** @returns {Promise<Desk>} */
  desk: () => call("GET", "/desk"),
  /** @param {{duty?: string, capacity?: number, skills?: string[]}} change @returns {Promise<Desk>} */
  changeDesk: (change) => call("PATCH", "/desk", change),
  /** @returns {Promise<{handoff: Handoff | null, until: string | null}>} */
  offer: () => call("POST", "/desk/offer"),
  /** @returns {Promise<{handoff: Handoff | null}>} */
  next: () => call("POST", "/desk/next"),
  /** @returns {Promise<Handoff[]>} */
  ended: () => call("GET", "/desk/ended"),
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
  /** @param {string} id */
  keepLonger: (id) => call("POST", `/handoffs/${id}/keep-longer`),
  /** @param {string} country @param {string} need @param {string} locale @returns {Promise<{name: string, text: string}[]>} */
  services: (country, need, locale) => call("GET", `/services?${new URLSearchParams(need ? { country, need, locale } : { country, locale })}`),
  /** @param {string} id @returns {Promise<{text: string}>} */
  draft: (id) => call("GET", `/handoffs/${id}/draft`),
  /** @param {string} id @param {string} text */
  keepDraft: (id, text) => call("PUT", `/handoffs/${id}/draft`, { text }),
  /** @returns {Promise<any>} */
  board: () => call("GET", "/board"),
  /** @param {string} id whose @param {string} duty */
  setDesk: (id, duty) => call("PATCH", `/advocates/${id}/desk`, { duty }),
  /** @param {string} id @param {string | null} to null: back into the queue */
  reassign: (id, to) => call("POST", `/handoffs/${id}/reassign`, { to }),
  /** @returns {Promise<{fewest: number, figures: {kind: string, name: string, label: string, count: number | null}[]}>} */
  figures: () => call("GET", "/figures"),
  /** @returns {Promise<{lines: any[], broken_at: number | null}>} */
  audit: () => call("GET", "/audit"),
  /** @returns {Promise<{accounts: Account[], languages: string[], skills: string[]}>} */
  staff: () => call("GET", "/staff"),
  /** @param {string} name @param {string} role @param {string[]} languages @returns {Promise<{name: string, link: string}>} */
  invite: (name, role, languages) => call("POST", "/staff", { name, role, languages }),
  /** @param {string} id @param {{role: string, languages: string[], skills: string[], capacity: number | null}} to */
  changeAccount: (id, to) => call("PUT", `/staff/${id}`, to),
  /** @param {string} id @param {"disable" | "enable"} what */
  switchAccount: (id, what) => call("POST", `/staff/${id}/${what}`),
  /** @param {string} id @returns {Promise<{name: string, link: string}>} */
  resetAccount: (id) => call("POST", `/staff/${id}/reset`),
  /** @returns {Promise<Hours & {spoken: string[]}>} */
  hours: () => call("GET", "/hours"),
  /** @param {Hours} hours */
  setHours: (hours) => call("PUT", "/hours", hours),
  /** @returns {Promise<{name: string, value: number | null, usual: number, least: number, most: number, timed: boolean}[]>} */
  settings: () => call("GET", "/settings"),
  /** @param {Record<string, number | null>} values */
  setSettings: (values) => call("PUT", "/settings", { values }),
  /** @returns {Promise<{shifts: {id: string, advocate: Advocate, starts_at: string, ends_at: string}[], gaps: {locale: string, starts_at: string, ends_at: string}[], who: {id: string, label: string}[]}>} */
  rota: () => call("GET", "/rota"),
  /** @param {string} who @param {string} from @param {string} until */
  addShift: (who, from, until) => call("POST", "/shifts", { advocate_id: who, starts_at: from, ends_at: until }),
  /** @param {string} id */
  removeShift: (id) => call("DELETE", `/shifts/${id}`),
  /** @param {string} token @returns {Promise<{name: string, secret: string, otpauth: string, passkey: object | null, min_password: number}>} */
  openInvitation: (token) => call("POST", "/invitations/open", { token }),
  /** @param {string} token @param {string} password @param {{totp?: string, passkey?: object}} factor @returns {Promise<{recovery_codes: string[]}>} */
  acceptInvitation: (token, password, factor) => call("POST", "/invitations/accept", { token, password, ...factor }),
};
