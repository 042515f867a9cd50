/** What a capture has to say on each line of one file. Pure. */

import type { Call, Capture, Operation, RuntimeModule, Site, Value } from '../protocol/helperMessages.generated';
import { groupBy } from './groupBy';
import type { Unregistered } from './reconcile';
import type { SourceDrift } from './sourceDrift';

/** Calls that look the same: equal shapes in and out. */
export interface CallGroup {
  readonly input: Value;
  /** null where the calls raised. */
  readonly output: Value | null;
  readonly calls: readonly Call[];
}

/** All calls of one place: of a layer definition, or of one call expression. */
export interface Place {
  readonly modules: readonly RuntimeModule[];
  readonly groups: readonly CallGroup[];
  /** The call expression; null at a definition. */
  readonly site: Site | null;
}

export interface LineAnnotation {
  /** Present line, 1-based. */
  readonly line: number;
  readonly role: 'definition' | 'call' | 'operation';
  /** In the order in which they ran. */
  readonly places: readonly Place[];
  /** Functions without a module: all of a line that calls no layer; where it does, the outermost ones around its calls. */
  readonly operations: readonly Operation[];
  /** All layers of the run that come from this line, called or not; a container speaks for its items or they for it. Empty at calls. */
  readonly instances: readonly RuntimeModule[];
  /** Layers defined on this line that were not called, and why. */
  readonly uncalled: readonly { path: string; reason: string }[];
  /** Why no layer of the run comes from the definitions of this line. */
  readonly unregistered: readonly Unregistered[];
  /** True where neither a layer of this line nor one inside it was called: a `ModuleList` whose items were called has run. */
  readonly idle: boolean;
}

/** Makes the annotations of `file`, by present line. A line may have one for each role. */
export function annotate(capture: Capture, file: string, drift: SourceDrift): LineAnnotation[] {
  return [...definitions(capture, file, drift), ...callLines(capture, file, drift)];
}

function definitions(capture: Capture, file: string, drift: SourceDrift): LineAnnotation[] {
  const callsByPath = groupBy(capture.calls, (call) => call.path);
  const reasons = new Map(capture.uncalled.map((one) => [one.path, one.reason]));
  const onLine = groupBy(
    capture.modules.filter((module) => module.definition?.file === file),
    (module) => module.definition?.line ?? 0,
  );
  const calledInside = ancestorsOf(callsByPath.keys());
  const annotations: LineAnnotation[] = [];
  const isCalled = (module: RuntimeModule): boolean => module.paths.some((path) => callsByPath.has(path));
  for (const [line, all] of onLine) {
    const now = drift.now(line);
    const instances = instancesOf(all, isCalled);
    const modules = instances.filter(isCalled);
    const calls = modules.flatMap((module) => module.paths.flatMap((path) => callsByPath.get(path) ?? []));
    const uncalled = instances.flatMap((module) => {
      const path = module.paths[0] ?? '';
      const reason = reasons.get(path);
      return reason === undefined ? [] : [{ path, reason }];
    });
    if (now !== null && (calls.length > 0 || uncalled.length > 0)) {
      const places = calls.length === 0 ? [] : [{ modules, groups: groupCalls(calls), site: null }];
      const idle = calls.length === 0 && !uncalled.some(({ path }) => calledInside.has(path));
      annotations.push({
        line: now,
        role: 'definition',
        places,
        operations: [],
        instances,
        uncalled,
        unregistered: [],
        idle,
      });
    }
  }
  return annotations;
}

/** Annotations of definitions that no layer of the run comes from, one for each line; they have present lines already. */
export function annotateUnregistered(all: readonly Unregistered[]): LineAnnotation[] {
  const onLine = groupBy(all, (one) => one.definition.range.line);
  const nothing = { places: [], operations: [], instances: [], uncalled: [], idle: true };
  return [...onLine].map(([line, unregistered]) => ({ line, role: 'definition', ...nothing, unregistered }));
}

/** The outermost layers of a line; where only the items of a container were called, they stand for it. */
function instancesOf(all: readonly RuntimeModule[], isCalled: (module: RuntimeModule) => boolean): RuntimeModule[] {
  const calledInside = ancestorsOf(all.filter(isCalled).flatMap((module) => module.paths));
  return outermost(all.filter((module) => isCalled(module) || !module.paths.some((path) => calledInside.has(path))));
}

