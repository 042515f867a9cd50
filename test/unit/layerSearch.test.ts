/** From what a user types or pastes to the layers meant. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnownLayer, KnownModel } from '../../server/src/model/knownModel';
import { LayerIndex } from '../../server/src/source/layerSearch';

/** A model from `pattern Constructor` rows; line numbers tell the rows apart. */
function model(className: string, rows: readonly string[], file = `/w/${className}.py`): KnownModel {
  const layers = rows.map((row, index): KnownLayer => {
    const [pattern = '', constructorName = null] = row.split(' ');
    const line = index + 1;
    return {
      pattern,
      file,
      range: { line, endLine: line, column: 1, endColumn: 2 },
      constructorName,
      certain: true,
    };
  });
  return { file, className, layers, complete: true };
}

const resnet = model('ResNet', [
  'conv1 nn.Conv2d',
  'bn1 norm_layer',
  'relu nn.ReLU',
  ...[1, 2, 3, 4].flatMap((stage) => [
    `layer${stage} self._make_layer`,
    `layer${stage}.* block`,
    `layer${stage}.*.conv1 conv3x3`,
    `layer${stage}.*.bn1 norm_layer`,
    `layer${stage}.*.conv2 conv3x3`,
    `layer${stage}.*.downsample nn.Sequential`,
    `layer${stage}.*.downsample.0 conv1x1`,
  ]),
  'avgpool nn.AdaptiveAvgPool2d',
  'fc nn.Linear',
]);
const gpt = model('GPT', [
  'transformer nn.ModuleDict',
  'transformer.wte nn.Embedding',
  'transformer.h nn.ModuleList',
  'transformer.h.* Block',
  'transformer.h.*.attn CausalSelfAttention',
  'transformer.h.*.attn.c_proj nn.Linear',
  'transformer.h.*.mlp MLP',
  'transformer.h.*.mlp.c_proj nn.Linear',
  'lm_head nn.Linear',
]);
const plain = model('Plain', ['features nn.Sequential', 'features.0 nn.Conv2d', 'features.1 nn.ReLU', 'stage* Stage']);
const index = new LayerIndex([resnet, gpt, plain]);

const names = (text: string, limit = 50): string[] =>
  index.query(text, { limit }).map((one) => `${one.model.className} ${one.path}`);

test.each([
  ['layer1.0.conv1', ['layer1.0.conv1']],
  ['layer1.12', ['layer1.12']],
  ['features.0', ['features.0']],
  ['features.2', []],
  ['stage3', ['stage3']],
  ['layer1.0.conv9', []],
  ['transformer.h.*.attn', ['transformer.h.*.attn']],
  ['layer{1,3}.0.conv1', ['layer1.0.conv1', 'layer3.0.conv1']],
  ['', []],
])('find %j', (path, expected) => expect(index.find(path).map((one) => one.path)).toEqual(expected));

describe('what is pasted goes to the layer itself', () => {
  test.each([
    ['layer1.0.conv1', 'ResNet layer1.0.conv1'],
    [' layer1.0.conv1.weight ', 'ResNet layer1.0.conv1'],
    ['layer1.0.bn1.running_mean', 'ResNet layer1.0.bn1'],
    ['module.layer1.0.conv1.weight', 'ResNet layer1.0.conv1'],
    ['module._orig_mod.layer1._checkpoint_wrapped_module.0.conv1', 'ResNet layer1.0.conv1'],
    ['model.net.fc', 'ResNet fc'],
    ['some.thing.layer1.0.conv1', 'ResNet layer1.0.conv1'],
    ['base_model.model.transformer.h.3.attn.c_proj.lora_A.default.weight', 'GPT transformer.h.3.attn.c_proj'],
    ['transformer.h.0.attn.in_proj_weight', 'GPT transformer.h.0.attn'],
    ['self.layer1[0].conv1', 'ResNet layer1.0.conv1'],
    ['self.layer1[i].conv1(x)', 'ResNet layer1.*.conv1'],
    ['model.layer1[-1].conv1', 'ResNet layer1.*.conv1'],
    ['x = self.fc(x)', 'ResNet fc'],
    ['x = F.relu(self.layer1[0].conv1(x), True)', 'ResNet layer1.0.conv1'],
    ['model.transformer["wte"].weight', 'GPT transformer.wte'],
    ['get_submodule("layer1.0")', 'ResNet layer1.0'],
    ['model.get_submodule("layer1")[0].conv1', 'ResNet layer1.0.conv1'],
    ['"layer4": "features",', 'ResNet layer4'],
    ['state_dict["layer1.0.conv1.weight"]', 'ResNet layer1.0.conv1'],
    ["f'layer{i}.0.conv1'", 'ResNet layer1.0.conv1'],
    ['layer1.0.conv1.weight torch.Size([64, 64, 3, 3])', 'ResNet layer1.0.conv1'],
    ['Missing key(s) in state_dict: "fc.weight", "fc.bias".', 'ResNet fc'],
    ['size mismatch for fc.weight: copying a param with shape', 'ResNet fc'],
    ['(conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2))', 'ResNet conv1'],
    ['  (c_proj): Linear(in_features=8, out_features=8, bias=True)', 'GPT transformer.h.*.attn.c_proj'],
    ['(0): Conv2d(3, 8, kernel_size=(3, 3))', 'Plain features.0'],
    ['(attn): CausalSelfAttention(', 'GPT transformer.h.*.attn'],
    ['│    └─Linear: 1-9                 [1, 1000]    513,000', 'ResNet fc'],
    ['│    └─Linear (lm_head): 1-9       [1, 1000]    513,000', 'GPT lm_head'],
    ['       Embedding-3         [-1, 64, 112, 112]           9,408', 'GPT transformer.wte'],
    ['4 | lm_head | Linear | 9.4 K | train', 'GPT lm_head'],
  ])('%s', (text, expected) => expect(names(text)[0]).toBe(expected));
});

