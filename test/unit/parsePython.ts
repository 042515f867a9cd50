/** Python text to the mapper's records, for tests. */

import type { ModuleClass, ParsedFile } from '../../server/src/model/moduleClass';
import { openParser } from '../../server/src/syntax/openParser';
import { parseModule } from './textMapper';
import { wasmFiles } from './wasmFiles';

const parser = await openParser({ wasm: wasmFiles });

export function parsePython(text: string): ParsedFile {
  return parseModule(parser, text);
}

/** A module class with a body, ready to be parsed; `init` is indented already. */
export function moduleWith(init: string, forward = 'return x', name = 'Net'): string {
  const lines = (text: string): string =>
    text
      .split('\n')
      .map((line) => `        ${line}`)
      .join('\n');
  return `import torch\nimport torch.nn as nn\n\n\nclass ${name}(nn.Module):\n    def __init__(self, n, flag):\n        super().__init__()\n${lines(init)}\n\n    def forward(self, x):\n${lines(forward)}\n`;
}

export function classNamed(parsed: ParsedFile, name: string): ModuleClass {
  const found = parsed.classes.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`no class ${name} among ${parsed.classes.map((one) => one.name).join(', ')}`);
  }
  return found;
}
