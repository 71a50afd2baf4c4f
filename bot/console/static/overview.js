/** The overview: who waits and who has whom, figures, and the log. Each part for whoever may see it. */

import { api } from "./api.js";
import { el, h, setText } from "./dom.js";
import { beginOffice } from "./office.js";
import { openStream } from "./stream.js";
import { language, span, t } from "./words.js";

const locale = document.documentElement.lang;
/** @type {string[]} */
let permissions = [];
let skew = 0;
let silenceAfter = Infinity;
/** Instead of a colleague: the queue. */
const BACK = "queue";

/** @param {string} what */
const may = (what) => permissions.includes(`console:${what}`);

/** @param {any} board */
function drawBoard(board) {
  const now = Date.parse(board.now);
  const longest = Math.max(0, ...board.waiting.map((/** @type {any} */ w) => now - Date.parse(w.queued_at)));
  const urgent = board.waiting.filter((/** @type {any} */ w) => w.priority === "urgent").length;
  for (const [id, value] of [["waiting", board.waiting.length], ["urgent", urgent], ["alerts", board.alerts]]) {
    setText(el(id), new Intl.NumberFormat(locale).format(value));
    el(id).parentElement?.classList.toggle("is-alarm", id !== "waiting" && value > 0);
  }
  setText(el("longest"), board.waiting.length ? span(longest / 1000) : "–");
  const shown = board.staff.filter((/** @type {any} */ s) => s.here || board.claimed.some((/** @type {any} */ c) => c.advocate?.id === s.id));
  el("nobody").hidden = shown.length > 0;
  if (el("staff").contains(document.activeElement)) return;
  el("staff").replaceChildren(...shown.map((/** @type {any} */ s) => staffCard(s, board)));
}

/** @param {any} staff @param {any} board */
function staffCard(staff, board) {
  const held = board.claimed.filter((/** @type {any} */ c) => c.advocate?.id === staff.id);
  return h(
    "li",
    { class: staff.here ? "person" : "person is-away" },
    h("p", { class: "name" }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { dir: "auto", text: staff.name }), staff.here && (staff.duty === "on" || may("desk:set")) ? null : h("span", { class: "hint", text: t(staff.here ? `desk.${staff.duty}` : "board.away") })),
    h("p", { class: "hint", text: [staff.languages.map(language).join(", "), ...staff.skills.map((/** @type {string} */ skill) => t(`skill.${skill}`))].join(" · ") }),
    may("desk:set") ? dutyChoice(staff) : null,
    held.length ? null : h("p", { class: "hint", text: t("board.free") }),
    ...held.map((/** @type {any} */ one) => heldRow(one, board)),
  );
}

/** For somebody who went off and left it as it was. @param {any} staff */
function dutyChoice(staff) {
  const set = async (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    await api.setDesk(staff.id, select.value).catch(fail);
    if (select !== document.activeElement) await load();
  };
  return h(
    "select",
    { class: "duty-of", "aria-label": t("board.duty.name", { name: staff.name }), onchange: (event) => void set(event) },
    ...["on", "break", "finishing"].map((duty) => h("option", { value: duty, selected: duty === staff.duty, text: t(`desk.${duty}`) })),
  );
}

/** @param {any} one @param {any} board */
function heldRow(one, board) {
  const since = (Date.now() + skew - Date.parse(one.claimed_at)) / 1000;
  const silence = one.unanswered_since ? (Date.now() + skew - Date.parse(one.unanswered_since)) / 1000 : 0;
  const silent = silence >= silenceAfter;
  const others = board.staff.filter((/** @type {any} */ s) => s.here && s.id !== one.advocate.id);
  const moved = async (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const name = others.find((/** @type {any} */ s) => s.id === select.value)?.name ?? t("board.requeue");
    // Arrow keys choose at once in some browsers: a person is not moved by that alone.
    const sure = confirm(`${t("board.reassign.name", { name: one.pseudonym })}: ${name}\n\n${t("board.reassign.text")}`);
    if (sure) await api.reassign(one.id, select.value === BACK ? null : select.value).catch(fail);
    select.value = "";
    select.blur();
    await load();
  };
  return h(
    "div",
    { class: "held" },
    h("span", {}, h("span", { dir: "auto", text: one.pseudonym }), h("span", { class: "hint", text: ` · ${span(since)}` }), one.priority === "urgent" ? h("span", { class: "urgent", text: ` · ${t("handoff.urgent")}` }) : null, silent ? h("span", { class: "urgent", text: ` · ${t("handoff.silent", { time: span(silence) })}` }) : null),
    may("handoff:reassign")
      ? h("select", { "aria-label": t("board.reassign.name", { name: one.pseudonym }), title: t("board.reassign.text"), onchange: (event) => void moved(event) }, h("option", { value: "", selected: true, disabled: true, text: t("board.reassign") }), ...others.map((/** @type {any} */ s) => h("option", { value: s.id, text: s.name })), h("option", { value: BACK, text: t("board.requeue") }))
      : null,
  );
}

