/**
 * What is known of the workspace's files, kept for the next start. An entry counts only where the file, all files that it hangs on,
 * and what imports can lead to are as they were.
 */

import fs from 'node:fs';
import { z } from 'zod';
import type { ParsedFile } from './model/moduleClass';
import { parsedFileSchema } from './source/parsedFileSchema';
import { contentHash, SummaryCache, type Warn } from './workspace/summaryCache';

/** Goes up whenever the same files may give another result. */
const FORMAT = '1';

const entrySchema = z.object({
  parsed: parsedFileSchema,
  /** Files that it hangs on, without itself, and the hash of their texts. */
  dependencies: z.array(z.string()),
  texts: z.string(),
  world: z.string(),
});
type Entry = z.infer<typeof entrySchema>;

/** What the cache gives of a file. */
export interface Kept {
  readonly parsed: ParsedFile;
  readonly dependencies: readonly string[];
}

export type TextOf = (file: string) => string | null;

export class IndexCache {
  private readonly hashes = new Map<string, string>();
  private world = '';

  private constructor(private readonly entries: SummaryCache<Entry>) {}

  /** Whatever is wrong with what is in the folder, a cache is given. */
  static async open(folder: string, warn: Warn): Promise<IndexCache> {
    return new IndexCache(await SummaryCache.open(folder, FORMAT, entrySchema, warn));
  }

  /**
   * Says what imports can lead to: the workspace's Python files, and where else they are looked up. What is installed or removed there
   * changes the folder's own time.
   */
  setWorld(files: Iterable<string>, searchPaths: readonly string[]): void {
    const places = searchPaths.map((one) => `${one}\t${changedAt(one)}`);
    this.world = contentHash([...places, '', ...[...files].sort()].join('\n'));
    this.textsChanged();
  }

  /** Null where nothing is kept of the file, or something has changed since. */
  get(file: string, text: string, textOf: TextOf): Kept | null {
    const entry = this.entries.get(keyOf(file, text));
    return entry !== null && entry.world === this.world && entry.texts === this.hashOf(entry.dependencies, textOf)
      ? entry
      : null;
  }

  set(file: string, text: string, { parsed, dependencies }: Kept, textOf: TextOf): void {
    const others = dependencies.filter((one) => one !== file).sort();
    const texts = this.hashOf(others, textOf);
    this.entries.set(keyOf(file, text), { parsed, dependencies: others, texts, world: this.world });
  }

  /** Says that some text may be another one by now. */
  textsChanged(): void {
    this.hashes.clear();
  }

  /** Never rejects. */
  save(): Promise<void> {
    return this.entries.save();
  }

  private hashOf(files: readonly string[], textOf: TextOf): string {
    return contentHash(files.map((file) => `${file}\t${this.textHash(file, textOf)}`).join('\n'));
  }

  private textHash(file: string, textOf: TextOf): string {
    let hash = this.hashes.get(file);
    if (hash === undefined) {
      const text = textOf(file);
      hash = text === null ? '' : contentHash(text);
      this.hashes.set(file, hash);
    }
    return hash;
  }
}

function keyOf(file: string, text: string): string {
  return contentHash(`${file}\n${text}`);
}

function changedAt(folder: string): number {
  try {
    return fs.statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}
