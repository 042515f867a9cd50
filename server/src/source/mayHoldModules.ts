/** A cheap test of a file's text, before anything of it is parsed. Pure. */

/** A class statement with bases, or with type parameters behind which bases may stand. */
const DERIVED =
  /^[ \t\f]*class[ \t\f\\\r\n]+([\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*)[ \t\f\\\r\n]*(\[|\(([\w\s.,=[\]|]*)\)[ \t]*:|\()/gmu;

/** Modules of the standard library, none of whose classes is a module class. */
const PLAIN_MODULES =
  'abc|argparse|ast|collections|collections\\.abc|contextlib|dataclasses|enum|json|logging|threading|typing|typing_extensions|unittest';
const PLAIN_PATH = new RegExp(`^(?:${PLAIN_MODULES})\\.\\w+$`);
const PLAIN_IMPORT = new RegExp(`^from[ \\t]+(?:${PLAIN_MODULES})[ \\t]+import[ \\t]+(\\([^)]*\\)|[^\\r\\n(]*)`, 'gm');
const BUILT_IN =
  /^(?:object|type|str|int|float|bool|bytes|tuple|list|dict|set|frozenset|property|staticmethod|classmethod|BaseException|Exception|(?:[A-Z][a-z]+)+(?:Error|Warning)|StopIteration|KeyboardInterrupt|SystemExit)$/;

/** False where no class of the file can be a module class: what they derive from is surely plain. */
export function mayHoldModules(text: string): boolean {
  // Most files have no class at all, which is faster seen so.
  if (!text.includes('class')) {
    return false;
  }
  const bases = new Map<string, string[]>();
  for (const [, name = '', opening, inner] of text.matchAll(DERIVED)) {
    if (opening === '[' || inner === undefined) {
      return true;
    }
    bases.set(name, [...(bases.get(name) ?? []), ...basesIn(inner)]);
  }
  if (bases.size === 0) {
    return false;
  }
  const plain = new Set<string>();
  for (const [, names = ''] of text.matchAll(PLAIN_IMPORT)) {
    for (const [name] of names.matchAll(/\w+/g)) {
      plain.add(name);
    }
  }
  const isPlain = (base: string): boolean =>
    bases.has(base) || plain.has(base) || PLAIN_PATH.test(base) || (BUILT_IN.test(base) && !imports(text, base));
  return ![...bases.values()].flat().every(isPlain);
}

/** Without keywords and without what stands in brackets behind a base. */
function basesIn(inner: string): string[] {
  return inner
    .replace(/\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)*\]/g, '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !/^\w+\s*=/.test(one));
}

/** True where a name of Python's may stand for something else. */
function imports(text: string, name: string): boolean {
  return /(?:Error|Warning)$/.test(name) ? false : new RegExp(`import\\b[^\\n]*\\b${name}\\b`).test(text);
}
