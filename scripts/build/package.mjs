/** The VSIX: what the editor installs. `.vscodeignore` names what goes in; everything else stays out. */

import fs from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { inCache, inRoot, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';
import { sizeOf } from './sizes.mjs';

/** What `.vscodeignore` chooses from. The packager looks at every file, and `.cache` has tens of thousands. */
const SOURCES = [
  '.vscodeignore',
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist',
  'python-helper',
  'syntaxes',
  'media',
];

export async function packageVsix() {
  const stage = inCache('package');
  fs.rmSync(stage, { recursive: true, force: true });
  for (const name of SOURCES) {
    if (fs.existsSync(inRoot(name))) fs.cpSync(inRoot(name), path.join(stage, name), { recursive: true });
  }
  say('package: layer-peek.vsix');
  await createVSIX({
    cwd: stage,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    // The README's pictures lie beside it; there is no address that their links could be turned into.
    rewriteRelativeLinks: false,
  });
  say(`packaged: layer-peek.vsix ${sizeOf(vsix)}`);
}
