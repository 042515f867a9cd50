/** Committed files speak of the project alone: no path of somebody's machine, no host that packages were once fetched from. */

import fs from 'node:fs';
import { run } from '../setup/command.mjs';
import { inRoot } from '../setup/paths.mjs';

/**
 * `/home/user/` is nobody's: examples and golden messages may say it.
 * @type {{ what: string, pattern: RegExp, only?: RegExp }[]}
 */
const TRACES = [
  { what: 'a home folder', pattern: /(?<![\w.])\/(?:root|(?:home|Users)\/(?!user\/)\w+)\// },
  { what: 'a home folder', pattern: /[A-Z]:\\+Users\\+\w+/ },
  { what: 'a temporary folder', pattern: /(?<![\w.$}])\/tmp\/\w/ },
  { what: "a package's download address", pattern: /"resolved": "https?:/, only: /package-lock\.json$/ },
  {
    what: "a package registry's address",
    pattern: /https?:\/\/[\w.-]*(?:registry|pypi|pythonhosted|download\.pytorch)[\w.-]*/,
  },
];
/** This file must write what it looks for. */
const EXEMPT = new Set(['scripts/checks/traces.mjs']);

/**
 * One line for each trace, empty where there is none.
 * @returns {Promise<string>}
 */
export async function tracesInTrackedFiles() {
  const files = (await run('git', ['ls-files', '-z'])).split('\0').filter((file) => file && !EXEMPT.has(file));
  return files.flatMap(tracesIn).join('\n');
}

/** @param {string} file */
function tracesIn(file) {
  const place = inRoot(file);
  // A file may be deleted and the deletion not committed yet.
  if (!fs.existsSync(place)) return [];
  const content = fs.readFileSync(place);
  if (content.includes(0)) return [];
  return content
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) =>
      TRACES.filter(({ pattern, only }) => (!only || only.test(file)) && pattern.test(text)).map(
        ({ what }) => `${file}:${index + 1}: ${what}: ${text.trim().slice(0, 120)}`,
      ),
    );
}
