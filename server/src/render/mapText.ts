/** The static mapping for a terminal. Pure. */

import path from 'node:path';
import type { MapDocument } from '../model/mapDocument';

/** Lines such as `  12  conv1   nn.Conv2d`; `?` marks definitions the source does not tell for certain. */
export function mapText(document: MapDocument, folder: string): string {
  const lines = document.files.flatMap((file) => [
    path.relative(folder, file.file) || file.file,
    ...file.classes.flatMap((owner) => [
      `  class ${owner.name}  (${owner.line === null ? path.relative(folder, owner.file ?? '') : `line ${owner.line}`})`,
      ...owner.definitions.map((one) => {
        const doubt = one.certain ? ' ' : '?';
        return `    ${String(one.line).padStart(5)} ${doubt} ${one.pattern.padEnd(28)} ${one.constructor ?? ''}`.trimEnd();
      }),
    ]),
  ]);
  return `${lines.join('\n')}\n`;
}
