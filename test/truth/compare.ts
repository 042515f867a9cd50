/**
 * `compare --truth FOLDER --cli FILE [--only CORPUS]... [--search-path FOLDER]... [--misses FILE]`: how well the static mapper names what the truth files of a
 * folder recorded.
 */

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mapFiles } from './mapped';
import { failures, overall, table, topForms } from './report';
import { type Score, score } from './score';
import { filesOf, readTruth } from './truthFile';

const { values } = parseArgs({
  options: {
    truth: { type: 'string', default: '.cache/truth' },
    cli: { type: 'string', default: 'dist/cli.js' },
    only: { type: 'string', multiple: true, default: [] },
    misses: { type: 'string' },
    'search-path': { type: 'string', multiple: true, default: [] },
  },
});

const corpora = fs
  .readdirSync(values.truth)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => path.basename(name, '.jsonl'))
  .filter((name) => values.only.length === 0 || values.only.includes(name));
if (corpora.length === 0) {
  throw new Error(`${values.truth} holds no truth of ${values.only.join(', ') || 'any package'}. Collect it first.`);
}

const cli = path.resolve(values.cli);
const scores: Score[] = [];
const texts: string[] = [];
for (const corpus of corpora) {
  const truth = readTruth(path.join(values.truth, `${corpus}.jsonl`));
  const one = score(
    truth,
    mapFiles(cli, truth.root, filesOf(truth), [...new Set([truth.root, ...values['search-path']])]),
  );
  scores.push(one);
  texts.push(failures(one, truth.root));
}
const all = overall(scores);
console.log(topForms(all));
console.log(`\n${table([...scores, ...(scores.length > 1 ? [all] : [])])}`);
if (values.misses !== undefined) {
  fs.writeFileSync(values.misses, `${texts.join('\n\n')}\n`);
  console.log(`\nEvery failure with its source: ${values.misses}`);
}