describe('a path into a layer whose inside is not known', () => {
  const encoder = model('Encoder', ['encoder nn.TransformerEncoder', 'out nn.Linear']);
  const lines = model('Lines', ['layers nn.ModuleList', 'layers.* nn.Linear', 'self_attn nn.Linear']);
  const wrapper = model('Wrapper', ['module', 'scale nn.Linear']);
  const known = model('Known', ['net Net', 'net.stem nn.Conv2d']);
  const several = new LayerIndex([lines, encoder, wrapper, known]);
  test.each([
    ['encoder.layers.0.self_attn', 'Encoder encoder'],
    ['encoder.layers.0', 'Encoder encoder'],
    ['encoder.layers.0.weight', 'Encoder encoder'],
    ['encoder.lay', 'Encoder encoder'],
    // What is passed in may be any model.
    ['module.layers.0.weight', 'Lines layers.0'],
    // What is inside is known, and this is not.
    ['net.layers.0', 'Lines layers.0'],
    ['net.layers.0.attn', 'Known net'],
  ])('%s', (text, expected) => {
    const [first] = several.query(text, { limit: 9 });
    expect(`${first?.model.className} ${first?.path}`).toBe(expected);
  });
});

test('a compressed path gives all it stands for', () => {
  expect(names('layer{1..4}.{0,1}.conv1')).toEqual([1, 2, 3, 4].map((one) => `ResNet layer${one}.{0,1}.conv1`));
});

describe('a pasted print(model)', () => {
  const printed = `ResNet(
  (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2))
  (layer1): Sequential(
    (0): BasicBlock(
      (conv1): Conv2d(64, 64, kernel_size=(3, 3))
    )
    (1-2): 2 x BasicBlock(
      (conv2): Conv2d(64, 64, kernel_size=(3, 3))
    )
  )
  (fc): Linear(in_features=512, out_features=1000, bias=True)
)`;
  const expected = ['conv1', 'layer1', 'layer1.0', 'layer1.0.conv1', 'layer1.{1..2}', 'layer1.{1..2}.conv2', 'fc'];
  const seen = (text: string): string[] => index.query(text, { limit: 50 }).map((one) => one.path);

  test('its nesting gives the paths', () => {
    // One statement makes all blocks, so it is listed once.
    const once = expected.filter((path) => path !== 'layer1.{1..2}');
    expect(seen(printed)).toEqual(once);
  });
  test('a field for one line loses the line breaks', () => {
    expect(seen(printed.replaceAll('\n', ''))).toEqual(seen(printed));
  });
  test('where it breaks off, the last layer is meant', () => {
    expect(seen(printed.slice(0, printed.indexOf('    )')))[0]).toBe('layer1.0.conv1');
  });
  test('a piece from within is found by its nesting', () => {
    const piece = '(0): BasicBlock(\n  (downsample): Sequential(\n    (0): Conv2d(64, 64)\n';
    expect(seen(piece)[0]).toBe('layer1.0.downsample.0');
  });
});

test('a summary with names gives the path by its depths', () => {
  const summary =
    'ResNet (ResNet)\n├─Sequential (layer1): 1-4\n│    └─BasicBlock (0): 2-1\n│    │    └─Conv2d (conv1): 3-1';
  expect(index.query(summary, { limit: 9 }).map((one) => one.path)).toEqual(['layer1', 'layer1.0', 'layer1.0.conv1']);
});

