/** The hover over a string that names layers, in Markdown. Pure. */

import path from 'node:path';
import type { Call, Capture, RuntimeModule } from '../protocol/helperMessages.generated';
import { captureSections } from './captureSections';
import { layerText } from './errorText';
import { compressPaths } from './layerPattern';
import { collapse, valueText } from './value';

/** Places and paths told before the rest is counted. */
const LISTED = 6;

export interface NamedLayer {
  readonly path: string;
  /** Root class of its model. */
  readonly className: string;
  readonly constructorName: string | null;
  readonly certain: boolean;
  readonly file: string;
  readonly uri: string;
  /** 1-based. */
  readonly line: number;
}

export interface PathHoverFacts {
  readonly text: string;
  /** False where the string names all layers that it fits. */
  readonly one: boolean;
  /** Not empty. */
  readonly layers: readonly NamedLayer[];
  readonly captured: {
    readonly capture: Capture;
    readonly module: RuntimeModule;
    readonly calls: readonly Call[];
    readonly uncalled: string | null;
    readonly stale: boolean;
  } | null;
}

export function pathHoverText({ text, one, layers, captured }: PathHoverFacts): string {
  const sections = [title(text, one, layers, captured?.module ?? null), places(layers)];
  if (layers.every((layer) => !layer.certain)) {
    sections.push('*The source does not tell for certain that this layer exists.*');
  }
  if (captured !== null) {
    const { calls, uncalled, stale, capture } = captured;
    if (stale) {
      sections.push('*Stale: the source has changed since this capture.*');
    }
    const shapes = collapse(
      calls.map((call) => `${valueText(call.input)} -> ${call.output === null ? 'failed' : valueText(call.output)}`),
    );
    if (shapes.length > 0) {
      sections.push(['```text', ...withRest(shapes), '```'].join('\n'));
    }
    if (uncalled !== null) {
      sections.push(`Not called: ${uncalled}`);
    }
    sections.push(...captureSections(capture));
  }
  return sections.join('\n\n');
}

function title(text: string, one: boolean, layers: readonly NamedLayer[], module: RuntimeModule | null): string {
  const paths = compressPaths(layers.map((layer) => layer.path));
  const builders = [...new Set(layers.flatMap((layer) => layer.constructorName ?? []))];
  const kind = module === null ? builders.slice(0, 2).map(code).join(', ') : code(layerText(module));
  if (one) {
    return `**${withRest(paths.map(code)).join(', ')}** ${kind}`;
  }
  const count = paths.length === 1 ? 'one layer path' : `${paths.length} layer paths`;
  return `**${code(text)}** fits ${count}: ${withRest(paths.map(code)).join(', ')} ${kind}`;
}

/** Each place once, with the models that have it. */
function places(layers: readonly NamedLayer[]): string {
  const byPlace = new Map<string, Set<string>>();
  for (const { file, uri, line, className } of layers) {
    const place = `[${path.basename(file)}:${line}](${uri}#L${line})`;
    byPlace.set(place, (byPlace.get(place) ?? new Set()).add(className));
  }
  const lines = [...byPlace].map(
    ([place, models]) => `${withRest([...models].map(code)).join(', ')}, defined at ${place}`,
  );
  return withRest(lines).join('  \n');
}

function withRest(texts: readonly string[]): string[] {
  const more = texts.length - LISTED;
  return more > 0 ? [...texts.slice(0, LISTED), `and ${more} more`] : [...texts];
}

function code(text: string): string {
  return `\`${text}\``;
}
