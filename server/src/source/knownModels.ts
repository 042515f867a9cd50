/** The models of one file: its root classes with all that is composed below them. Pure. */

import type { KnownLayer, KnownModel } from '../model/knownModel';
import type { LayerDefinition, ModuleClass, ParsedFile } from '../model/moduleClass';
import { rootClasses } from './rootClasses';

/** Bounds for classes that hold themselves or very much. */
const MAX_DEPTH = 8;
const MAX_LAYERS = 5000;

export function knownModels(parsed: ParsedFile, file: string): KnownModel[] {
  return rootClasses(parsed).map((root) => knownModel(parsed, file, root));
}

/** The model that an instance of the class is, whether or not the class is a root. */
export function knownModel(parsed: ParsedFile, file: string, root: ModuleClass): KnownModel {
  const byName = new Map(parsed.classes.map((one) => [one.name, one] as const));
  const layers: KnownLayer[] = [];
  let complete = true;
  const visit = (name: string, path: string, above: readonly string[]): void => {
    const of = byName.get(name);
    if (of === undefined || above.includes(name)) {
      return;
    }
    if (above.length > MAX_DEPTH || layers.length > MAX_LAYERS) {
      complete = false;
      return;
    }
    for (const one of [name, ...of.lineage]) {
      const owner = byName.get(one);
      complete &&= owner !== undefined && isSeen(owner, byName);
      layers.push(...(owner?.definitions ?? []).map((each) => layerOf(each, path, file)));
    }
    for (const part of of.parts) {
      visit(part.className, below(path, part.pattern), [...above, name]);
    }
  };
  visit(root.name, '', []);
  return { file, className: root.name, layers, complete };
}

function layerOf(definition: LayerDefinition, path: string, file: string): KnownLayer {
  const { pattern, range, constructorName, certain } = definition;
  return { pattern: below(path, pattern), file, range, constructorName, certain };
}

/** True where all bases are PyTorch's, or classes of the file. */
function isSeen(of: ModuleClass, byName: ReadonlyMap<string, ModuleClass>): boolean {
  return of.bases.every((base) => byName.has(base) || /^(?:(?:torch\.)?nn\.)?Module$|^(?:torch\.)?nn\.\w+$/.test(base));
}

function below(path: string, pattern: string): string {
  return path === '' ? pattern : `${path}.${pattern}`;
}