describe('what is typed finds paths by their letters', () => {
  test.each([
    ['fc', 'ResNet fc'],
    ['lay', 'ResNet layer1'],
    ['c_proj', 'GPT transformer.h.*.mlp.c_proj'],
    ['lmh', 'GPT lm_head'],
    ['ly4bn', 'ResNet layer4.*.bn1'],
    ['that', 'GPT transformer.h.*.attn'],
    ['layer2.0.co', 'ResNet layer2.0.conv1'],
    ['mlp proj', 'GPT transformer.h.*.mlp.c_proj'],
    ['embedding', 'GPT transformer.wte'],
    ['conv1 ResNet', 'ResNet conv1'],
  ])('%s', (text, expected) => expect(names(text)[0]).toBe(expected));

  test('what does not fit is left out', () => expect(names('xyzzy')).toEqual([]));
  test('the limit holds', () => expect(names('c', 3)).toHaveLength(3));
  test('without a text all layers come, those of the file first', () => {
    const all = index.query('', { limit: 100, file: gpt.file });
    expect(all).toHaveLength(resnet.layers.length + gpt.layers.length + plain.layers.length);
    expect(all.slice(0, gpt.layers.length).map((one) => one.layer)).toEqual(gpt.layers);
  });
});

describe('the nearest path', () => {
  test.each([
    ['layr4', 'layer4'],
    ['layer1.conv1', 'layer1.0.conv1'],
    ['layer1.7.cnov2', 'layer1.7.conv2'],
    ['features.5', 'features.1'],
    ['transformer.h.0.attention', 'transformer.h.0.attn'],
    ['transformer.h.0.norm', null],
    ['layer1.0.conv1.weight', 'layer1.0.conv1'],
    ['transformer.h.0.atn', 'transformer.h.0.attn'],
    ['transformers.h.0.attn', 'transformer.h.0.attn'],
    ['classifier', null],
    ['layer5', 'layer1'],
    ['', null],
  ])('of %j', (path, expected) => expect(index.nearest(path)).toBe(expected));
});

describe('completion', () => {
  const paths = (prefix: string): string[] => index.complete(prefix, [gpt]).map((one) => one.path);
  test.each([
    ['', ['transformer', 'lm_head']],
    ['tra', ['transformer', 'lm_head']],
    ['transformer.', ['transformer.wte', 'transformer.h']],
    ['transformer.h.', ['transformer.h.0']],
    ['transformer.h.3.', ['transformer.h.3.attn', 'transformer.h.3.mlp']],
    ['nowhere.', []],
  ])('of %j', (prefix, expected) => expect(paths(prefix)).toEqual(expected));

  test('a name from further below brings its whole path', () =>
    expect(paths('c_pr')).toContain('transformer.h.0.attn.c_proj'));
  test('an index that is not told follows those that are', () => {
    const mixed = new LayerIndex([model('M', ['a.0 X', 'a.1 X', 'a.* X'])]);
    expect(mixed.complete('a.').map((one) => one.path)).toEqual(['a.0', 'a.1', 'a.2']);
  });
  test('endings count what they stand for', () =>
    expect(new LayerIndex([gpt]).completeEnding().slice(0, 1)).toEqual([
      { path: 'c_proj', constructorName: 'nn.Linear', count: 2, hasChildren: false },
    ]));
});

test('endings are whole names', () => {
  expect(index.ending('c_proj').map((one) => one.path)).toEqual([
    'transformer.h.*.attn.c_proj',
    'transformer.h.*.mlp.c_proj',
  ]);
  expect(index.ending('proj')).toEqual([]);
  expect(index.ending('attn.c_proj')).toHaveLength(1);
});

test('whatever is typed is answered', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9.()[\]{}*:"' -]{0,40}$/)), (text) => {
      expect(index.query(text, { limit: 5 }).length).toBeLessThanOrEqual(5);
      index.nearest(text);
      index.complete(text);
    }),
  );
});

test('20,000 patterns answer while one types', () => {
  const many = Array.from({ length: 40 }, (_, at) =>
    model(
      `Model${at}`,
      Array.from({ length: 500 }, (_, row) => `stages.${row}.blocks.*.attention.projection${row} nn.Linear`),
    ),
  );
  const large = new LayerIndex(many);
  const start = performance.now();
  for (const text of [
    'attproj',
    'stages.3.blocks.0.attention.projection3.weight',
    'stages blocks 77',
    '(projection5): Linear(',
  ]) {
    expect(large.query(text, { limit: 100 }).length).toBeGreaterThan(0);
  }
  // Generous for a busy machine: a tenth of it is usual.
  expect(performance.now() - start).toBeLessThan(4000);
});
