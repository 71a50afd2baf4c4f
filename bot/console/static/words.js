/** The console's words, in the language of the page. */

const locale = document.documentElement.lang || "en";
const plurals = new Intl.PluralRules(locale);
const languages = new Intl.DisplayNames([locale], { type: "language" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" });

/** @type {Record<string, string>} */
let table = {};

/** Fetches the words; nothing can be said before. */
export async function loadWords() {
  const answer = await fetch(`/console/words/${locale}.json`);
  table = await answer.json();
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [params] `count` also chooses between `.one` and `.other`
 * @returns {string}
 */
export function t(key, params = {}) {
  let text = table[key];
  if (text === undefined && params.count !== undefined) {
    text = table[`${key}.${plurals.select(Number(params.count))}`] ?? table[`${key}.other`];
  }
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/** @param {string} key @returns {boolean} */
export function has(key) {
  return key in table;
}

/** @param {string} tag a BCP-47 tag @returns {string} the language's name */
export function language(tag) {
  try {
    const name = languages.of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  } catch {
    return tag;
  }
}

/** @param {number} seconds @returns {string} such as “4 min” */
export function span(seconds) {
  const [value, unit] = measure(Math.max(0, seconds));
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  return format.format(value);
}

/** @param {number} seconds @returns {string} such as “4 min. ago” */
export function ago(seconds) {
  const [value, unit] = measure(Math.max(0, seconds));
  if (unit === "second" && value < 10) return t("time.now");
  return relative.format(-value, unit);
}

/** @param {number} seconds @returns {[number, "second" | "minute" | "hour" | "day"]} */
function measure(seconds) {
  if (seconds < 60) return [Math.floor(seconds), "second"];
  if (seconds < 3600) return [Math.floor(seconds / 60), "minute"];
  if (seconds < 172800) return [Math.floor(seconds / 3600), "hour"];
  return [Math.floor(seconds / 86400), "day"];
}

/** @param {number} at milliseconds since 1970 @returns {string} such as “14:05” */
export function clock(at) {
  return new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}