/** Every path above one of these. */
function ancestorsOf(paths: Iterable<string>): Set<string> {
  const ancestors = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
      ancestors.add(path.slice(0, end));
    }
  }
  return ancestors;
}

/** `self.mlp = nn.Sequential(nn.Linear(8, 8), nn.ReLU())`: the line speaks of `mlp`; its items have their own hover. */
function outermost(modules: readonly RuntimeModule[]): RuntimeModule[] {
  const paths = new Set(modules.flatMap((module) => module.paths));
  const hasAncestor = (path: string): boolean => {
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
      if (paths.has(path.slice(0, end))) {
        return true;
      }
    }
    return false;
  };
  return modules.filter((module) => !module.paths.every(hasAncestor));
}

function callLines(capture: Capture, file: string, drift: SourceDrift): LineAnnotation[] {
  const modulesByPath = new Map(capture.modules.flatMap((module) => module.paths.map((path) => [path, module])));
  const direct = capture.calls.filter((call) => call.callSite?.file === file && call.through === null);
  const byLine = groupBy(direct, (call) => lastLine(call.callSite));
  const inFile = capture.operations.filter((one) => one.file === file);
  const operations = groupBy(inFile, (one) => one.endLine);
  const annotations: LineAnnotation[] = [];
  for (const [line, calls] of byLine) {
    const now = drift.now(line);
    if (now === null) {
      continue;
    }
    const sites = groupBy(
      calls,
      (call) => `${call.callSite?.line}:${call.callSite?.column}:${call.callSite?.endColumn}`,
    );
    const places = [...sites.values()].map((atSite) => ({
      modules: [...new Set(atSite.flatMap((call) => modulesByPath.get(call.path) ?? []))],
      groups: groupCalls(atSite),
      site: atSite[0]?.callSite ?? null,
    }));
    annotations.push({
      line: now,
      role: 'call',
      places,
      operations: outermostAround(operations.get(line) ?? [], places),
      instances: [],
      uncalled: [],
      unregistered: [],
      idle: false,
    });
  }
  for (const [line, all] of operations) {
    const now = drift.now(line);
    if (now !== null && !byLine.has(line)) {
      annotations.push({
        line: now,
        role: 'operation',
        places: [],
        operations: all,
        instances: [],
        uncalled: [],
        unregistered: [],
        idle: false,
      });
    }
  }
  return annotations;
}

/** In `torch.cat([self.image(x), y])` the value of the line is that of `cat`, not of the layer. Needs columns. */
function outermostAround(operations: readonly Operation[], places: readonly Place[]): Operation[] {
  const around = operations.filter((one) => places.some(({ site }) => site !== null && encloses(one, site)));
  const widest = around.reduce<Operation | null>((a, b) => (a !== null && encloses(a, b) ? a : b), null);
  return around.filter(
    (one) => one.line === widest?.line && one.column === widest.column && one.endColumn === widest.endColumn,
  );
}

type Extent = Pick<Site, 'line' | 'endLine' | 'column' | 'endColumn'>;

function encloses(outer: Extent, inner: Extent): boolean {
  if (outer.column === null || outer.endColumn === null || inner.column === null || inner.endColumn === null) {
    return false;
  }
  const startsBefore = outer.line < inner.line || (outer.line === inner.line && outer.column <= inner.column);
  const endsAfter =
    outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return startsBefore && endsAfter;
}

function lastLine(site: Site | null): number {
  return site?.endLine ?? 0;
}

function groupCalls(calls: readonly Call[]): CallGroup[] {
  const ordered = [...calls].sort((a, b) => a.order - b.order);
  const groups = groupBy(ordered, (call) => `${sameness(call.input)} ${sameness(call.output)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ input: first.input, output: first.output, calls: group }];
  });
}

/** Equal for values that look alike: all but which tensor it is. */
function sameness(value: Value | null): string {
  return JSON.stringify(value, (key, part: unknown) => (key === 'handle' || key === 'sharesWith' ? undefined : part));
}
