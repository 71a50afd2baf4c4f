/** Recovery codes on the screen: once, until they were kept. */

import { el, h, setText } from "./dom.js";
import { t } from "./words.js";

/** @param {string[]} codes @param {() => void} then what follows when they were kept */
export function showRecovery(codes, then) {
  el("recovery").hidden = false;
  el("recovery-codes").replaceChildren(...codes.map((code) => h("li", { dir: "ltr", text: code })));
  el("recovery-copy").hidden = !navigator.clipboard;
  el("recovery-copy").onclick = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    setText(el("recovery-copy"), t("join.app.copied"));
  };
  el("recovery-kept").onclick = () => {
    el("recovery-codes").replaceChildren();
    el("recovery").hidden = true;
    then();
  };
  el("recovery-title").focus();
}
