import { erase, write } from "./texts.js";

/** Milliseconds for reading a message: the minimum, and the time for each letter. */
const SHORTEST = 8_000;
const PER_LETTER = 100;

const line = document.querySelector("#announcement");
const spoken = document.querySelector("#spoken");
let timer;

/** Shows a message for a while, in a line at the foot of the window that screen readers read out. */
export function announce(name, values) {
  write(line, name, values);
  clearTimeout(timer);
  timer = setTimeout(() => erase(line), SHORTEST + line.textContent.length * PER_LETTER);
}

/** Announces a visible change to users of screen readers. */
export function say(name, values) {
  write(spoken, name, values);
  // A change of language does not repeat the message.
  delete spoken.dataset.text;
}

addEventListener("keydown", ({ key }) => key === "Escape" && erase(line));
