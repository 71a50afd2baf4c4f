/** A tone without content when somebody needs an advocate. It can be switched off. */

import { el, setText } from "./dom.js";
import { t } from "./words.js";

const SETTING = "console/sound";

/** @type {AudioContext | null} */
let context = null;

/** @returns {boolean} */
const isOn = () => localStorage.getItem(SETTING) !== "off";

/** @param {"calm" | "urgent"} kind */
export function ring(kind) {
  document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + Number(isOn()));
  if (!isOn()) return;
  context ??= new AudioContext();
  const start = context.currentTime;
  for (const [index, pitch] of (kind === "urgent" ? [660, 880, 660, 880] : [520]).entries()) {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = pitch;
    const at = start + index * 0.22;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.12, at + 0.03);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  }
}

/** Makes the button in the bar switch the sound. */
export function beginSound() {
  const show = () => {
    setText(/** @type {HTMLElement} */ (el("sound").querySelector("span")), t(isOn() ? "menu.sound.on" : "menu.sound.off"));
    el("sound").setAttribute("aria-pressed", String(isOn()));
  };
  el("sound").addEventListener("click", () => {
    localStorage.setItem(SETTING, isOn() ? "off" : "on");
    show();
    ring("calm");
  });
  show();
}
