/** The flags with which @vscode/test-electron starts a desktop VS Code. */

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * @typedef {object} LauncherArguments
 * @property {string[]} developmentPaths folders of the extensions under test
 * @property {string} testsPath module that runs the tests
 * @property {string | null} folder opened in the window
 * @property {Record<string, unknown>} settings those of the user data folder
 * @property {boolean} restricted
 */

/**
 * @param {string[]} argv
 * @returns {LauncherArguments}
 * @throws where no tests are named
 */
export function parseLauncherArguments(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    // The desktop's other flags, such as --no-sandbox, mean nothing here.
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
    },
  });
  if (typeof values.extensionTestsPath !== 'string') throw new Error('The flag --extensionTestsPath is missing.');
  const developmentPaths = (values.extensionDevelopmentPath ?? []).flatMap((folder) =>
    typeof folder === 'string' ? [path.resolve(folder)] : [],
  );
  const user = values['user-data-dir'];
  return {
    developmentPaths,
    testsPath: path.resolve(values.extensionTestsPath),
    folder: positionals[0] ? path.resolve(positionals[0]) : null,
    settings: typeof user === 'string' ? readSettings(path.join(user, 'User', 'settings.json')) : {},
    restricted: values['disable-workspace-trust'] !== true,
  };
}

/**
 * @param {string} file
 * @returns {Record<string, unknown>}
 */
function readSettings(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
}
