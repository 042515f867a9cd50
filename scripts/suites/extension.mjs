/** The extension's tests inside a real VS Code, on a copy of the examples. */

import { extensionTests } from '../build/extensionTests.mjs';
import { examples, root } from '../setup/paths.mjs';
import { python } from '../setup/python.mjs';
import { countsOf, parseMocha } from './counts.mjs';
import { reportFile } from './report.mjs';

export async function runExtension() {
  const file = reportFile('extension.json');
  const interpreter = await python();
  const { runExtensionTests } = await import('../../test/host/testElectron.mjs');
  let runnerFailed = false;
  try {
    await runExtensionTests({
      extension: root,
      tests: await extensionTests(),
      workspace: examples,
      settings: { 'layerPeek.python.path': interpreter },
      env: { LAYER_PEEK_PYTHON: interpreter, LAYER_PEEK_REPORT: file },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    runnerFailed = true;
  }
  return countsOf({ file, parse: parseMocha, runnerFailed });
}
