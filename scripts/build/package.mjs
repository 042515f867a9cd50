/** The VSIX: what the editor installs. `.vscodeignore` lists what goes in; everything else stays out. */

import { createVSIX } from '@vscode/vsce';
import { root, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';
import { sizeOf } from './sizes.mjs';

export async function packageVsix() {
  say('package: layer-peek.vsix');
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, allowMissingRepository: true });
  say(`packaged: layer-peek.vsix ${sizeOf(vsix)}`);
}
