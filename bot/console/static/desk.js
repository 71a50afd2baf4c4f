/** One's desk: on duty or not, the next person, and whom one is asked about. */

import { api } from "./api.js";
import { howToWork } from "./asking.js";
import { explain } from "./dialogs.js";
import { el, h, reconcile, setText } from "./dom.js";
import { loadDesk } from "./loading.js";
import { changed, may, now, store } from "./store.js";
import { at, emptyTags, fillTags, tag } from "./tags.js";
import { span, t } from "./words.js";

/** @typedef {import("./api.js").Handoff} Handoff */
/**
 * @typedef {{claim: (id: string) => void, decline: (id: string) => void, next: () => void,
 *   takeOver: (id: string) => void, offered: (handoff: Handoff) => void}} Acts
 */

/**
 * Milliseconds, about: others' offers end, and languages do not matter any more, without a word of
 * it. Pages that came together do not ask together for good.
 */
const AGAIN = 15000;
/** Milliseconds over which all who are there spread their asking. */
const SPREAD = 500;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let asking;

/** @returns {number} how many more people one is offered */
export function room() {
  const desk = store.desk;
  if (!desk || desk.duty !== "on") return 0;
  return Math.max(0, (desk.capacity ?? desk.usual) - store.claimed.filter((handoff) => handoff.mine).length);
}

/** @returns {Handoff[]} those whose advocate asks this one to take over */
export const asked = () => store.claimed.filter((handoff) => handoff.asked);

/** @param {Acts} acts @returns {() => void} draws what the store has */
export function beginDesk(acts) {
  el("desk-next").addEventListener("click", acts.next);
  el("desk-set").addEventListener("click", () => void setUp().catch(explain));
  for (const input of el("duty").querySelectorAll("input")) {
    input.addEventListener("change", () => {
      void api
        .changeDesk({ duty: input.value })
        .then((desk) => {
          store.desk = desk;
          changed();
        })
        .catch((error) => {
          explain(error);
          void loadDesk().catch(() => {});
        });
    });
  }
  return () => draw(acts);
}

async function setUp() {
  if (!store.desk) return;
  const chosen = await howToWork(store.desk);
  if (!chosen) return;
  store.desk = await api.changeDesk(chosen);
  changed();
}

/** @param {Acts} acts */
function draw(acts) {
  const desk = store.desk;
  el("desk").hidden = !desk;
  if (desk) {
    for (const input of el("duty").querySelectorAll("input")) input.checked = input.value === desk.duty;
    const holds = store.claimed.filter((handoff) => handoff.mine).length;
    el("desk-set-by").hidden = !desk.set_by;
    setText(el("desk-set-by"), desk.set_by ? t("desk.set_by", { name: desk.set_by.name }) : "");
    setText(el("desk-holds"), t("desk.holds", { holds, capacity: desk.capacity ?? desk.usual }));
    /** @type {HTMLElement} */ (el("desk-next")).classList.toggle("at-rest", room() === 0 || store.waiting.length === 0);
  }
  const offer = store.offer && Date.parse(store.offer.until) > now() && store.waiting.some((handoff) => handoff.id === store.offer?.handoff.id) ? store.offer : null;
  const cards = [...asked().map((handoff) => ({ handoff, until: 0 })), ...(offer ? [{ handoff: offer.handoff, until: Date.parse(offer.until) }] : [])];
  el("for-you").hidden = cards.length === 0;
  setText(el("for-you-count"), String(cards.length));
  reconcile(el("for-you-list"), cards, (card) => `${card.until ? "offer" : "asked"}/${card.handoff.id}`, (card) => create(card, acts), update);
  if (offer || !may("console:handoff:claim") || room() === 0 || store.waiting.length === 0) return;
  asking ??= setTimeout(() => void look(acts), store.offer === undefined ? Math.random() * SPREAD : AGAIN * (0.75 + Math.random() / 2));
}

/** Asks for somebody, once. @param {Acts} acts */
async function look(acts) {
  try {
    if (document.visibilityState === "hidden") return;
    const { handoff, until } = await api.offer();
    store.offer = handoff && until ? { handoff, until } : null;
    if (handoff) acts.offered(handoff);
  } catch {
    store.offer = null;
  } finally {
    asking = undefined;
    changed();
  }
}

/** Something changed in the queue: who is asked about whom may have, too. */
export function lookForOffer() {
  if (store.offer && Date.parse(store.offer.until) > now() && store.waiting.some((handoff) => handoff.id === store.offer?.handoff.id)) return;
  clearTimeout(asking);
  asking = undefined;
  store.offer = undefined;
  changed();
}

/** @param {{handoff: Handoff, until: number}} card @param {Acts} acts */
function create({ handoff, until }, acts) {
  const { id, pseudonym: name } = handoff;
  const decline = h("button", { type: "button", class: "plain", text: t("offer.decline"), "aria-label": t("offer.decline.name", { name }), onclick: () => acts.decline(id) });
  const accept = h("button", {
    type: "button",
    class: "primary",
    "data-part": "act",
    text: t(until ? "offer.accept" : "asked.accept"),
    "aria-label": t(until ? "offer.accept.name" : "asked.accept.name", { name }),
    onclick: () => (until ? acts.claim(id) : acts.takeOver(id)),
  });
  return h(
    "li",
    { class: "card offered" },
    h("div", { class: "top" }, h("span", { class: "name", dir: "auto", text: name })),
    h("p", { class: "tags" }, ...emptyTags(), tag(until ? "clock" : "over", "why")),
    h("p", { class: "actions" }, accept, until ? decline : null),
  );
}

/** @param {HTMLElement} node @param {{handoff: Handoff, until: number}} card */
function update(node, { handoff, until }) {
  fillTags(node, handoff);
  node.classList.toggle("is-urgent", handoff.priority === "urgent");
  const words = until ? t("offer.left", { time: span((until - now()) / 1000) }) : t("asked.by", { name: handoff.advocate?.name ?? "" });
  setText(at(node, "why"), words);
}
