/** Working by keyboard. Single letters act only outside of fields, and can be switched off. */

import { dialogIsOpen, showKeys } from "./dialogs.js";
import { el } from "./dom.js";

const SETTING = "console/keys";

/** @type {[string, string][]} */
const HELP = [
  ["j", "keys.next"],
  ["k", "keys.previous"],
  ["Enter", "keys.open"],
  ["n", "keys.person"],
  ["c", "keys.claim"],
  ["m", "keys.write"],
  ["Enter", "keys.send"],
  ["Esc", "keys.back"],
  ["p", "keys.hand"],
  ["t", "keys.transfer"],
  ["r", "keys.release"],
  ["e", "keys.end"],
  ["o", "keys.more"],
  ["F2", "keys.hide"],
  ["?", "keys.help"],
];

/** @returns {boolean} */
function areOn() {
  return localStorage.getItem(SETTING) !== "off";
}

/** Opens the list of shortcuts. */
export function help() {
  void showKeys(HELP, areOn(), (on) => localStorage.setItem(SETTING, on ? "on" : "off"));
}

/**
 * Whether letters are for the field that has the focus. A box to tick takes none; nor does what a
 * dialog leaves behind: right after it closed, the focus may still be inside it.
 * @param {HTMLElement} target
 */
function isTyping(target) {
  return target.matches("textarea, select, input:not([type='checkbox'], [type='radio'])") && target.checkVisibility();
}

/** @returns {HTMLElement[]} what can be chosen in the lists, from top to bottom */
function choices() {
  return [...el("lists").querySelectorAll("li [data-part='act']")]
    .map((node) => /** @type {HTMLElement} */ (node))
    .filter((node) => node.offsetParent !== null);
}

/** @param {number} step */
function move(step) {
  const all = choices();
  if (all.length === 0) return;
  const current = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = current < 0 ? (step > 0 ? 0 : all.length - 1) : (current + step + all.length) % all.length;
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

/**
 * @param {{claimFirst: () => void, back: () => void, write: () => void, end: () => void,
 *   next: () => void, more: () => void, transfer: () => void, release: () => void, hand: () => void, ready: () => boolean}} acts
 */
export function beginKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (!acts.ready() || dialogIsOpen() || event.isComposing) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = isTyping(target);
    if (event.key === "Escape") {
      if (typing) target.blur();
      else acts.back();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !areOn()) return;
    const focused = target.closest("#waiting-list li");
    /** @type {Record<string, () => void>} */
    const actions = {
      j: () => move(1),
      k: () => move(-1),
      c: () => (focused ? /** @type {HTMLElement} */ (focused.querySelector("[data-part='act']"))?.click() : acts.claimFirst()),
      m: acts.write,
      n: acts.next,
      o: acts.more,
      e: acts.end,
      t: acts.transfer,
      r: acts.release,
      p: acts.hand,
      "?": help,
    };
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
