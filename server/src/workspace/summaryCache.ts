/** Results of reading files, kept on disk by the files' content, so that a second start reads no source it has seen. */

import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

/** An entry as it stands on disk, `hash TAB json`: parsed only when it is asked for. */
type Line = Buffer | string;

const FILE = 'summaries.txt';
const HEADER = 'layer-peek summaries';
const NEWLINE = 0x0a;
const TAB = 0x09;

/** A key for the text of a file. */
export function contentHash(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

/** Tells the user's log, once, that nothing can be kept. */
export type Warn = (message: string) => void;

export class SummaryCache<T> {
  private readonly used = new Set<string>();
  private isChanged = false;
  private isBroken = false;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string | null,
    private readonly header: string,
    private readonly schema: z.ZodType<T>,
    private readonly warn: Warn,
    private readonly lines: Map<string, Line>,
  ) {}

  /** Reads what is in the folder, null for memory only. Entries of another format are left out; whatever is wrong with the file, a cache is given. */
  static async open<T>(
    folder: string | null,
    format: string,
    schema: z.ZodType<T>,
    warn: Warn = () => {},
  ): Promise<SummaryCache<T>> {
    const header = `${HEADER} ${JSON.stringify(format)}`;
    const lines = folder === null ? new Map<string, Line>() : readLines(await readFile(folder), header);
    return new SummaryCache(folder, header, schema, warn, lines);
  }

  get(hash: string): T | null {
    const line = this.lines.get(hash);
    if (line === undefined) {
      return null;
    }
    const parsed = this.schema.safeParse(parseJson(line.toString().slice(hash.length + 1)));
    if (!parsed.success) {
      this.lines.delete(hash);
      this.isChanged = true;
      return null;
    }
    this.used.add(hash);
    return parsed.data;
  }

  set(hash: string, value: T): void {
    this.lines.set(hash, `${hash}\t${JSON.stringify(value)}`);
    this.used.add(hash);
    this.isChanged = true;
  }

  /** Writes what is new, and drops what was neither read nor set since the cache was opened. */
  save(): Promise<void> {
    this.saving = this.saving.then(() => this.write());
    return this.saving;
  }

  private async write(): Promise<void> {
    for (const hash of this.lines.keys()) {
      if (!this.used.has(hash)) {
        this.lines.delete(hash);
        this.isChanged = true;
      }
    }
    if (this.folder === null || this.isBroken || !this.isChanged) {
      return;
    }
    this.isChanged = false;
    const newline = Buffer.of(NEWLINE);
    const parts = [this.header, ...this.lines.values()].flatMap((line) => [Buffer.from(line), newline]);
    try {
      await replaceFile(this.folder, Buffer.concat(parts));
    } catch (error) {
      this.isBroken = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.warn(
        `What was read of the workspace can't be kept in ${this.folder} (${reason}), so each start reads it anew. Make the folder writable to have faster starts.`,
      );
    }
  }
}

async function readFile(folder: string): Promise<Buffer> {
  try {
    return await fs.readFile(path.join(folder, FILE));
  } catch {
    return Buffer.alloc(0);
  }
}

/** A file that was cut off loses its last entry, because only whole lines count. */
function readLines(file: Buffer, header: string): Map<string, Line> {
  const lines = new Map<string, Line>();
  let start = file.indexOf(NEWLINE) + 1;
  if (start === 0 || file.toString('utf8', 0, start - 1) !== header) {
    return lines;
  }
  for (let end = file.indexOf(NEWLINE, start); end >= 0; end = file.indexOf(NEWLINE, start)) {
    const tab = file.indexOf(TAB, start);
    if (tab > start && tab < end) {
      lines.set(file.toString('latin1', start, tab), file.subarray(start, end));
    }
    start = end + 1;
  }
  return lines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Through a temporary file: another process sees the old file or the new one, never a part. */
async function replaceFile(folder: string, content: Buffer): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `${FILE}.${randomUUID()}.tmp`);
  try {
    await fs.writeFile(temporary, content);
    await fs.rename(temporary, path.join(folder, FILE));
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
