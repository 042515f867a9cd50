/** Restricted Mode: what the source tells is shown, nothing is run, and a click says why. */

import { expect, test } from 'vitest';
import { inCache } from '../../scripts/setup/paths.mjs';
import { examplesHost } from './window';

const open = examplesHost({ restricted: true });

test('lenses and the Layers view work, a capture is refused with the reason', () =>
  open('simple_model.py', async (window) => {
    await window.lens('conv1').waitFor();
    await window.clickLens('Capture all outputs');
    expect(await window.notification('Layer Peek')).toContain('Restricted Mode');
    await window.openLayers();
    await window.layerRow('conv1', 'Conv2d');
    await window.screenshot(inCache('screenshots', 'restricted mode.png'));
    expect((await window.lines()).join('\n')).not.toContain('[1, 16, 6, 6]');
  }));
