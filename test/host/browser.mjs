/** The browser that is the embedded VS Code's window, without a screen and without reaching out. */

import { chromium as playwright } from 'playwright-core';
import { chromium } from '../../scripts/setup/chromium.mjs';

const ARGS = [
  // The tests' pages are the project's own; as root, Chromium starts only without its sandbox.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchBrowser() {
  return playwright.launch({ executablePath: await chromium(), headless: true, args: ARGS });
}
