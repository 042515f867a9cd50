/** The README's pictures: what each shows and what must be seen before it is taken. */

/**
 * @typedef {object} Picture
 * @property {string} name of the PNG file in docs/images
 * @property {string} file example
 * @property {boolean} [uncaptured] the lenses before a run are the picture
 * @property {string} row text of the class's lenses, where several classes have them
 * @property {string} top part of the line that the picture begins with
 * @property {number} height of the window
 * @property {[string, string][]} seen parts of lines, and what stands on them
 * @property {(window: import('../../test/host/editorWindow.mjs').EditorWindow) => Promise<unknown>} [finish] done last
 */

/** @type {Picture[]} */
export const pictures = [
  {
    name: 'simple_model',
    file: 'simple_model.py',
    row: 'SimpleModel(',
    top: '"""The model',
    height: 560,
    seen: [
      ['self.conv1 =', '[1, 16, 6, 6]'],
      ['self.fc1(x)', '[1, 10]'],
    ],
  },
  {
    name: 'resnet',
    file: 'resnet.py',
    row: 'ResNet(',
    top: 'class BasicBlock',
    height: 900,
    seen: [['self.conv2(out)', '[1, 64, 56, 56]']],
  },
  {
    name: 'segmenter',
    file: 'segmenter/encoder.py',
    uncaptured: true,
    row: 'in Classifier(',
    top: 'from .layers',
    height: 760,
    seen: [],
    finish: (window) => window.page.getByText('backbone.stem in UNet').first().waitFor(),
  },
  {
    name: 'go_to_layer',
    file: 'segmenter/unet.py',
    uncaptured: true,
    row: 'UNet(',
    top: '# peek:',
    height: 760,
    seen: [],
    finish: async (window) => {
      const { page } = window;
      await window.command('Layer Peek: Go to Layer...');
      await page.locator('.quick-input-widget:visible input.input').fill('stages se');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: '.se.reduce' }).first().waitFor();
    },
  },
  {
    name: 'tiny_gpt',
    file: 'tiny_gpt.py',
    row: 'TinyGPT(',
    top: 'class Block',
    height: 900,
    seen: [['self.ln_1 =', 'x4']],
  },
  {
    name: 'shape_mismatch',
    file: 'shape_mismatch.py',
    row: 'Classifier(',
    top: '# peek:',
    height: 740,
    seen: [['self.features(x)', '[1, 8, 16, 16]']],
    finish: async (window) => {
      await window.page.locator('.squiggly-error').first().waitFor();
      await window.hover({ fragment: 'self.hidden(x)', word: 'hidden', expected: 'mat1 and mat2' });
    },
  },
  {
    name: 'layers_view',
    file: 'resnet.py',
    row: 'ResNet(',
    top: 'class ResNet(',
    height: 760,
    seen: [['self.fc = ', '[1, 1000]']],
    finish: async (window) => {
      await window.openLayers();
      await window.layerRow('layer1', '[1, 64, 56, 56]');
    },
  },
  {
    name: 'hover',
    file: 'resnet.py',
    row: 'ResNet(',
    top: 'class BasicBlock',
    height: 760,
    seen: [['self.conv2(out)', '[1, 64, 56, 56]']],
    finish: (window) => window.hover({ fragment: 'self.conv2 =', word: 'conv2', expected: 'float32' }),
  },
];
