/** A long file of models to type in: real ones with other names, one after another. */

import fs from 'node:fs';
import path from 'node:path';
import { root } from '../lsp/languageServer';
import { corpora } from './corpora';

/** At least so many lines. */
const LINES = 10_000;

/** By a name for the report. Those of the corpora are left out where these are not set up. */
export function longFiles(): { readonly name: string; readonly text: string }[] {
  const examples = path.join(root, 'examples');
  const own = ['resnet.py', 'simple_model.py', 'tiny_gpt.py'].map((name) => path.join(examples, name));
  const [timm] = corpora('timm');
  const models = timm === undefined ? null : path.join(timm, 'models');
  const real =
    models === null
      ? []
      : fs
          .readdirSync(models)
          .filter((name) => name.endsWith('.py') && !name.startsWith('_'))
          .sort()
          .map((name) => path.join(models, name));
  return [
    { name: 'examples', text: joined(own) },
    ...(real.length > 0 ? [{ name: 'timm models', text: joined(real) }] : []),
  ];
}

/** Every copy has class names of its own, so that no class hides another. */
function joined(files: readonly string[]): string {
  const parts: string[] = [];
  for (let copy = 0, lines = 0; lines < LINES; copy += 1) {
    const file = files[copy % files.length] ?? '';
    const text = fs
      .readFileSync(file, 'utf8')
      .replace(/^from __future__.*$/gm, '')
      .replace(/\r\n?/g, '\n');
    const names = new Set([...text.matchAll(/^(?:class|def)\s+(\w+)/gm)].map(([, name = '']) => name));
    const renamed = text.replace(/\b\w+\b/g, (word) => (names.has(word) ? `${word}_${copy}` : word));
    parts.push(renamed);
    lines += renamed.split('\n').length;
  }
  return parts.join('\n');
}

/** Edits as of someone who types inside of methods: a letter goes in or out, in a line with a layer. */
export function* typing(text: string, seed = 1): Generator<string, never> {
  const random = numbers(seed);
  const places = [...text.matchAll(/^ +self\.\w+ = \S+\(/gm)].map((match) => match.index + match[0].length);
  for (let now = text; ; ) {
    const place = places[Math.floor(random() * places.length)] ?? 0;
    for (const added of ['1', '12', '1']) {
      now = `${text.slice(0, place)}${added}, ${text.slice(place)}`;
      yield now;
    }
    now = text;
    yield now;
  }
}

/** Numbers from 0 to 1, the same at every run. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
