/** The static mapping of a file against what a run registered: what the source did not tell, and what it told in vain. Pure. */

import type { LayerDefinition, ModuleClass, SourceRange } from '../model/moduleClass';
import type { Capture, Reconciliation, RuntimeClass, RuntimeModule, Site } from '../protocol/helperMessages.generated';
import { enclosingBranch } from './enclosingBranch';
import type { SourceDrift } from './sourceDrift';

/** A layer definition that no layer of the run comes from. */
export interface Unregistered {
  readonly definition: LayerDefinition;
  readonly kind: 'otherModel' | 'none' | 'otherLine' | 'branch' | 'invented';
  /** A sentence without its full stop. */
  readonly reason: string;
}

export interface Reconciled {
  readonly unregistered: readonly Unregistered[];
  /** Layers of the run that are defined in the file where the source tells no definition. */
  readonly missed: readonly RuntimeModule[];
  /** Definitions of classes that the model has, and layers of the run that are defined in the file. */
  readonly definitions: number;
  readonly layers: number;
}

/** A file as it is now, whose code is what ran. */
export interface ReconciledFile {
  readonly file: string;
  readonly text: string;
  readonly classes: readonly ModuleClass[];
  /** Ranges of definitions in the file that belong to classes of other files. */
  readonly elsewhere: readonly SourceRange[];
  /** From lines at capture time to present ones. */
  readonly drift: SourceDrift;
}

/** Holds for a file that is not stale: elsewhere what the source tells now says nothing of what ran. */
export function reconcile(capture: Capture, { file, text, classes, elsewhere, drift }: ReconciledFile): Reconciled {
  const here = capture.modules.filter((module) => module.definition?.file === file);
  if (capture.modules.length === 0 || capture.classes === undefined) {
    return { unregistered: [], missed: [], definitions: 0, layers: here.length };
  }
  const facts: Facts = { capture, file, drift, lines: text.split(/\r\n|\r|\n/), byPath: byPath(capture) };
  const unregistered: Unregistered[] = [];
  let definitions = 0;
  for (const owner of classes) {
    const running = capture.classes.find((one) => one.file === file && one.name === owner.name) ?? null;
    for (const definition of owner.definitions.filter((one) => one.held !== true)) {
      definitions += running === null ? 0 : 1;
      const found = whyUnregistered(facts, owner, running, definition);
      if (found !== null) {
        unregistered.push({ definition, ...found });
      }
    }
  }
  const told = [...classes.flatMap((owner) => owner.definitions.map((one) => one.range)), ...elsewhere];
  const missed = here.filter((module) => !told.some((range) => isOn(facts, module, range)));
  return { unregistered, missed, definitions, layers: here.length };
}

/** The counts of it, as a Capture document carries them. */
export function counts({ unregistered, missed, definitions, layers }: Reconciled): Reconciliation {
  const invented = unregistered.filter((one) => one.kind === 'invented').length;
  return { definitions, layers, missed: missed.length, invented };
}

interface Facts {
  readonly capture: Capture;
  readonly file: string;
  readonly drift: SourceDrift;
  readonly lines: readonly string[];
  readonly byPath: ReadonlyMap<string, RuntimeModule>;
}

function byPath(capture: Capture): Map<string, RuntimeModule> {
  return new Map(capture.modules.flatMap((module) => module.paths.map((path) => [path, module] as const)));
}

/** null where a layer of the run comes from the definition, or may. */
function whyUnregistered(
  facts: Facts,
  owner: ModuleClass,
  running: RuntimeClass | null,
  definition: LayerDefinition,
): Omit<Unregistered, 'definition'> | null {
  const { capture, lines } = facts;
  const model = modelName(capture);
  if (capture.modules.some((module) => isOn(facts, module, definition.range))) {
    // The class may have built what another one holds now.
    return null;
  }
  if (running === null) {
    return { kind: 'otherModel', reason: `${owner.name} is not part of ${model}` };
  }
  const [other] = running.paths.flatMap((path) => matching(facts.byPath, path, definition.pattern));
  if (other !== undefined) {
    const { definition: site } = other;
    // A layer that nobody saw being registered may come from here.
    return site === null
      ? null
      : { kind: 'otherLine', reason: otherLine(facts, definition, running.paths, other, site) };
  }
  if (running.none.includes(definition.pattern)) {
    return { kind: 'none', reason: `self.${definition.pattern} is None in ${model}` };
  }
  const branch = enclosingBranch(lines, definition.range.line);
  const reason = `no layer of ${model} comes from this line`;
  return branch === null
    ? { kind: 'invented', reason }
    : { kind: 'branch', reason: `${reason}, which stands under \`${branch.text}\` (line ${branch.line})` };
}

/** Whether the line gives a layer a second name, or its layer was replaced; where neither is certain, only which line made it. */
function otherLine(
  { file, lines, drift }: Facts,
  { pattern, constructorName, range }: LayerDefinition,
  owners: readonly string[],
  { paths: [first = ''] }: RuntimeModule,
  site: Site,
): string {
  const by = `${lineName(site, file, drift)} registered this layer`;
  const own = owners.map((path) => (path === '' ? pattern : `${path}.${pattern}`));
  if (constructorName === null && !pattern.includes('*') && !own.includes(first)) {
    return `an alias of ${first}: ${by}`;
  }
  const now = site.file === file ? drift.now(site.line) : null;
  return now !== null && alwaysRunsBefore(lines, range.line, now) ? `replaced later: ${by}` : by;
}

/** True where both lines stand in one function and the first under no branch. */
function alwaysRunsBefore(lines: readonly string[], line: number, later: number): boolean {
  const between = lines.slice(line, later);
  const isHeader = (text: string): boolean => /^\s*(?:async\s+def|def|class)\b/.test(text);
  return line < later && !between.some(isHeader) && enclosingBranch(lines, line) === null;
}

function lineName(site: Site, file: string, drift: SourceDrift): string {
  return site.file === file
    ? `line ${drift.now(site.line) ?? site.line}`
    : `line ${site.line} of ${site.file.slice(Math.max(site.file.lastIndexOf('/'), site.file.lastIndexOf('\\')) + 1)}`;
}

function modelName(capture: Capture): string {
  return capture.modules.find((module) => module.paths.includes(''))?.className ?? 'this model';
}

/** The layers at a class's path with a pattern behind; `*` fits any one name, or the rest of one: `denselayer*`. */
function matching(modules: ReadonlyMap<string, RuntimeModule>, path: string, pattern: string): RuntimeModule[] {
  const whole = path === '' ? pattern : `${path}.${pattern}`;
  if (!pattern.includes('*')) {
    const module = modules.get(whole);
    return module === undefined ? [] : [module];
  }
  const form = new RegExp(`^${whole.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^.]+')}$`);
  return [...modules].flatMap(([other, module]) => (form.test(other) ? [module] : []));
}

function isOn({ file, drift }: Facts, module: RuntimeModule, range: SourceRange): boolean {
  const touches = (site: Site | null): boolean => {
    const line = site?.file === file ? drift.now(site.line) : null;
    return site !== null && line !== null && line <= range.endLine && line + site.endLine - site.line >= range.line;
  };
  return touches(module.definition) || touches(module.construction);
}
