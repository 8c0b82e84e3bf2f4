// @ts-check
import { attach } from "./attach.js";
import { learn } from "./learn.js";
import { runVariants } from "./run-variants.js";

const setCookie = (/** @type {string} */ cookie) => void (document.cookie = cookie);

Object.assign(window, { attach, learn, runVariants, setCookie });
