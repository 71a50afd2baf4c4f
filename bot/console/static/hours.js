/** Opening hours: a week for all languages, weeks of their own, a time zone and holidays. */

import { api } from "./api.js";
import { el, h } from "./dom.js";
import { complain, say } from "./office.js";
import { language, t } from "./words.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const SPAN = /^([01]?\d|2[0-4]):[0-5]\d\s*[-–]\s*([01]?\d|2[0-4]):[0-5]\d$/;
const names = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "UTC" });

/** @param {string} id @param {string} title @param {import("./api.js").Week | null} week null: none of its own @param {boolean} always */
function weekOf(id, title, week, always) {
  const inputs = DAYS.map((day, index) => {
    const input = h("input", { id: `${id}-${day}`, "data-day": day, autocomplete: "off", dir: "ltr", "aria-describedby": "hours-hint" });
    /** @type {HTMLInputElement} */ (input).value = week?.[day] ?? "";
    // The first of January 2024 was a Monday.
    return h("div", {}, h("label", { for: input.id, text: names.format(Date.UTC(2024, 0, index + 1)) }), input);
  });
  const days = h("div", { class: "week", "data-week": id }, ...inputs);
  if (always) return h("fieldset", { class: "checks" }, h("legend", { text: title }), days);
  const own = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", "data-own": id, checked: week !== null }));
  days.hidden = week === null;
  own.addEventListener("change", () => (days.hidden = !own.checked));
  return h("fieldset", { class: "checks" }, h("legend", { text: title }), h("label", { class: "check" }, own, h("span", { text: t("hours.own") })), days);
}

/** @param {string} id @returns {import("./api.js").Week} */
function read(id) {
  /** @type {import("./api.js").Week} */
  const week = {};
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`[data-week="${id}"] input`));
  for (const input of inputs) {
    const spans = input.value.split(",").map((part) => part.trim()).filter(Boolean);
    mark(input, spans.every((span) => SPAN.test(span)));
    if (spans.length) week[input.dataset.day ?? ""] = spans.join(", ");
  }
  return week;
}

/** @param {HTMLElement} input @param {boolean} right */
function mark(input, right) {
  if (right) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}

/** @param {string} zone @returns {boolean} */
function isZone(zone) {
  try {
    return Boolean(zone) && Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

async function save() {
  const form = el("hours");
  const zone = /** @type {HTMLInputElement} */ (el("hours-zone"));
  const holidays = /** @type {HTMLInputElement} */ (el("hours-holidays"));
  const days = holidays.value.split(/[,\s]+/).filter(Boolean);
  mark(zone, isZone(zone.value));
  mark(holidays, days.every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))));
  const general = read("all");
  /** @type {Record<string, import("./api.js").Week>} */
  const languages = {};
  const own = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-own]:checked"));
  for (const box of own) languages[box.dataset.own ?? ""] = read(box.dataset.own ?? "");
  const wrong = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"));
  if (wrong) {
    say(t("form.wrong"), true);
    wrong.focus();
    return;
  }
  const hours = Object.keys(general).length ? general : null;
  await api.setHours({ zone: zone.value, hours, languages, holidays: days });
  el("hours-none").hidden = hours !== null || own.length > 0;
  say(t("form.saved"));
}

/** Draws the hours that hold, and has them saved. */
export async function beginHours() {
  const found = await api.hours();
  /** @type {HTMLInputElement} */ (el("hours-zone")).value = found.zone;
  /** @type {HTMLInputElement} */ (el("hours-holidays")).value = found.holidays.join(", ");
  el("hours-none").hidden = found.hours !== null || Object.keys(found.languages).length > 0;
  el("zones").replaceChildren(...Intl.supportedValuesOf("timeZone").map((zone) => h("option", { value: zone })));
  el("weeks").replaceChildren(weekOf("all", t("hours.all"), found.hours, true), ...found.spoken.map((tag) => weekOf(tag, language(tag), found.languages[tag] ?? null, false)));
  el("hours").addEventListener("submit", (event) => {
    event.preventDefault();
    save().catch((failure) => complain(failure, { unprocessable_content: "form.wrong", unprocessable_entity: "form.wrong" }));
  });
}
