/** Assembles the demo. The site's own part is shop.js, and the code for tokens is attach-tokens.js. */
import { startAccountBar } from "./account-bar.js";
import { announce, say } from "./announce.js";
import { attachment } from "./attach-tokens.js";
import { showCode } from "./code.js";
import { startLanguageSwitch } from "./language-switch.js";
import { createCard } from "./request-card.js";
import { requests } from "./shop.js";
import { currentUser, forgetUser, onUserChange } from "./sign-in.js";
import { milliseconds } from "./texts.js";
import { startTrouble } from "./trouble.js";

startLanguageSwitch();
const cards = requests.map(createCard);
document.querySelector("#cards").append(...cards.map(({ card }) => card));
const source = await (await fetch("/attach-tokens.js")).text();
showCode(document.querySelector("#attach-source"), source.trim());

Object.assign(document.querySelector("bearer-inspector"), {
  attachment,
  account: () => currentUser()?.username,
});

try {
  await attachment;
  startAccountBar();
  // The next user must not see this user's results.
  onUserChange(clearCards);
  on("send-all", sendAll);
  on("send-hundred", sendHundred);
  startTrouble({ sendApprovals: cards.find(({ request }) => request.name === "approvals")?.send, startOver });
} catch ({ code, message }) {
  const problem = document.querySelector("#problem");
  problem.querySelector("[data-message]").textContent = code ? `${message} (${code})` : message;
  problem.hidden = false;
}

function on(action, listener) {
  document.querySelector(`[data-action="${action}"]`).addEventListener("click", listener);
}

function clearCards() {
  for (const { clear } of cards) clear();
}

async function startOver() {
  await forgetUser();
  clearCards();
}

async function sendAll() {
  const usual = cards.filter(({ request }) => !request.special);
  const outcomes = await Promise.all(usual.map(({ send }) => send()));
  say("all.done", { good: outcomes.filter(Boolean).length, all: outcomes.length });
}

async function sendHundred() {
  const all = 100;
  announce("hundred.sent", { all });
  const start = performance.now();
  const responses = await Promise.allSettled(Array.from({ length: all }, () => fetch("/api/orders")));
  const time = milliseconds(Math.round(performance.now() - start));
  const good = responses.filter(({ value }) => value?.ok).length;
  announce("hundred.done", { good, all, time });
}
