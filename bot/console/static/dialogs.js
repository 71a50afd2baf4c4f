/** Questions in front of everything, and short notes at the edge. */

import { ApiError } from "./api.js";
import { el, h, setText } from "./dom.js";
import { t } from "./words.js";

/** @returns {boolean} */
export function dialogIsOpen() {
  return el("dialogs").querySelector("dialog[open]") !== null;
}

/** Closes whatever is asked, as if it were cancelled. */
export function closeDialogs() {
  for (const box of el("dialogs").querySelectorAll("dialog")) {
    box.close("");
    // One that Escape closed may still be there: two titles with one id would name the next one wrong.
    box.remove();
  }
}

/**
 * Each question has an element of its own: that one closes never takes the next one with it, however
 * fast they follow, as the browser tells of the closing only later.
 *
 * @param {HTMLElement} content with a heading `#dialog-title`
 * @returns {Promise<string>} the value of the button that closed it; empty for Escape
 */
export function ask(content) {
  const box = /** @type {HTMLDialogElement} */ (h("dialog", { class: "sheet", "aria-labelledby": "dialog-title" }, content));
  closeDialogs();
  el("dialogs").append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue);
    });
  });
}

/** @param {string} confirm @param {boolean} [danger] @param {boolean} [disabled] */
export function buttons(confirm, danger = false, disabled = false) {
  return h(
    "p",
    { class: "actions end" },
    h("button", { class: "plain", value: "", formnovalidate: true, text: t("dialog.cancel") }),
    h("button", { class: danger ? "primary ending" : "primary", value: "yes", text: confirm, disabled }),
  );
}

/** @param {string} text @param {...(Node | null)} rest */
export function form(text, ...rest) {
  return h("form", { method: "dialog" }, h("h2", { id: "dialog-title", text }), ...rest);
}

/** @param {boolean} draft @returns {HTMLElement | null} */
export function draftWarning(draft) {
  return draft ? h("p", { class: "warn", text: t("dialog.draft") }) : null;
}

/**
 * @param {string} name of the group @param {string} value @param {string} label
 * @param {string} [hint] @param {boolean} [checked] @param {"radio" | "checkbox"} [type]
 */
export function choice(name, value, label, hint = "", checked = false, type = "radio") {
  return h(
    "label",
    { class: "choice" },
    h("input", { type, name, value, checked }),
    h("span", {}, h("strong", { text: label, dir: "auto" }), hint ? h("span", { class: "hint", text: hint }) : null),
  );
}

/** @returns {Promise<boolean>} whether to sign out although a draft is lost by it */
export async function confirmSignOut() {
  const content = form(t("dialog.signout.title"), h("p", { text: t("dialog.draft") }), buttons(t("dialog.signout.confirm"), true));
  return (await ask(content)) === "yes";
}

/** @param {[string, string][]} keys key and what it does @param {boolean} on @param {(on: boolean) => void} onChange */
export async function showKeys(keys, on, onChange) {
  const toggle = h("input", { type: "checkbox", checked: on, onchange: (event) => onChange(/** @type {HTMLInputElement} */ (event.target).checked) });
  await ask(
    form(
      t("keys.title"),
      h("dl", { class: "keys" }, ...keys.flatMap(([key, what]) => [h("dt", {}, ...key.split(" ").map((k) => h("kbd", { text: k }))), h("dd", { text: t(what) })])),
      h("label", { class: "choice" }, toggle, h("span", { text: t("keys.on") })),
      h("p", { class: "actions end" }, h("button", { class: "primary", value: "", text: t("keys.done") })),
    ),
  );
}

/** @param {string} text a note that goes by itself @param {boolean} [bad] */
export function toast(text, bad = false) {
  const note = h("p", { class: bad ? "toast bad" : "toast", text });
  el("toasts").append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 5000);
}

/** @param {string} text for a screen reader, without content */
export function announce(text) {
  setText(el("announcer"), "");
  setTimeout(() => setText(el("announcer"), text), 50);
}

/** @param {unknown} error */
export function explain(error) {
  if (error instanceof ApiError && (error.status === 401 || error.status === 423)) return;
  if (error instanceof ApiError && error.status === 0) toast(t("error.offline"), true);
  else if (error instanceof ApiError && error.status === 403) toast(t("error.forbidden"), true);
  else toast(t("error.generic"), true);
}
