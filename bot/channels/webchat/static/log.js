// The messages on the screen. Text is only ever set as text.

import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  bot: "M6 8h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM12 8V4M9 13v1M15 13v1",
  advocate: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
};
const NEAR = 80; // px from the end that still count as at the end
const CONFIRM = 8_000; // ms in which a message that was taken in must be seen on the server

/** `onPress(button, origin)` is called with the id and label of a pressed button. */
export class Log {
  #list;
  #newest;
  #onPress;
  #follows = true; // whether the newest message is to be kept in sight
  #messages = []; // { element, id, ref, author, at, chips, origin, takenAt }

  constructor(list, newest, onPress) {
    this.#list = list;
    this.#newest = newest;
    this.#onPress = onPress;
    newest.addEventListener("click", () => { this.#toEnd(); list.focus({ preventScroll: true }); });
    list.addEventListener("scroll", () => {
      this.#follows = this.#distance() < NEAR;
      if (this.#follows) newest.hidden = true;
    }, { passive: true });
    new ResizeObserver(() => { if (this.#follows) this.#toEnd(); }).observe(list);
  }

  get empty() { return this.#messages.length === 0; }

  /** Whether the last word came from the bot, or nobody: then an answer comes soon. */
  get withBot() { return this.#messages.findLast((m) => m.author !== "person")?.author !== "advocate"; }

  /** Bring the screen in line with what the server holds. False if something is missing here. */
  apply(present, added) {
    const stays = new Set(present);
    const gone = this.#messages.filter((m) => m.id && !stays.has(m.id));
    const purged = gone.length > 0;
    for (const message of gone) this.#remove(message);
    for (const message of [...this.#messages]) {
      if (message.origin && !stays.has(message.origin)) this.#remove(message);
      if (message.takenAt && purged) this.#remove(message);
    }
    const fresh = [];
    for (const entry of added) {
      if (this.#messages.some((m) => m.id === entry.id)) continue;
      const mine = entry.ref && this.#messages.find((m) => !m.id && m.ref === entry.ref);
      if (!mine) {
        fresh.push(this.#append(entry));
        continue;
      }
      this.#confirm(mine, entry);
      // What came with it and before it was said earlier: a page that had shown nothing yet.
      if (fresh.length) this.#putLast(mine);
    }
    this.#tidy();
    this.#reveal(fresh);
    const known = new Set(this.#messages.map((m) => m.id));
    return present.every((id) => known.has(id));
  }

  /** Show what the person just wrote, before the server has it. */
  wrote(ref, text) {
    const message = this.#append({ ref, author: "person", text, buttons: [], at: new Date().toISOString() });
    message.element.classList.add("pending");
    this.#tidy();
    this.#toEnd();
  }

  /** Show what the person chose; it goes together with the message that offered it. */
  chose(label, origin) {
    const message = this.#append({ author: "person", text: label, buttons: [], at: new Date().toISOString() });
    message.origin = origin;
    message.element.classList.add("choice");
    this.#tidy();
    this.#toEnd();
  }

  /** The server has it. It will be told as a message of its own, unless it was purged at once. */
  taken(ref) {
    const message = this.#pending(ref);
    if (!message) return;
    message.takenAt = performance.now();
    message.element.classList.remove("pending");
    this.state(ref, "");
    setTimeout(() => { if (!message.id) this.#remove(message); }, CONFIRM);
  }

  /** Write `text` below a message that is not confirmed. */
  state(ref, text) {
    const message = this.#pending(ref);
    if (!message) return;
    message.element.querySelector(".state")?.remove();
    if (text) message.element.append(make("p", "state", text));
    if (this.#follows) this.#toEnd();
  }

  /** Take a message back that will never be sent; returns its text. */
  retract(ref) {
    const message = this.#pending(ref);
    if (!message) return "";
    this.#remove(message);
    return message.text;
  }

  #pending(ref) {
    return this.#messages.find((m) => !m.id && m.ref === ref);
  }

  #append({ id, ref, author, text, buttons, at }) {
    const element = make("article", `message ${author}`);
    element.append(byline(author, at));
    const bubble = make("p", "bubble", text);
    bubble.dir = "auto";
    element.append(bubble);
    const message = { element, id, ref, author, text, at, chips: null };
    if (buttons.length) element.append(message.chips = this.#chips(buttons, message));
    this.#messages.push(message);
    this.#list.append(element);
    return message;
  }

  #chips(rows, message) {
    const group = make("div", "chips");
    group.setAttribute("role", "group");
    for (const { id, label } of rows.flat()) {
      const chip = make("button", "chip", label);
      chip.type = "button";
      chip.dir = "auto";
      chip.addEventListener("click", () => {
        if (chip.getAttribute("aria-disabled")) return;
        chip.setAttribute("aria-disabled", "true");
        setTimeout(() => chip.removeAttribute("aria-disabled"), 1_500);
        this.#onPress({ id, label }, message.id);
      });
      group.append(chip);
    }
    return group;
  }

  #confirm(message, entry) {
    message.id = entry.id;
    message.takenAt = 0;
    message.element.classList.remove("pending");
    message.element.querySelector(".state")?.remove();
  }

  /** Move a message, and the unconfirmed ones behind it, to the end. */
  #putLast(message) {
    const index = this.#messages.indexOf(message);
    const moved = this.#messages.filter((m, i) => i === index || (i > index && !m.id));
    this.#messages = [...this.#messages.filter((m) => !moved.includes(m)), ...moved];
    this.#list.append(...moved.map((m) => m.element));
  }

  #remove(message) {
    const index = this.#messages.indexOf(message);
    if (index < 0) return;
    if (message.element.contains(document.activeElement)) this.#list.focus({ preventScroll: true });
    this.#messages.splice(index, 1);
    message.element.remove();
  }

  /** Only the newest question has buttons; one author's messages in a row share one byline. */
  #tidy() {
    const asking = this.#messages.findLast((m) => m.chips);
    let last = null;
    for (const message of this.#messages) {
      if (message.chips && message.at !== asking.at) {
        if (message.chips.contains(document.activeElement)) this.#list.focus({ preventScroll: true });
        message.chips.remove();
        message.chips = null;
      }
      message.element.classList.toggle("opens", message.author !== last);
      last = message.author;
    }
  }

  /** Show new messages from the first one on; whoever reads further up is not torn away. */
  #reveal(fresh) {
    if (!fresh.length) return;
    const height = fresh.reduce((sum, m) => sum + m.element.offsetHeight, 0);
    if (!this.#follows) {
      this.#newest.hidden = false;
    } else if (height > this.#list.clientHeight) {
      fresh[0].element.scrollIntoView({ block: "start" });
      this.#newest.hidden = false;
    } else {
      this.#toEnd();
    }
  }

  #distance() {
    return this.#list.scrollHeight - this.#list.clientHeight - this.#list.scrollTop;
  }

  #toEnd() {
    this.#follows = true;
    this.#newest.hidden = true;
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function byline(author, at) {
  const line = make("p", "byline");
  if (ICONS[author]) {
    const icon = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[author]);
    icon.append(path);
    line.append(icon);
  }
  const word = author === "person" ? "you" : author;
  const name = make("span", author === "person" ? "unseen" : "", say(word));
  name.dataset.word = word;
  const when = new Date(at);
  const time = make("time", "", when.toLocaleTimeString(timeLocale(), { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = at;
  line.append(name, time);
  return line;
}

/** The page's language, in the variant that the browser is set to, if it is one. */
function timeLocale() {
  const { lang } = document.documentElement;
  return navigator.languages.find((tag) => tag.split("-")[0] === lang.split("-")[0]) ?? lang;
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
