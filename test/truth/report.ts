/** The score as text: a table, the forms that fail most, and every failure with its line of source. */

import fs from 'node:fs';
import path from 'node:path';
import { groupBy } from '../../server/src/mapping/groupBy';
import type { Score, Share } from './score';

const TOP = 8;
const COLUMNS: readonly [string, (score: Score) => string][] = [
  ['corpus', (one) => one.corpus],
  ['models', (one) => `${one.models.hit}/${one.models.of}`],
  ['sites', (one) => String(one.recall.of)],
  ['hard', (one) => String(one.hardRecall.of)],
  ['recall', (one) => percent(one.recall)],
  ['hard recall', (one) => percent(one.hardRecall)],
  ['at reg. line', (one) => percent(one.recallAtLine)],
  ['hard at reg. line', (one) => percent(one.hardRecallAtLine)],
  ['certain', (one) => String(one.certain.of)],
  ['certain precision', (one) => percent(one.certain)],
  ['hard certain pr.', (one) => percent(one.hardCertain)],
  ['precision of all', (one) => percent(one.all)],
];

export function table(scores: readonly Score[]): string {
  const rows = [COLUMNS.map(([title]) => title), ...scores.map((one) => COLUMNS.map(([, cell]) => cell(one)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function percent({ hit, of }: Share): string {
  return of === 0 ? '-' : `${((100 * hit) / of).toFixed(1)} %`;
}

/** All scores as one. */
export function overall(scores: readonly Score[]): Score {
  const sum = (pick: (score: Score) => Share): Share => ({
    hit: scores.reduce((total, one) => total + pick(one).hit, 0),
    of: scores.reduce((total, one) => total + pick(one).of, 0),
  });
  return {
    corpus: 'overall',
    models: sum((one) => one.models),
    recall: sum((one) => one.recall),
    hardRecall: sum((one) => one.hardRecall),
    recallAtLine: sum((one) => one.recallAtLine),
    hardRecallAtLine: sum((one) => one.hardRecallAtLine),
    certain: sum((one) => one.certain),
    hardCertain: sum((one) => one.hardCertain),
    all: sum((one) => one.all),
    misses: scores.flatMap((one) => one.misses),
    wrong: scores.flatMap((one) => one.wrong),
  };
}

/** What is missed and what is wrong, by form, the most frequent first. */
export function topForms(one: Score): string {
  const missed = counts(one.misses.map(({ site, instead }) => `${site.form.padEnd(28)} ${kind(instead)}`));
  const wrong = counts(one.wrong.map(({ reason }) => kind(reason)));
  return [`Missed (${one.misses.length}):`, ...missed, `Certain but wrong (${one.wrong.length}):`, ...wrong].join('\n');
}

const kind = (text: string): string => text.split(':', 1)[0] ?? text;

function counts(texts: readonly string[]): string[] {
  return [...groupBy(texts, (text) => text)]
    .map(([text, all]): [string, number] => [text, all.length])
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([text, count]) => `${String(count).padStart(6)}  ${text}`);
}

/** Every miss and every wrong definition, with the text of its line. */
export function failures(one: Score, root: string): string {
  const source = new Map<string, readonly string[]>();
  const text = (file: string, line: number): string => {
    const known = source.get(file) ?? fs.readFileSync(path.join(root, file), 'utf8').split(/\r\n|\r|\n/);
    source.set(file, known);
    return `    ${file}:${line}: ${known[line - 1]?.trim() ?? ''}`;
  };
  const missed = one.misses.map(({ site, instead }) => {
    const builders = [...site.items, ...site.built].filter(([file, line]) => file !== site.file || line !== site.line);
    const writers = site.writers.map(([, name]) => name).filter((name) => name !== site.owner[1]);
    const by = writers.length > 0 ? ` (by ${writers.join(', ')})` : '';
    return [
      `MISSED ${site.owner[1]}${by} ${site.path}  [${site.form}]  ${instead}`,
      text(site.file, site.line),
      ...new Set(builders.slice(0, 3).map(([file, line]) => `${text(file, line)}   <- built`)),
      `      in ${site.model}`,
    ].join('\n');
  });
  const wrong = one.wrong.map(({ definition, reason }) =>
    [`WRONG ${definition.className} ${definition.pattern}  ${reason}`, text(definition.file, definition.line)].join(
      '\n',
    ),
  );
  return [`== ${one.corpus}`, ...missed, ...wrong].join('\n');
}
