/** The VSIX: what the editor installs. `.vscodeignore` lists what goes in; everything else stays out. */

import { createVSIX } from '@vscode/vsce';
import { root, vsix } from '../setup/paths.mjs';
import { say } from '../setup/step.mjs';
import { sizeOf } from './sizes.mjs';

export async function packageVsix() {
  say('package: layer-peek.vsix');
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    // The README's pictures lie beside it; there is no address that their links could be turned into.
    rewriteRelativeLinks: false,
    // .vscodeignore names every file that goes in; a search for secrets in bundled libraries takes most of the time and finds none.
    allowPackageAllSecrets: true,
  });
  say(`packaged: layer-peek.vsix ${sizeOf(vsix)}`);
}
