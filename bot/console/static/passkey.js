/** Passkeys: what the server asks for goes to the browser, and its answer back. Nothing is kept. */

/** Whether this browser can, here: it has to speak JSON, and the site to have a name, not a number. */
export const canPasskey = /[^\d.]/.test(location.hostname) && !location.hostname.startsWith("[") && typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential;

/** @param {object | null} options as the server gives them @returns {Promise<object>} the new passkey, for the server */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(/** @type {any} */ (options));
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  return made.toJSON();
}

/** @param {object | null} options as the server gives them @returns {Promise<object>} the passkey's answer, for the server */
export async function askPasskey(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(/** @type {any} */ (options));
  const used = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  return used.toJSON();
}