/** @param {{kind: string, name: string, label: string}} figure */
function named(figure) {
  if (figure.kind === "outcome") return t(`audit.${figure.name}`);
  if (figure.kind === "language") return language(figure.name);
  if (figure.kind === "wait") return figure.name === "over" ? t("figures.wait.over", { time: span(1800) }) : t("figures.wait.under", { time: span(Number(figure.name) * 60) });
  return figure.label && figure.name !== "none" ? figure.label : t("handoff.topic.none");
}

/** @param {Awaited<ReturnType<typeof api.figures>>} found */
function drawFigures(found) {
  setText(el("figures-note"), t("figures.note", { count: found.fewest }));
  el("figures-none").hidden = found.figures.length > 0;
  const kinds = ["outcome", "wait", "topic", "language"].filter((kind) => found.figures.some((f) => f.kind === kind));
  el("charts").replaceChildren(
    ...kinds.map((kind) => {
      const rows = found.figures.filter((f) => f.kind === kind);
      rows.sort((a, b) => (kind === "wait" ? (Number(a.name) || 99) - (Number(b.name) || 99) : (b.count ?? 0) - (a.count ?? 0)));
      const most = Math.max(1, ...rows.map((f) => f.count ?? 0));
      return h(
        "section",
        {},
        h("h3", { text: t(`figures.${kind}`) }),
        ...rows.map((f) => {
          const value = f.count === null ? t("figures.few") : new Intl.NumberFormat(locale).format(f.count);
          return h("div", { class: "bar-row" }, h("span", { text: named(f) }), h("progress", { max: String(most), value: String(f.count ?? 0), "aria-label": `${named(f)}: ${value}` }), h("span", { class: "value", text: value }));
        }),
      );
    }),
  );
}

/** @param {Awaited<ReturnType<typeof api.audit>>} found */
function drawAudit(found) {
  const broken = found.broken_at !== null;
  setText(el("chain"), broken ? t("audit.broken", { count: found.broken_at ?? 0 }) : t("audit.intact"));
  el("chain").classList.toggle("is-broken", broken);
  const when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  el("lines").replaceChildren(
    ...found.lines.map((line) =>
      h("tr", {}, h("td", { text: when.format(Date.parse(line.at)) }), h("td", { dir: "auto", text: line.advocate }), h("td", { text: t(`audit.${line.act}`) }), h("td", { class: "which", text: line.subject?.slice(0, 8) ?? "" })),
    ),
  );
}

/** @param {unknown} _error */
function fail(_error) {
  el("error").hidden = false;
  setText(el("error"), t("error.generic"));
}

async function load() {
  if (may("board:read")) drawBoard(await api.board());
}

async function main() {
  const { me } = await beginOffice();
  permissions = me.permissions;
  silenceAfter = me.silence_after;
  skew = Date.parse(me.now) - Date.now();
  el("board").hidden = !may("board:read");
  el("figures").hidden = !may("figures:read");
  el("audit").hidden = !may("audit:read");
  if (!may("board:read")) return fail(null);
  await load();
  if (may("figures:read")) drawFigures(await api.figures());
  if (may("audit:read")) drawAudit(await api.audit());
  const again = () => void load().catch(fail);
  openStream({ ready: again, event: again, state: () => {}, refused: () => void api.me().catch(() => {}) });
  setInterval(again, 15000);
}

main().catch(fail);
