/** One Python file to plain records. */

import type {
  Factory,
  LayerDefinition,
  LayerPart,
  LayerUse,
  ModuleClass,
  Parameter,
  ParsedFile,
  PlainClass,
} from '../model/moduleClass';
import { directivesIn } from './directives';
import { withFinishedTree } from './finishedTree';
import { type Analysis, analyze } from './interpret/analyze';
import { constructorOf, type Found, registrationsBelow } from './interpret/collect';
import { buildsWithoutArguments } from './interpret/plainClasses';
import { isTorchModule } from './interpret/torchNames';
import type { FileClass } from './interpret/values';
import { LineIndex } from './lineIndex';
import type { PythonParser, SyntaxTree } from './parser';
import type { FormalParameter } from './python/ast';
import { lowerModule } from './python/lowerStatement';
import { namesIn } from './python/namesIn';
import type { Insertion } from './unfinished';
import { type RawUse, usesIn } from './uses';

const NOTHING: ParsedFile = { classes: [], directives: [], factories: [], plainClasses: [] };

/** Parses and maps a text. Broken code gives what can be known of it. */
export function parseModule(parser: PythonParser, text: string): ParsedFile {
  if (!text.includes('class')) {
    return NOTHING;
  }
  using tree = parser.parse(text);
  return mapParsed(parser, tree);
}

/** Maps a parsed text; the tree stays the caller's. What is still being typed is finished first. */
export function mapParsed(parser: PythonParser, tree: SyntaxTree): ParsedFile {
  if (!tree.text.includes('class')) {
    return NOTHING;
  }
  return withFinishedTree(parser, tree, mapTree);
}

/** `added` is what the tree's text has beyond the text as written. */
function mapTree(tree: SyntaxTree, added: readonly Insertion[]): ParsedFile {
  const statements = lowerModule(tree.root, tree.text);
  const analysis = analyze(statements, tree.text);
  const lines = new LineIndex(tree.text, added);
  const uses = new Map(analysis.classes.map((of) => [of, [...of.methods.values()].flatMap(usesIn)] as const));
  const found = definitionsByOwner(analysis, uses);
  const shown = analysis.classes.filter((of) => analysis.facts.isModule(of) || (found.get(of)?.length ?? 0) > 0);
  const names = new Map(analysis.classes.map((of) => [of, namesIn(of.node.body)] as const));
  const moduleNames = shown.map((of) => of.name);
  const mentioned = (all: ReadonlySet<string>, self: string | null): string[] =>
    moduleNames.filter((name) => name !== self && all.has(name.slice(name.lastIndexOf('.') + 1)));
  const factories = [...analysis.returned].flatMap(([node, classes]): Factory[] => {
    const [className] = classes.map((of) => of.name);
    const callable = node.parameters.every(
      (one) => one.defaultValue !== null || one.kind === 'variadic' || one.kind === 'keywordVariadic',
    );
    if (className === undefined || !callable) {
      return [];
    }
    return [
      {
        name: node.name,
        className,
        mentions: mentioned(namesIn(node.body), null),
        line: lines.position(node.start).line,
      },
    ];
  });
  return {
    classes: shown.map((of): ModuleClass => {
      const init = analysis.facts.method(of, '__init__');
      const lineage = analysis.facts.lineage(of);
      const unseen = analysis.facts
        .externalBases(of)
        .some((path) => !isTorchModule(path) && !path.startsWith('builtins.'));
      return {
        name: of.name,
        range: lines.range(of.node.start, of.node.end),
        bases: of.node.bases
          .filter((base) => base.name === null)
          .map((base) => tree.text.slice(base.value.start, base.value.end)),
        definitions: definitions(found.get(of) ?? [], lines, tree.text),
        uses: layerUses(analysis, of, uses, found, lines),
        constructorParameters:
          of.methods.has('__init__') && init !== null
            ? init.node.parameters.slice(1).map((one) => parameter(one, tree.text))
            : null,
        mentions: mentioned(names.get(of) ?? new Set(), of.name),
        parts: parts(analysis, of),
        lineage: lineage.slice(1).map((one) => one.name),
        hasForward:
          unseen ||
          lineage.some((one) => one.methods.has('forward')) ||
          analysis.facts.externalBases(of).some((path) => isTorchModule(path) && !path.endsWith('.Module')),
        firstLine: lines.position(of.node.outerStart).line,
      };
    }),
    directives: directivesIn(tree.root, lines, analysis.classes),
    factories,
    plainClasses: analysis.classes
      .filter((of) => !shown.includes(of))
      .map((of): PlainClass => ({ name: of.name, buildsWithoutArguments: buildsWithoutArguments(analysis.facts, of) })),
  };
}

