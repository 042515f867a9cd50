/** What a project's `pyproject.toml` says: recipes under `[tool.layer-peek.recipes]`, and whether configurations are made small. */

import fs from 'node:fs';
import path from 'node:path';

export interface ProjectRecipe {
  readonly expression: string;
  /** Path of the settings' file, and the line in it. */
  readonly file: string;
  readonly line: number;
}

const SECTION = /^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*"?layer-peek"?[ \t]*\.[ \t]*recipes[ \t]*\][ \t]*(?:#.*)?$/;
const ENTRY =
  /^[ \t]*(?:"(?<quoted>[^"\\]*)"|'(?<literal>[^']*)'|(?<bare>[\w-]+))[ \t]*=[ \t]*(?:"(?<text>(?:[^"\\]|\\.)*)"|'(?<raw>[^']*)')[ \t]*(?:#.*)?$/;

/** True where a `pyproject.toml` above the file has `small-configurations = true` under `[tool.layer-peek]`. */
export function wantsSmall(file: string, workspaceRoot: string | null): boolean {
  return settingsAbove(file, workspaceRoot).some(({ text }) => {
    const [, section = ''] = text.split(/^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*"?layer-peek"?[ \t]*\][ \t]*(?:#.*)?$/m);
    const [own = ''] = section.split(/^[ \t]*\[/m);
    return /^[ \t]*small-configurations[ \t]*=[ \t]*true\b/m.test(own);
  });
}

/** The nearest `pyproject.toml` above the file, up to the workspace's root, that has a recipe for the class; null where none has. */
export function projectRecipe(file: string, className: string, workspaceRoot: string | null): ProjectRecipe | null {
  for (const { settings, text } of settingsAbove(file, workspaceRoot)) {
    const found = recipeIn(text, path.relative(path.dirname(settings), file), className);
    if (found !== null) {
      return { ...found, file: settings };
    }
  }
  return null;
}

function settingsAbove(file: string, workspaceRoot: string | null): { settings: string; text: string }[] {
  const all: { settings: string; text: string }[] = [];
  let folder = path.dirname(file);
  for (;;) {
    const settings = path.join(folder, 'pyproject.toml');
    const text = read(settings);
    if (text !== null) {
      all.push({ settings, text });
    }
    const parent = path.dirname(folder);
    if (workspaceRoot === null || path.relative(workspaceRoot, folder) === '' || parent === folder) {
      return all;
    }
    folder = parent;
  }
}

/** Keys are `Net`, `package.module.Net` or `path/net.py:Net`; the one that says more goes before. */
export function recipeIn(
  text: string,
  relative: string,
  className: string,
): { readonly expression: string; readonly line: number } | null {
  const slashed = relative.replaceAll('\\', '/');
  const dotted = `${slashed.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.')}.${className}`;
  const fits = [`${slashed}:${className}`, dotted, dotted.replace(/^src\./, ''), className];
  const entries = entriesOf(text).filter((one) => fits.includes(one.key));
  return entries.sort((a, b) => fits.indexOf(a.key) - fits.indexOf(b.key))[0] ?? null;
}

function entriesOf(text: string): { key: string; expression: string; line: number }[] {
  let inside = false;
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    if (/^[ \t]*\[/.test(line)) {
      inside = SECTION.test(line);
    }
    const groups = inside ? ENTRY.exec(line)?.groups : undefined;
    const key = groups?.quoted ?? groups?.literal ?? groups?.bare;
    const expression = groups?.raw ?? (groups?.text === undefined ? undefined : unescaped(groups.text));
    return key === undefined || expression === undefined ? [] : [{ key, expression, line: index + 1 }];
  });
}

/** The escapes of TOML's basic strings that a recipe may need. */
function unescaped(text: string): string {
  const signs: Record<string, string> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };
  return text.replace(/\\(.)/g, (whole, sign: string) => signs[sign] ?? whole);
}

function read(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
