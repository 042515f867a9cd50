/** A capture for a terminal: the source lines with their shapes. Pure. */

import path from 'node:path';
import { annotate, annotateUnregistered, type LineAnnotation } from '../mapping/annotate';
import { counts, type Reconciled } from '../mapping/reconcile';
import { sourceDrift } from '../mapping/sourceDrift';
import type { Capture } from '../protocol/helperMessages.generated';
import { errorText, provenanceText, recipeOrigin } from './errorText';
import { parameterGradient } from './gradientText';
import { namedLineText } from './lineText';
import { reconciliationText } from './reconciliationText';

/** Source columns kept before the shapes; longer lines push them out. */
const SOURCE_COLUMNS = 72;

/**
 * Lines of text: the recipe, each file's annotated lines, the notes.
 * @param sources texts by absolute path, as they ran; files without text are left out
 * @param folder paths are printed relative to it
 * @param reconciled of the file that was captured
 */
export function captureText(
  capture: Capture,
  sources: ReadonlyMap<string, string>,
  folder: string,
  reconciled: Reconciled,
): string[] {
  const recipe = capture.recipe.expression;
  const head = recipe === null ? [] : [`# ${recipe}`, `# ${recipeOrigin(capture.recipe)} · ${provenanceText(capture)}`];
  const files = [...sources].flatMap(([file, text]) =>
    fileText(capture, file, text, folder, file === capture.file ? reconciled : null),
  );
  const fit = reconciliationText(counts(reconciled));
  const findings = (capture.findings ?? []).map((one) => one.message);
  const gradients = (capture.gradients?.parameters ?? []).map(
    (one) =>
      `# ${one.path === '' ? '' : `${one.path}.`}${one.name ?? ''}: ${parameterGradient(capture.gradients, one.path, one.name ?? '')}`,
  );
  const notes = [...findings, ...capture.notes, ...(fit === '' ? [] : [fit])].map((note) => `# ${note}`);
  return [...head, ...files, ...gradients, ...notes];
}

function fileText(
  capture: Capture,
  file: string,
  text: string,
  folder: string,
  reconciled: Reconciled | null,
): string[] {
  const ran = annotate(capture, file, sourceDrift(text, text));
  const defined = new Set(ran.flatMap((one) => (one.role === 'definition' ? [one.line] : [])));
  const inVain = (reconciled?.unregistered ?? []).filter(
    ({ definition, kind }) => kind !== 'otherModel' && !defined.has(definition.range.line),
  );
  const annotations = [...ran, ...annotateUnregistered(inVain)];
  if (annotations.length === 0) {
    return [];
  }
  const failing = capture.error?.site?.file === file ? capture.error : null;
  const byLine = new Map<number, LineAnnotation[]>();
  for (const one of annotations) {
    byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
  }
  const source = text.split(/\r\n|\r|\n/);
  const shown = new Set([...byLine.keys(), ...(failing?.site ? [failing.site.line] : [])]);
  const width = String(source.length).length;
  const lines = source.flatMap((content, index) => {
    const line = index + 1;
    const isHeader = /^\s*(class|def)\s/.test(content);
    if (!shown.has(line) && !isHeader) {
      return [];
    }
    const shapes = (byLine.get(line) ?? [])
      .map((one) => [namedLineText(one), reasonText(one)].filter((part) => part !== '').join(': '))
      .filter((one) => one !== '')
      .join('  ');
    const numbered = `${String(line).padStart(width)} | ${content}`;
    const row = {
      header: isHeader && !shown.has(line),
      indent: content.search(/\S/),
      text: shapes === '' ? numbered : `${numbered.padEnd(SOURCE_COLUMNS)}  ${shapes}`,
    };
    const mark =
      failing?.site?.line === line
        ? [{ header: false, indent: row.indent, text: `${' '.repeat(width)} ^ ${errorText(failing)}` }]
        : [];
    return [row, ...mark];
  });
  return ['', path.relative(folder, file) || file, ...withoutEmptyHeaders(lines)];
}

/** Why a line has nothing to show. */
function reasonText({ idle, uncalled: [first], unregistered: [missing] }: LineAnnotation): string {
  return missing?.reason ?? (idle ? first?.reason : undefined) ?? '';
}

/** A `class` or `def` line is shown only where an annotated line stands under it. */
function withoutEmptyHeaders(rows: readonly { header: boolean; indent: number; text: string }[]): string[] {
  return rows.flatMap((row, index) => {
    if (!row.header) {
      return [row.text];
    }
    const under = rows.slice(index + 1);
    const end = under.findIndex((other) => other.indent <= row.indent);
    const inside = end === -1 ? under : under.slice(0, end);
    return inside.some((other) => !other.header) ? [row.text] : [];
  });
}
