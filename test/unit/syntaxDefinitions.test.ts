import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { ModuleClass, ParsedFile } from '../../server/src/model/moduleClass';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { openWasmParser } from '../../server/src/syntax/wasmParser';
import { parseModule } from './textMapper';
import { wasmFiles } from './wasmFiles';

const folder = path.join(import.meta.dirname, '..', 'fixtures', 'python');
const bindings = [
  ['native', await openNativeParser()],
  ['wasm', await openWasmParser(wasmFiles)],
] as const;

/** Lines such as `12 Plain:conv` and `13 Plain:norm?` (not certain), as the mapper gives them. */
function mapped(parsed: ParsedFile): string[] {
  return parsed.classes.flatMap((owner) =>
    owner.definitions.map((one) => `${one.range.line} ${owner.name}:${one.pattern}${one.certain ? '' : '?'}`),
  );
}

/** The same lines from the `# -> a, b?` comments of a fixture. A name in front (`VGG:features.*`) is the class, else the class around the line is it. */
function expected(text: string, classes: readonly ModuleClass[]): string[] {
  return text.split('\n').flatMap((line, index) => {
    const comment = /# -> (.*)$/.exec(line)?.[1];
    const around = classes.filter((one) => one.range.line <= index + 1 && index + 1 <= one.range.endLine).at(-1)?.name;
    return (comment?.split(/,\s*/) ?? []).map((one) => `${index + 1} ${one.includes(':') ? one : `${around}:${one}`}`);
  });
}

describe.each(bindings)('%s', (_binding, parser) => {
  it.each(fs.readdirSync(folder).filter((name) => name.endsWith('.py')))(
    '%s: every definition, and no other',
    (name) => {
      const text = fs.readFileSync(path.join(folder, name), 'utf8');
      const parsed = parseModule(parser, text);
      expect([...new Set(mapped(parsed))].sort()).toEqual([...new Set(expected(text, parsed.classes))].sort());
    },
  );
});

test('code that has nothing to do with PyTorch has no module classes', () => {
  const text = fs.readFileSync(path.join(folder, 'other_code.py'), 'utf8');
  expect(parseModule(bindings[1][1], text).classes).toEqual([]);
});
