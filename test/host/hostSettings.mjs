/** User settings of a host: no network, no clutter, and what a test needs to see. */

import fs from 'node:fs';
import path from 'node:path';

const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'editor.inlayHints.enabled': 'on',
};

/**
 * Writes `settings.json` into the folder.
 * @param {string} userFolder
 * @param {Record<string, unknown>} settings added to those that keep the host quiet
 */
export function writeSettings(userFolder, settings) {
  fs.mkdirSync(userFolder, { recursive: true });
  fs.writeFileSync(path.join(userFolder, 'settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2));
}
