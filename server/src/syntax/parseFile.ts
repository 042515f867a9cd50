/** One Python file to plain records. */

import type { Factory, LayerPart, ModuleClass, Parameter, ParsedFile, PlainClass } from '../model/moduleClass';
import { definitions, definitionsByOwner } from './definitions';
import { directivesIn } from './directives';
import { withFinishedTree } from './finishedTree';
import { type Analysis, analyze } from './interpret/analyze';
import { registrationsBelow } from './interpret/collect';
import { buildsWithoutArguments } from './interpret/plainClasses';
import { isTorchModule } from './interpret/torchNames';
import type { FileClass } from './interpret/values';
import { layerUses } from './layerUses';
import { LineIndex } from './lineIndex';
import type { PythonParser, SyntaxTree } from './parser';
import type { FormalParameter } from './python/ast';
import { lowerModule } from './python/lowerStatement';
import { namesIn } from './python/namesIn';
import type { Insertion } from './unfinished';
import { usesIn } from './uses';

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
