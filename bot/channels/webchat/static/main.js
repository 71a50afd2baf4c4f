import { beforeLeaving, leave, watchExit } from "./leaving.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Stream } from "./stream.js";
import { say, speak } from "./words.js";

const GREET = "intent:greet";
const EXIT = "intent:quick_exit";
const CALM = 2_500; // ms before a lost connection is worth a word
const ANSWER_AFTER = 500; // ms before an answer counts as awaited
const ANSWER_WITHIN = 12_000; // ms after which nothing pretends that an answer is coming

const at = (id) => document.getElementById(id);
const text = at("text");
const byTouch = matchMedia("(pointer: coarse)");
const maxText = Number(document.body.dataset.maxText);

const log = new Log(at("log"), at("newest"), press);
const outbox = new Outbox("/chat/messages", onItem, leave);
const stream = new Stream("/chat/events", onView, onConnection);
let wroteSomething = false;
let answerTimer = 0;

function onView(change) {
  if (change.leave) {
    leave();
    return;
  }
  if (change.words) speak(change.locale, change.dir, change.words);
  const added = change.add ?? [];
  if (added.some((entry) => entry.author !== "person")) awaitAnswer(false);
  if (!log.apply(change.present, added)) stream.start(true);
  showStart();
}

function showStart() {
  at("start").hidden = !log.empty;
}

/* Writing */

function send(event) {
  event?.preventDefault();
  const content = text.value.trim();
  if (!content) return;
  if ([...content].length > maxText) {
    notice(say("too_long"));
    return;
  }
  notice("");
  text.value = "";
  fit();
  const item = outbox.put("text", content);
  log.wrote(item.id, content);
  log.state(item.id, say("sending"));
  showStart();
}

function press({ id, label }, origin) {
  if (id === EXIT) {
    leave();
    return;
  }
  notice("");
  outbox.put("button", id);
  log.chose(label, origin);
}

function onItem(item, state, word) {
  if (state === "waiting") {
    log.state(item.id, say("waiting"));
    if (word === "too_fast") notice(say(word));
    return;
  }
  if (state === "refused") {
    const back = log.retract(item.id);
    if (back && !text.value) {
      text.value = back;
      fit();
    }
    notice(say(word) || say("refused"));
    showStart();
    return;
  }
  log.taken(item.id);
  wroteSomething = true;
  if (!stream.alive) stream.start();
  awaitAnswer(log.withBot);
}

function awaitAnswer(awaited) {
  clearTimeout(answerTimer);
  at("writing").hidden = true;
  if (!awaited) return;
  answerTimer = setTimeout(() => {
    at("writing").hidden = false;
    answerTimer = setTimeout(() => awaitAnswer(false), ANSWER_WITHIN);
  }, ANSWER_AFTER);
}

/** Let the box grow with the text, where the browser doesn't do it by itself. */
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !byTouch.matches) send(event);
});
at("composer").addEventListener("submit", send);
at("start-button").addEventListener("click", () => {
  outbox.put("button", GREET);
  at("log").focus({ preventScroll: true });
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // a fragment would be one more page to go back to
  text.focus();
});

/* How it stands */

let connectionTimer = 0;
let lostTimer = 0;
let lost = false;

function onConnection(state) {
  if (state === "lost") {
    clearTimeout(connectionTimer); // what it would clear may be the word that it is lost
    lostTimer ||= setTimeout(() => { lost = true; connection("offline"); }, CALM);
    return;
  }
  clearTimeout(connectionTimer);
  clearTimeout(lostTimer);
  lostTimer = 0;
  connection(lost && state === "open" ? "online" : "", true);
  connectionTimer = setTimeout(() => connection(""), 3_000);
  lost = false;
  if (state === "none") {
    if (wroteSomething) notice(say("no_cookies"));
    log.apply([], []);
    showStart();
  }
}

function connection(word, good = false) {
  const line = at("connection");
  line.hidden = !word;
  line.classList.toggle("good", good);
  line.textContent = say(word);
  if (word) line.dataset.word = word;
  else delete line.dataset.word;
}

let noticeTimer = 0;

function notice(words, forMs = 0) {
  clearTimeout(noticeTimer);
  const line = at("notice");
  line.hidden = !words;
  line.textContent = words;
  if (words && forMs) noticeTimer = setTimeout(() => notice(""), forMs);
}

/* Leaving */

beforeLeaving(() => {
  outbox.stop();
  stream.stop();
  clearTimeout(answerTimer);
  clearTimeout(connectionTimer);
  clearTimeout(lostTimer);
  clearTimeout(noticeTimer);
});
watchExit(at("exit"), (ms) => notice(say("exit_again"), ms));
showStart();
stream.start();

/* Invited: what the link holds is in no request's address, and leaves the address bar at once. */

const invited = /^#([A-Za-z0-9_-]{32})$/.exec(location.hash);
if (invited) {
  history.replaceState(null, "", location.pathname);
  outbox.put("button", `invite:${invited[1]}`);
}
