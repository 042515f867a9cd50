/** Makes the document of `layer-peek map --json`. Pure. */

import type { MapDocument, MappedClass, MappedDefinition, MappedFile } from '../model/mapDocument';
import type { FarDefinition, LayerDefinition, ParsedFile } from '../model/moduleClass';

/** Each file lists what stands in it, whichever of the given files knows it. */
export function mapDocument(files: readonly { file: string; parsed: ParsedFile }[]): MapDocument {
  const far = files.flatMap((one) => one.parsed.farDefinitions);
  return {
    files: files.map(({ file, parsed }): MappedFile => {
      const here = far.filter((one) => one.file === file);
      const own = parsed.classes.map((one): MappedClass => {
        const added = here.filter((each) => each.owner.file === file && each.owner.className === one.name);
        return {
          name: one.name,
          line: one.range.line,
          endLine: one.range.endLine,
          definitions: joined(one.definitions, added),
        };
      });
      return { file, classes: [...own, ...elsewhere(here.filter((one) => one.owner.file !== file))] };
    }),
  };
}

/** Classes of other files, with what stands here. */
function elsewhere(far: readonly FarDefinition[]): MappedClass[] {
  const byOwner = new Map<string, FarDefinition[]>();
  for (const one of far) {
    const key = `${one.owner.file}#${one.owner.className}`;
    byOwner.set(key, [...(byOwner.get(key) ?? []), one]);
  }
  return [...byOwner.values()].flatMap((all): MappedClass[] => {
    const [first] = all;
    return first === undefined
      ? []
      : [
          {
            name: first.owner.className,
            file: first.owner.file,
            line: null,
            endLine: null,
            definitions: joined([], all),
          },
        ];
  });
}

/** What the class's own file tells of a definition goes before what others tell. */
function joined(own: readonly LayerDefinition[], far: readonly FarDefinition[]): MappedDefinition[] {
  const known = new Map<string, LayerDefinition>();
  // A path through another module class is told there, from the class that holds the layer.
  const all = [...own, ...far.map((each) => each.definition)].filter((one) => one.outer !== true);
  for (const one of all) {
    const key = `${one.pattern} ${one.range.line}:${one.range.column}-${one.range.endLine}:${one.range.endColumn}`;
    if (!known.has(key)) {
      known.set(key, one);
    }
  }
  return [...known.values()].map((definition) => ({
    pattern: definition.pattern,
    line: definition.range.line,
    endLine: definition.range.endLine,
    column: definition.range.column,
    constructor: definition.constructorName,
    certain: definition.certain,
  }));
}
