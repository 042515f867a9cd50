/**
 * What is known of the workspace's files, kept for the next start. An entry counts only where the file and all files that it hangs on are
 * as they were, and their imports lead to where they led.
 */

import fs from 'node:fs';
import { z } from 'zod';
import type { ParsedFile } from './model/moduleClass';
import type { Answers, ImportAnswers } from './source/importAnswers';
import { parsedFileSchema } from './source/parsedFileSchema';
import { contentHash, SummaryCache, type Warn } from './workspace/summaryCache';

/** Goes up whenever the same files may give another result. */
const FORMAT = '2';

const resultSchema = z.object({
  parsed: parsedFileSchema,
  /** Files that it hangs on, without itself, and the hash of their texts. */
  dependencies: z.array(z.string()),
  texts: z.string(),
  /** Keys of what the imports of the file and of those that it hangs on led to. */
  imports: z.array(z.string()),
  world: z.string(),
});

/** Stands for itself, as many results hang on the imports of the same file. */
const importsSchema = z.object({ file: z.string(), answers: z.record(z.string(), z.string().nullable()) });

const entrySchema = z.union([resultSchema, importsSchema]);
type Entry = z.infer<typeof entrySchema>;

/** What the cache gives of a file. */
export interface Kept {
  readonly parsed: ParsedFile;
  readonly dependencies: readonly string[];
}

export type TextOf = (file: string) => string | null;

export class IndexCache {
  private readonly hashes = new Map<string, string>();
  private readonly importKeys = new WeakMap<Answers, string>();
  private world = '';

  private constructor(
    private readonly entries: SummaryCache<Entry>,
    private readonly imports: ImportAnswers,
  ) {}

  /** Whatever is wrong with what is in the folder, a cache is given. */
  static async open(folder: string, imports: ImportAnswers, warn: Warn): Promise<IndexCache> {
    return new IndexCache(await SummaryCache.open(folder, FORMAT, entrySchema, warn), imports);
  }

  /** Says where else than in the workspace imports are looked up. What is installed or removed there changes the folder's own time. */
  setWorld(searchPaths: readonly string[]): void {
    this.world = contentHash(searchPaths.map((one) => `${one}\t${changedAt(one)}`).join('\n'));
    this.textsChanged();
  }

  /** Null where nothing is kept of the file, or something has changed since. */
  get(file: string, text: string, textOf: TextOf): Kept | null {
    const entry = this.entries.get(keyOf(file, text));
    return entry !== null &&
      'parsed' in entry &&
      entry.world === this.world &&
      entry.texts === this.hashOf(entry.dependencies, textOf) &&
      entry.imports.every((one) => this.importsHold(one))
      ? entry
      : null;
  }

  set(file: string, text: string, { parsed, dependencies }: Kept, textOf: TextOf): void {
    const others = dependencies.filter((one) => one !== file).sort();
    const texts = this.hashOf(others, textOf);
    const imports = [file, ...others].map((one) => this.keepImports(one, this.imports.of(one)));
    this.entries.set(keyOf(file, text), { parsed, dependencies: others, texts, imports, world: this.world });
  }

  /** Says that some text may be another one by now. */
  textsChanged(): void {
    this.hashes.clear();
  }

  /** Never rejects. */
  save(): Promise<void> {
    return this.entries.save();
  }

  private importsHold(key: string): boolean {
    let holds = this.imports.held.get(key);
    if (holds === undefined) {
      const entry = this.entries.get(key);
      holds = entry !== null && 'answers' in entry && this.imports.hold(entry.file, entry.answers);
      this.imports.held.set(key, holds);
    }
    return holds;
  }

  /** Gives the key under which the imports of a file are kept. */
  private keepImports(file: string, answers: Answers): string {
    const key = this.importKeys.get(answers) ?? contentHash(`imports of ${JSON.stringify([file, answers])}`);
    this.importKeys.set(answers, key);
    if (this.imports.held.get(key) !== true) {
      this.entries.set(key, { file, answers });
      this.imports.held.set(key, true);
    }
    return key;
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
