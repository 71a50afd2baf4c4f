/** Questions in front of everything, and short notes at the edge. */

import { api } from "./api.js";
import { el, h } from "./dom.js";
import { store } from "./store.js";
import { language, t } from "./words.js";

/** @returns {HTMLDialogElement} */
const dialog = () => el("dialog");

/** @returns {boolean} */
export function dialogIsOpen() {
  return dialog().open;
}

/**
 * @param {HTMLElement} content
 * @returns {Promise<string>} the value of the button that closed it; empty for Escape
 */
function ask(content) {
  const box = dialog();
  box.replaceChildren(content);
  box.returnValue = "";
  box.setAttribute("aria-labelledby", "dialog-title");
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener(
      "close",
      () => {
        box.replaceChildren();
        resolve(box.returnValue);
      },
      { once: true },
    );
  });
}

/** @param {string} confirm @param {boolean} [danger] @param {boolean} [disabled] */
function buttons(confirm, danger = false, disabled = false) {
  return h(
    "p",
    { class: "actions end" },
    h("button", { class: "plain", value: "", formnovalidate: true, text: t("dialog.cancel") }),
    h("button", { class: danger ? "primary ending" : "primary", value: "yes", text: confirm, disabled }),
  );
}

/** @param {"close" | "release"} what @param {import("./store.js").Talk} talk @returns {Promise<boolean>} */
export async function confirm(what, talk) {
  const name = talk.handoff.pseudonym;
  const draft = talk.draft.trim() ? h("p", { class: "warn", text: t("dialog.draft") }) : null;
  const content = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "dialog-title", text: t(`dialog.${what}.title`, { name }) }),
    h("p", { text: t(`dialog.${what}.text`) }),
    draft,
    buttons(t(`dialog.${what}.confirm`), what === "close"),
  );
  return (await ask(content)) === "yes";
}

/** @returns {Promise<boolean>} whether to sign out although a draft is lost by it */
export async function confirmSignOut() {
  const content = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "dialog-title", text: t("dialog.signout.title") }),
    h("p", { text: t("dialog.draft") }),
    buttons(t("dialog.signout.confirm"), true),
  );
  return (await ask(content)) === "yes";
}

/** @param {import("./store.js").Talk} talk @returns {Promise<import("./api.js").Colleague | null>} whom to hand over to */
export async function chooseColleague(talk) {
  const colleagues = (await api.colleagues()).filter((colleague) => colleague.id !== store.me?.id);
  const speaks = (/** @type {import("./api.js").Colleague} */ colleague) =>
    colleague.languages.some((tag) => tag.split("-")[0] === talk.handoff.locale.split("-")[0]);
  colleagues.sort((a, b) => Number(b.here) - Number(a.here) || Number(speaks(b)) - Number(speaks(a)));
  const list = colleagues.map((colleague, index) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: "radio", name: "to", value: colleague.id, checked: index === 0 }),
      h(
        "span",
        {},
        h("strong", { text: colleague.name, dir: "auto" }),
        h("span", { class: "hint", text: [t(colleague.here ? "dialog.transfer.here" : "dialog.transfer.away"), t("dialog.transfer.speaks", { languages: colleague.languages.map(language).join(", ") })].join(" · ") }),
      ),
    ),
  );
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "dialog-title", text: t("dialog.transfer.title", { name: talk.handoff.pseudonym }) }),
    h("p", { text: t(list.length ? "dialog.transfer.text" : "dialog.transfer.none") }),
    h("fieldset", { "aria-labelledby": "dialog-title" }, ...list),
    talk.draft.trim() ? h("p", { class: "warn", text: t("dialog.draft") }) : null,
    buttons(t("dialog.transfer.confirm"), false, list.length === 0),
  );
  /** @type {string} */
  let chosen = colleagues[0]?.id ?? "";
  form.addEventListener("change", (event) => {
    chosen = /** @type {HTMLInputElement} */ (event.target).value;
  });
  if ((await ask(form)) !== "yes") return null;
  return colleagues.find((colleague) => colleague.id === chosen) ?? null;
}

/** @param {[string, string][]} keys key and what it does @param {boolean} on @param {(on: boolean) => void} onChange */
export async function showKeys(keys, on, onChange) {
  const toggle = h("input", { type: "checkbox", checked: on, onchange: (event) => onChange(/** @type {HTMLInputElement} */ (event.target).checked) });
  await ask(
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-title", text: t("keys.title") }),
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
