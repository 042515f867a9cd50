/** What the static mapper says, through the command line as a user calls it. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';

const mapSchema = z.object({
  files: z.array(
    z.object({
      file: z.string(),
      classes: z.array(
        z.object({
          name: z.string(),
          /** Where the class is written, if that is another file than the one its definitions stand in. */
          file: z.string().optional(),
          definitions: z.array(
            z.object({ pattern: z.string(), line: z.number(), endLine: z.number(), certain: z.boolean() }),
          ),
        }),
      ),
    }),
  ),
});

/** A layer definition, with the file it stands in and the class it belongs to; files relative to the root. */
export interface Mapped {
  readonly file: string;
  readonly className: string;
  readonly classFile: string;
  readonly pattern: string;
  readonly line: number;
  readonly endLine: number;
  readonly certain: boolean;
}

const MOST_BYTES = 1 << 30;

/** Maps the files in one call, so that the mapper sees them together. */
export function mapFiles(
  cli: string,
  root: string,
  files: readonly string[],
  searchPaths: readonly string[],
): Mapped[] {
  const search = takesSearchPaths(cli) ? searchPaths.flatMap((folder) => ['--search-path', folder]) : [];
  const text = execFileSync(process.execPath, [cli, 'map', ...files, '--json', ...search], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const relative = (file: string): string => path.relative(root, path.resolve(root, file));
  return mapSchema.parse(JSON.parse(text)).files.flatMap(({ file, classes }) =>
    classes.flatMap((one) =>
      one.definitions.map(({ pattern, line, endLine, certain }) => ({
        file: relative(file),
        className: one.name,
        classFile: relative(one.file ?? file),
        pattern,
        line,
        endLine,
        certain,
      })),
    ),
  );
}

function takesSearchPaths(cli: string): boolean {
  return execFileSync(process.execPath, [cli, 'help'], { encoding: 'utf8' }).includes('--search-path');
}
