/** The rota: shifts of the next days, and the gaps that they leave. Times are this browser's. */

import { api } from "./api.js";
import { el, h } from "./dom.js";
import { beginOffice, complain, say } from "./office.js";
import { language, t } from "./words.js";

const when = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const all = new Intl.ListFormat(document.documentElement.lang, { type: "unit" });
let mayChange = false;

/** @param {{starts_at: string, ends_at: string}} span */
const range = (span) => when.formatRange(Date.parse(span.starts_at), Date.parse(span.ends_at));

/** @param {Awaited<ReturnType<typeof api.rota>>["shifts"][number]} shift */
function shiftRow(shift) {
  const name = `${shift.advocate.name}, ${range(shift)}`;
  const remove = h("button", { class: "plain", type: "button", text: t("form.remove"), "aria-label": `${t("form.remove")}: ${name}`, onclick: () => void change(() => api.removeShift(shift.id)) });
  return h("li", { class: "row" }, h("strong", { class: "grow", dir: "auto", text: shift.advocate.name }), h("span", { class: "grow", text: range(shift) }), mayChange ? remove : null);
}

async function draw() {
  const found = await api.rota();
  el("shifts").replaceChildren(...found.shifts.map(shiftRow));
  el("shifts-none").hidden = found.shifts.length > 0;
  /** @type {Map<string, string[]>} languages by when nobody is there who speaks them */
  const gaps = new Map();
  for (const gap of found.gaps) gaps.set(range(gap), [...(gaps.get(range(gap)) ?? []), language(gap.locale)]);
  el("gaps").replaceChildren(...[...gaps].map(([span, languages]) => h("li", { class: "row is-gap" }, h("strong", { class: "grow", text: t("rota.gap", { language: all.format(languages) }) }), h("span", { class: "grow", text: span }))));
  el("gaps-none").hidden = found.gaps.length > 0;
  const who = /** @type {HTMLSelectElement} */ (el("add-who"));
  const chosen = who.value;
  who.replaceChildren(...found.who.map((one) => h("option", { value: one.id, text: one.label, selected: one.id === chosen })));
}

/** @param {() => Promise<unknown>} what */
async function change(what) {
  say("");
  try {
    await what();
    await draw();
    say(t("form.saved"));
    el("shifts-title").focus();
  } catch (failure) {
    complain(failure, { unprocessable_content: "rota.wrong", unprocessable_entity: "rota.wrong" });
  }
}

async function main() {
  const { may } = await beginOffice();
  mayChange = may("rota:set");
  el("add").hidden = !mayChange;
  el("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const value = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (el(id)).value;
    const [from, until] = [new Date(value("add-from")), new Date(value("add-until"))];
    if (Number.isNaN(from.getTime()) || Number.isNaN(until.getTime()) || until <= from) {
      say(t("rota.wrong"), true);
      el("add-from").focus();
      return;
    }
    void change(() => api.addShift(value("add-who"), from.toISOString(), until.toISOString()));
  });
  await draw();
}

main().catch((failure) => complain(failure));
