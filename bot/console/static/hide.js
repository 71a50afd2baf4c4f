/** Hiding everything at once, for when someone walks by. */

import { el } from "./dom.js";

/** @returns {boolean} */
export const isHidden = () => !el("hidden").hidden;

/** Hides everything, or shows it again. */
export function toggleHidden() {
  const hide = !isHidden();
  el("hidden").hidden = !hide;
  for (const id of ["workspace", "dialogs", "toasts"]) el(id).toggleAttribute("data-covered", hide);
  el("workspace").inert = hide;
  if (hide) {
    document.title = "…";
    el("hidden").focus();
  }
}

/** @param {() => void} back called when everything is shown again */
export function beginHide(back) {
  const toggle = () => {
    toggleHidden();
    if (!isHidden()) back();
  };
  el("hide").addEventListener("click", toggle);
  el("hidden").addEventListener("click", toggle);
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "F2" && !(isHidden() && event.key === "Enter")) return;
      event.preventDefault();
      event.stopPropagation();
      if (isHidden() || !el("workspace").hidden) toggle();
    },
    true,
  );
  return toggle;
}
