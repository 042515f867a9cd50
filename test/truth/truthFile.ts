/** The truth of one package, as `test/truth/collect` writes it: files are relative to the folder that holds the package. */

import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const lines = z.tuple([z.string(), z.number(), z.number()]);
const className = z.tuple([z.string(), z.string()]);

const record = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('corpus'), package: z.string(), root: z.string(), problems: z.array(z.string()) }),
  z.object({ kind: z.literal('model'), name: z.string(), ok: z.boolean(), problem: z.string().optional() }),
  z.object({ kind: z.literal('class'), file: z.string(), name: z.string() }),
  z.object({
    kind: z.literal('site'),
    file: z.string(),
    line: z.number(),
    endLine: z.number(),
    owner: className,
    path: z.string(),
    form: z.string(),
    insideTorch: z.boolean(),
    moved: z.boolean(),
    writers: z.array(className),
    built: z.array(lines),
    items: z.array(lines),
    model: z.string(),
  }),
]);

type Of<K extends string> = Extract<z.infer<typeof record>, { kind: K }>;
export type Site = Of<'site'>;

export interface Truth {
  readonly corpus: string;
  /** The folder that holds the package. */
  readonly root: string;
  readonly models: readonly Of<'model'>[];
  readonly classes: readonly Of<'class'>[];
  readonly sites: readonly Site[];
}

export function readTruth(file: string): Truth {
  const records = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => record.parse(JSON.parse(line)));
  const of = <K extends string>(kind: K) => records.filter((one): one is Of<K> => one.kind === kind);
  const [head] = of('corpus');
  if (head === undefined) {
    throw new Error(`${file} does not say which package it is of. Remove it and collect again.`);
  }
  return {
    corpus: path.basename(file, '.jsonl'),
    root: head.root,
    models: of('model'),
    classes: of('class'),
    sites: of('site'),
  };
}

/** Every file that a statement of the truth stands in. */
export function filesOf(truth: Truth): string[] {
  const files = truth.sites.flatMap((site) => [
    site.file,
    site.owner[0],
    ...site.built.map(([file]) => file),
    ...site.writers.map(([file]) => file),
  ]);
  const all = new Set([...files, ...truth.classes.map((one) => one.file)]);
  return [...all].filter((file) => !file.startsWith('..')).sort();
}
