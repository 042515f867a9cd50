/** Where a text speaks of layers by their paths at all, so that the rest of a large file need not be looked through. Pure. */

import { FUNCTIONS, KEYWORDS, LISTINGS, METHODS } from './pathStringForms';
import type { Span } from './python/ast';

const KNOWN = [
  ...METHODS.keys(),
  ...FUNCTIONS.keys(),
  ...KEYWORDS.keys(),
  ...LISTINGS.keys(),
  '_modules',
  'sd',
  '\\w*state_?dicts?',
  '(?:\\w+_)?(?:layer|submodule)_(?:name|path)s?',
  '(?:target|feature|hook|return)_layers?',
  'module_paths?',
];
const WORD = new RegExp(`\\b(?:${KNOWN.join('|')})\\b`, 'i');

/** True where the text may have a layer path in a string. */
export function mayHavePaths(text: string): boolean {
  return WORD.test(text);
}

export class PathWords {
  /** Offsets of the words that tell, in order. */
  private readonly offsets: number[];

  constructor(private readonly text: string) {
    this.offsets = offsetsOf(new RegExp(WORD.source, 'gi'), text);
  }

  /** A function that takes a path: its calls tell of paths too. */
  addCalled(name: string): void {
    if (/^\w+$/.test(name)) {
      this.offsets.push(...offsetsOf(new RegExp(`\\b${name}\\s*\\(`, 'g'), this.text));
    }
  }

  within({ start, end }: Span): boolean {
    return this.offsets.some((one) => one >= start && one < end);
  }
}

function offsetsOf(pattern: RegExp, text: string): number[] {
  return [...text.matchAll(pattern)].map((one) => one.index);
}
