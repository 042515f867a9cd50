/** All layers of all models by the letters of their paths: fast enough for every key. Pure. */

import type { KnownModel } from '../model/knownModel';
import { type SearchedPath, searchedPath, wordScore } from './fuzzyScore';
import type { LayerMatch } from './layerMatch';

/** What a word in the root class's or the constructor's name counts. */
const ELSEWHERE = 80;
const OWN_FILE = 20;

interface Group {
  readonly searched: SearchedPath;
  readonly matches: LayerMatch[];
}

export class FuzzySearch {
  /** By pattern: models of one family share many. */
  private readonly groups = new Map<string, Group>();

  constructor(models: readonly KnownModel[]) {
    for (const model of models) {
      for (const layer of model.layers) {
        const match = { model, layer, path: layer.pattern };
        const known = this.groups.get(layer.pattern);
        if (known === undefined) {
          this.groups.set(layer.pattern, { searched: searchedPath(layer.pattern), matches: [match] });
        } else {
          known.matches.push(match);
        }
      }
    }
  }

  /** Words between blanks must all fit: the path, else the root class or the constructor. Best first, those of the file before their equals. */
  search(text: string, file: string | null): LayerMatch[] {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const scored: { match: LayerMatch; score: number }[] = [];
    for (const { searched, matches } of this.groups.values()) {
      const scores = words.map((word) => wordScore(word, searched));
      const missing = words.filter((_, index) => scores[index] === 0).map((word) => word.toLowerCase());
      const found = scores.reduce((sum, one) => sum + one, missing.length * ELSEWHERE);
      for (const match of matches) {
        if (missing.length === 0 || isElsewhere(missing, match)) {
          const score = found + (match.model.file === file ? OWN_FILE : 0) + (match.layer.certain ? 1 : 0);
          scored.push({ match, score: score - searched.path.length * 0.1 });
        }
      }
    }
    return scored.sort((a, b) => b.score - a.score).map((one) => one.match);
  }
}

function isElsewhere(words: readonly string[], { model, layer }: LayerMatch): boolean {
  const names = `${model.className} ${layer.constructorName ?? ''}`.toLowerCase();
  return words.every((word) => names.includes(word));
}