/** What every class's code registers: in its own instances, in those of its subclasses, in what functions build. */
function definitionsByOwner(
  analysis: Analysis,
  uses: ReadonlyMap<FileClass, readonly RawUse[]>,
): Map<FileClass, Found[]> {
  const byOwner = new Map<FileClass, Found[]>();
  const add = (owner: FileClass, one: Found): void => {
    const all = byOwner.get(owner) ?? [];
    byOwner.set(owner, all);
    all.push(one);
  };
  const own: (readonly [FileClass, Found[]])[] = [...analysis.instances].map(([of, instance]) => {
    const called = calledNames(analysis, of, uses);
    return [of, registrationsBelow(instance, (name) => matchesAny(name, called))] as const;
  });
  for (const [of, all] of own) {
    for (const one of all.filter((each) => each.site.owner === of)) {
      add(of, one);
    }
  }
  const isNew = (owner: FileClass, one: Found): boolean =>
    !(byOwner.get(owner) ?? []).some(
      (other) => other.pattern === one.pattern && other.site.span.start === one.site.span.start,
    );
  /** What a function of the file builds belongs to the class whose instance holds it. */
  const addOfFunction = (one: Found): void => {
    const held = { ...one, pattern: one.holderPattern };
    if (one.site.owner === null && one.holder !== null && isNew(one.holder, held)) {
      add(one.holder, held);
    }
  };
  for (const [of, all] of own) {
    const bases = new Set(analysis.facts.lineage(of).slice(1));
    for (const one of all) {
      const { owner } = one.site;
      addOfFunction(one);
      if (owner !== null && bases.has(owner) && isNew(owner, one)) {
        add(owner, one);
      }
    }
  }
  for (const instance of analysis.built) {
    if (instance.of !== null && instance.registrations.length > 0) {
      for (const one of registrationsBelow(instance, () => false)) {
        addOfFunction(one);
      }
    }
  }
  return byOwner;
}

/** First names of what methods of the class, its bases and its subclasses call. */
function calledNames(analysis: Analysis, of: FileClass, uses: ReadonlyMap<FileClass, readonly RawUse[]>): Set<string> {
  const family = analysis.classes.filter(
    (one) => analysis.facts.lineage(one).includes(of) || analysis.facts.lineage(of).includes(one),
  );
  return new Set(family.flatMap((one) => (uses.get(one) ?? []).map((use) => use.pattern.split('.')[0] ?? '')));
}

function matchesAny(name: string, called: ReadonlySet<string>): boolean {
  return called.has(name) || (name.includes('*') && [...called].some((one) => segmentsMatch(name, one)));
}

