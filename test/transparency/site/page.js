// @ts-check
import { attach } from "./attach.js";
import { learn } from "./learn.js";
import { runVariants } from "./run-variants.js";

Object.assign(window, { attach, learn, runVariants });
