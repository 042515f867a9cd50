import { expect, it } from 'vitest';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { openParser } from '../../server/src/syntax/openParser';
import type { PythonParser, SyntaxNode } from '../../server/src/syntax/parser';
import { openWasmParser } from '../../server/src/syntax/wasmParser';
import { wasmFiles } from './wasmFiles';

const bindings: [string, () => Promise<PythonParser>][] = [
  ['native', openNativeParser],
  ['wasm', () => openWasmParser(wasmFiles)],
];

function find(node: SyntaxNode, type: string): SyntaxNode[] {
  const below = node.children.flatMap((child) => find(child, type));
  return node.type === type ? [node, ...below] : below;
}

function outline(node: SyntaxNode): string {
  return `(${node.type} ${node.startIndex}-${node.endIndex}${node.namedChildren.map(outline).join('')})`;
}

it.each(bindings)('%s: offsets count UTF-16 code units, also behind astral characters', async (_name, open) => {
  const parser = await open();
  const text = 'x = "ä𝔘🎉"; y = f("é")\n# 🎉\nself.conv = g()  # 🎉\n';
  using tree = parser.parse(text);
  const calls = find(tree.root, 'call').map((node) => text.slice(node.startIndex, node.endIndex));
  expect(calls).toEqual(['f("é")', 'g()']);
});

it.each(bindings)(
  '%s: parses texts far over 32 KB, also with astral characters at every offset',
  async (_name, open) => {
    const parser = await open();
    for (const lead of ['', 'a', 'ab']) {
      const lines = Array.from({ length: 9000 }, (_, index) => `${lead}v${index} = f${index}("🎉🎉🎉🎉")`);
      const text = `${lines.join('\n')}\n`;
      expect(text.length).toBeGreaterThan(5 * 32 * 1024);
      using tree = parser.parse(text);
      expect(tree.root.hasError).toBe(false);
      expect(tree.root.namedChildren.length).toBe(9000);
      const last = find(tree.root.namedChildren[8999] ?? tree.root, 'call')[0];
      expect(text.slice(last?.startIndex, last?.endIndex)).toBe('f8999("🎉🎉🎉🎉")');
    }
  },
);

it.each(bindings)('%s: an edited text parses to the same tree as from scratch', async (_name, open) => {
  const parser = await open();
  let text = 'class A:\n    def f(self):\n        self.é = g("🎉")\n';
  let tree = parser.parse(text);
  const edits: [string, string][] = [
    ['g("🎉")', 'g("🎊", 1)'],
    ['class A:\n', 'import x\n\nclass B(A):\n'],
    ['(self)', '(self, a'],
    ['(self, a', '(self, a)'],
  ];
  for (const [from, to] of edits) {
    text = text.replace(from, to);
    tree = parser.parse(text, tree);
    using fresh = parser.parse(text);
    expect(outline(tree.root)).toBe(outline(fresh.root));
  }
  tree.delete();
  tree.delete();
});

it('falls back to the other binding', async () => {
  expect((await openParser({ wasm: wasmFiles, prefer: 'wasm' })).binding).toBe('wasm');
  expect((await openParser({ wasm: { runtime: '/nowhere', language: '/nowhere' }, prefer: 'wasm' })).binding).toBe(
    'native',
  );
});

it('both bindings give the same tree', async () => {
  const text =
    '# é\nclass A(nn.Module):\n    def f(self, *a, k=1):\n        return f"{a!r:>{k}}" if k else [*a, (b := 2)]\n';
  const [native, wasm] = [await openNativeParser(), await openWasmParser(wasmFiles)];
  using first = native.parse(text);
  using second = wasm.parse(text);
  expect(outline(first.root)).toBe(outline(second.root));
});