/** Sorted by place; equal patterns of one place once; several indices from one place as `*`. */
function definitions(found: readonly Found[], lines: LineIndex, text: string): LayerDefinition[] {
  const byPlace = new Map<string, Found[]>();
  for (const one of found) {
    const key = `${one.site.span.start}:${one.site.span.end}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), one]);
  }
  const places = [...byPlace.values()].sort(
    ([a], [b]) =>
      (a?.site.span.start ?? 0) - (b?.site.span.start ?? 0) || (b?.site.span.end ?? 0) - (a?.site.span.end ?? 0),
  );
  return places.flatMap((all) => {
    const [first] = all;
    if (first === undefined) {
      return [];
    }
    const certain = new Map<string, boolean>();
    const sites = new Map<string, Found>();
    for (const [pattern, one] of openIndices(all)) {
      certain.set(pattern, (certain.get(pattern) ?? false) || one.certain);
      sites.set(pattern, sites.get(pattern) ?? one);
    }
    return [...certain].map(([pattern, sure]): LayerDefinition => {
      const site = sites.get(pattern)?.site ?? first.site;
      return {
        pattern,
        range: lines.range(site.span.start, site.span.end),
        constructorName: constructorOf(site.expression, text),
        certain: sure,
      };
    });
  });
}

/** Where one place gives several indices of one container, the index is `*`. */
function openIndices(all: readonly Found[]): [string, Found][] {
  let patterns = all.map((one) => one.pattern.split('.'));
  const depth = Math.max(...patterns.map((one) => one.length));
  for (let at = 0; at < depth; at += 1) {
    const values = new Map<string, Set<string>>();
    const keyOf = (segments: readonly string[]): string =>
      segments.map((one, index) => (index === at ? '' : one)).join('.');
    for (const segments of patterns) {
      const segment = segments[at] ?? '';
      if (/^(\d+|\*)$/.test(segment)) {
        values.set(keyOf(segments), (values.get(keyOf(segments)) ?? new Set()).add(segment));
      }
    }
    patterns = patterns.map((segments) =>
      /^\d+$/.test(segments[at] ?? '') && (values.get(keyOf(segments))?.size ?? 0) > 1
        ? segments.map((one, index) => (index === at ? '*' : one))
        : segments,
    );
  }
  return all.flatMap((one, index): [string, Found][] => [[patterns[index]?.join('.') ?? one.pattern, one]]);
}

function layerUses(
  analysis: Analysis,
  of: FileClass,
  uses: ReadonlyMap<FileClass, readonly RawUse[]>,
  found: ReadonlyMap<FileClass, readonly Found[]>,
  lines: LineIndex,
): LayerUse[] {
  const known = analysis.facts
    .lineage(of)
    .flatMap((one) => (found.get(one) ?? []).map((each) => each.pattern.split('.')));
  return (uses.get(of) ?? [])
    .filter((use) => isLayerPath(use.pattern.split('.'), known))
    .map((use) => ({ pattern: use.pattern, range: lines.range(use.span.start, use.span.end) }))
    .sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
}

/** True where the path is that of a known layer, or below one of whose inside nothing is known. */
function isLayerPath(path: readonly string[], known: readonly (readonly string[])[]): boolean {
  const matches = (segments: readonly string[], length: number): boolean =>
    segments.length === length && segments.every((one, index) => segmentsMatch(one, path[index] ?? ''));
  if (known.some((segments) => matches(segments, path.length))) {
    return true;
  }
  const [root] = path;
  const inside = known.filter((segments) => segments.length > 1 && segmentsMatch(segments[0] ?? '', root ?? ''));
  const last = path.at(-1) ?? '';
  return (
    path.length > 1 &&
    inside.length === 0 &&
    known.some((segments) => matches(segments, 1) || segmentsMatch(segments[0] ?? '', root ?? '')) &&
    (last === '*' || /^\d+$/.test(last))
  );
}

function segmentsMatch(a: string, b: string): boolean {
  if (a === b || a === '*' || b === '*') {
    return true;
  }
  const asPattern = (text: string): RegExp =>
    new RegExp(
      `^${text
        .split('*')
        .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
        .join('.*')}$`,
    );
  return (a.includes('*') && asPattern(a).test(b)) || (b.includes('*') && asPattern(b).test(a));
}

function parts(analysis: Analysis, of: FileClass): LayerPart[] {
  const instance = analysis.instances.get(of);
  if (instance === undefined) {
    return [];
  }
  const all = registrationsBelow(instance, () => false).flatMap((one) =>
    one.builds.map((built) => ({ pattern: one.pattern, className: built.name })),
  );
  const seen = new Set<string>();
  return all.filter((one) => {
    const key = `${one.pattern} ${one.className}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function parameter(one: FormalParameter, text: string): Parameter {
  return {
    name: one.name,
    annotation: one.annotation === null ? null : text.slice(one.annotation.start, one.annotation.end),
    defaultValue: one.defaultValue === null ? null : text.slice(one.defaultValue.start, one.defaultValue.end),
    kind: one.kind,
  };
}
