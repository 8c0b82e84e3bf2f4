import { erase, write } from "./texts.js";

/** Milliseconds for reading a message, at least, and for each of its letters. */
const SHORTEST = 8_000;
const PER_LETTER = 100;

const line = document.querySelector("#announcement");
const spoken = document.querySelector("#spoken");
let timer;

/** Tells the user something for a while, in a line at the foot of the window that screen readers read out. */
export function announce(name, values) {
  write(line, name, values);
  clearTimeout(timer);
  timer = setTimeout(() => erase(line), SHORTEST + line.textContent.length * PER_LETTER);
}

/** Tells those who hear the page what the others see happen. */
export function say(name, values) {
  write(spoken, name, values);
  // It is not said again in another language.
  delete spoken.dataset.text;
}

addEventListener("keydown", ({ key }) => key === "Escape" && erase(line));
