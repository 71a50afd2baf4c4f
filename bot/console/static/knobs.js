/** Settings that are safe to change while the bot runs. */

import { api } from "./api.js";
import { el, h } from "./dom.js";
import { complain, say } from "./office.js";
import { t } from "./words.js";

/** @returns {HTMLInputElement[]} */
const inputs = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (el("knobs").querySelectorAll("input"))];

async function save() {
  for (const input of inputs()) {
    if (input.checkValidity()) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  }
  const wrong = inputs().find((input) => !input.checkValidity());
  if (wrong) {
    say(t("form.wrong"), true);
    wrong.focus();
    return;
  }
  await api.setSettings(Object.fromEntries(inputs().map((input) => [input.name, input.value ? Number(input.value) : null])));
  say(t("form.saved"));
}

/** Draws the settings, and has them saved. */
export async function beginKnobs() {
  const found = await api.settings();
  el("knobs").replaceChildren(
    ...found.map((knob) => {
      const id = `knob-${knob.name}`;
      const input = h("input", { id, name: knob.name, type: "number", min: String(knob.least), max: String(knob.most), step: "1", inputmode: "numeric", value: String(knob.value ?? ""), "aria-describedby": `${id}-usual` });
      return h("div", {}, h("label", { for: id, text: t(`house.${knob.name}`) }), input, h("p", { id: `${id}-usual`, class: "hint", text: t("house.usual", { value: knob.usual }) }));
    }),
  );
  el("settings").addEventListener("submit", (event) => {
    event.preventDefault();
    save().catch(complain);
  });
}
