// The quick exit: blank, purge, and be somewhere else. Each step works without the others.

const TWICE = 1_500; // ms between two presses of Esc

let left = false;
const before = [];

/** Do `stop` first when the person leaves. */
export const beforeLeaving = (stop) => before.push(stop);

/** Leave now; with `purge`, everything on the server goes, too. */
export function leave(purge = true) {
  blank();
  if (!left) {
    left = true;
    for (const stop of before) stop();
    if (purge) askForPurge();
  }
  location.replace(exitUrl);
}

const exitUrl = document.body.dataset.exitUrl;

function blank() {
  document.body.replaceChildren();
}

function askForPurge() {
  const body = new Blob(["{}"], { type: "application/json" });
  try {
    fetch("/chat/exit", { method: "POST", body, keepalive: true }).catch(() => {});
  } catch {
    navigator.sendBeacon("/chat/exit", body);
  }
}

/** Leave on the button, and on Esc pressed twice; `onFirst` is called after the first press. */
export function watchExit(button, onFirst) {
  let pressedAt = -Infinity;
  button.addEventListener("click", () => leave());
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - pressedAt < TWICE) {
      leave();
      return;
    }
    pressedAt = event.timeStamp;
    onFirst(TWICE);
  }, true);
  // A page that the browser kept aside must not come back with what was on it.
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => { if (event.persisted) leave(false); });
}
