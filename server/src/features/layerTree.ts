/** The rows of the side bar: module classes and their layer definitions; after a capture the runtime tree. */

import type { StoredCapture } from '../capture/captureStore';
import { fileUri, type OpenFile } from '../documents';
import { counts } from '../mapping/reconcile';
import { sourceDrift } from '../mapping/sourceDrift';
import { toRange } from '../positions';
import type { TreeRow } from '../protocol/clientMessages';
import type { Call, RuntimeModule } from '../protocol/helperMessages.generated';
import { captureSections } from '../render/captureSections';
import { layerText } from '../render/errorText';
import { compressPaths } from '../render/layerPattern';
import { listed, outputsText } from '../render/lineText';
import { reconciliationText } from '../render/reconciliationText';
import { countText, shorten, tally, valueText } from '../render/value';
import type { ServerState } from '../state';
import { isStale } from './captureDrift';
import { type DefinedLine, definedLines } from './layerPaths';

/** Characters of a row's shapes before the rest is counted. */
const MAX_SHAPES = 48;

/** Rows of one open file. */
export function layerTree(state: ServerState, open: OpenFile): TreeRow[] {
  const captures = state.captures.forFile(open.file).filter((one) => one.complete);
  const lines = definedLines(state, open);
  const classes = open.parsed.classes.map((owner): TreeRow => {
    const own = lines.filter((line) => line.owner === owner).sort((a, b) => a.line - b.line);
    return {
      id: `class ${open.uri} ${owner.name}`,
      label: owner.name,
      description: own.length === 0 ? '' : `${own.length} layer ${own.length === 1 ? 'line' : 'lines'}`,
      tooltip: `Module class \`${owner.name}\``,
      kind: 'class',
      location: {
        uri: open.uri,
        range: toRange(owner.range),
      },
      layerPath: null,
      capture: { uri: open.uri, className: owner.name, line: null },
      stale: false,
      expanded: captures.length === 0,
      children: own.map((line) => definitionRow(open, line)),
    };
  });
  return [...captures.map((one) => modelRow(state, open, one)), ...classes];
}

function definitionRow(open: OpenFile, line: DefinedLine): TreeRow {
  const [first] = line.definitions;
  const builder = first?.constructorName ?? '';
  const shapes = line.annotation === null ? '' : outputsText(line.annotation, MAX_SHAPES);
  return {
    id: `definition ${open.uri} ${line.ref.className} ${line.line}`,
    label:
      first === undefined
        ? line.paths.join(', ')
        : compressPaths(line.definitions.map((one) => one.pattern)).join(', '),
    description: [builder, shapes].filter((text) => text !== '').join('  '),
    tooltip: line.paths.map((path) => `\`${path}\``).join(', '),
    kind: 'layer',
    location: {
      uri: open.uri,
      range: toRange(first?.range ?? { line: line.line, endLine: line.line, column: 1, endColumn: 1 }),
    },
    layerPath: line.paths[0] ?? null,
    capture: { uri: open.uri, className: line.owner?.name ?? line.ref.className, line: line.line - 1 },
    stale: line.annotation?.stale ?? false,
    expanded: false,
    children: [],
  };
}

/** The model that ran, as `named_modules()` nests it. */
function modelRow(state: ServerState, open: OpenFile, stored: StoredCapture): TreeRow {
  const { capture } = stored;
  const byPath = new Map(capture.modules.flatMap((module) => module.paths.map((path) => [path, module] as const)));
  const children = new Map<string, string[]>();
  for (const path of byPath.keys()) {
    if (path !== '') {
      const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
      children.set(parent, [...(children.get(parent) ?? []), path]);
    }
  }
  const calls = new Map<string, Call[]>();
  for (const call of capture.calls) {
    calls.set(call.path, [...(calls.get(call.path) ?? []), call]);
  }
  const uncalled = new Map(capture.uncalled.map((one) => [one.path, one.reason]));
  const stale = isStale(state, stored);
  const reconciled = state.reconciled(open, stored);
  const fit = reconciled === null ? '' : reconciliationText(counts(reconciled));
  /** True where the layer ran, or one inside it: a `ModuleList` is not called, its items are. */
  const ran = (path: string): boolean =>
    (byPath.get(path)?.paths ?? [path]).some((one) => calls.has(one)) || (children.get(path) ?? []).some(ran);
  const row = (path: string): TreeRow => {
    const module = byPath.get(path);
    // A module with several paths keeps its calls under the first.
    const own = (module?.paths ?? [path]).flatMap((one) => calls.get(one) ?? []);
    const reason = (module?.paths ?? [path]).flatMap((one) => uncalled.get(one) ?? [])[0];
    const inner = (children.get(path) ?? []).map(row);
    const label =
      path === '' ? (module?.className ?? capture.className ?? 'model') : path.slice(path.lastIndexOf('.') + 1);
    return {
      id: `runtime ${stored.capture.file} ${stored.capture.className} ${path}`,
      label,
      description: description(path, module, own, reason !== undefined && !ran(path)),
      tooltip: [tooltip(path, module, own, reason, stored), ...(path === '' && fit !== '' ? [fit] : [])].join('\n\n'),
      kind: path === '' ? 'model' : inner.length > 0 ? 'container' : 'layer',
      location: location(stored, module, state),
      layerPath: path === '' ? null : path,
      capture: null,
      stale,
      expanded: path === '',
      children: inner,
    };
  };
  return row('');
}

function description(path: string, module: RuntimeModule | undefined, calls: readonly Call[], idle: boolean): string {
  const kind = path === '' ? 'captured' : (module?.className ?? '');
  const outputs = tally(
    calls.map(({ output }) => (output === null ? 'failed' : shorten(valueText(output), MAX_SHAPES))),
  );
  const parameters = module === undefined || module.parameters === 0 ? '' : countText(module.parameters);
  return [kind, idle ? 'not called' : listed(outputs, ' | ', MAX_SHAPES), parameters]
    .filter((text) => text !== '')
    .join('  ');
}

function tooltip(
  path: string,
  module: RuntimeModule | undefined,
  calls: readonly Call[],
  uncalled: string | undefined,
  stored: StoredCapture,
): string {
  const head = `**\`${path === '' ? 'model' : path}\`** \`${module === undefined ? '' : layerText(module)}\``;
  const shapes = calls
    .slice(0, 4)
    .map((call) => `\`${valueText(call.input)} -> ${call.output === null ? 'failed' : valueText(call.output)}\``);
  const more = calls.length > 4 ? [`and ${calls.length - 4} more calls`] : [];
  const why = uncalled === undefined ? [] : [`Not called: ${uncalled}`];
  return [head, ...shapes, ...more, ...why, ...captureSections(stored.capture)].join('\n\n');
}

function location(stored: StoredCapture, module: RuntimeModule | undefined, state: ServerState): TreeRow['location'] {
  const definition = module?.definition;
  if (definition === null || definition === undefined) {
    return null;
  }
  const uri = fileUri(definition.file);
  const now = state.documents.get(uri);
  const captured = stored.sources.get(definition.file);
  const line =
    now === null || captured === undefined ? definition.line : sourceDrift(captured, now.text).now(definition.line);
  if (line === null) {
    return null;
  }
  return { uri, range: toRange({ line, endLine: line, column: definition.column, endColumn: definition.column }) };
}
