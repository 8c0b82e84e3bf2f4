/** Puts the demo together. The site's own part is shop.js, and what it takes to get tokens is attach-tokens.js. */
import { startAccountBar } from "./account-bar.js";
import { announce } from "./announce.js";
import { attachment } from "./attach-tokens.js";
import { showCode } from "./code.js";
import { createCard } from "./request-card.js";
import { requests } from "./shop.js";
import { currentUser, forgetUser, onUserChange } from "./sign-in.js";
import { startTrouble } from "./trouble.js";

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
  // What belongs to one user is not for the next to see.
  onUserChange(clearCards);
  on("send-all", sendAll);
  on("send-hundred", sendHundred);
  startTrouble({ sendApprovals: cards.find(({ request }) => request.name === "approvals")?.send, startOver });
} catch ({ code, message }) {
  const problem = document.querySelector("#problem");
  problem.textContent = code ? `${message} (${code})` : message;
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

function sendAll() {
  for (const { send, request } of cards) if (!request.special) void send();
}

async function sendHundred() {
  announce("One moment");
  const start = performance.now();
  const responses = await Promise.allSettled(Array.from({ length: 100 }, () => fetch("/api/orders")));
  const milliseconds = Math.round(performance.now() - start);
  const good = responses.filter(({ value }) => value?.ok).length;
  announce(`${good} of 100 were answered with 200, in ${milliseconds} ms.`);
}
