/** Which strings of a Python text name layers, and how. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openParser } from '../../server/src/syntax/openParser';
import { pathStringsOf } from '../../server/src/syntax/pathStringFile';
import { SourceReader } from '../../server/src/syntax/sourceReader';
import { wasmFiles } from './wasmFiles';

const reader = new SourceReader(await openParser({ wasm: wasmFiles }));

function stringsOf(text: string) {
  return pathStringsOf(reader.read(text));
}

/** Each string found as `text: relation of what, in model`; `!` where the call fails on a wrong one. */
function told(text: string): string[] {
  return stringsOf(text).map(
    (one) =>
      `${one.text}: ${one.relation} of ${one.names}${one.model === null ? '' : ` in ${one.model.text}`}${one.certain ? '!' : ''}`,
  );
}

const loop = (body: string, listing = 'named_modules'): string =>
  `for name, one in net.${listing}():\n    if ${body}:\n        pass\n`;

const cases: Record<string, [string, string[]][]> = {
  'methods of a module': [
    ['net.get_submodule("layer1.0")', ['layer1.0: path of module in net!']],
    ['self.model.get_submodule(target="a")', ['a: path of module in self.model!']],
    ['net.get_parameter("fc.weight")', ['fc.weight: path of tensor in net!']],
    ['net.get_buffer("bn.running_mean")', ['bn.running_mean: path of tensor in net!']],
    ['net.set_submodule("fc", nn.Identity())', ['fc: parent of module in net!']],
    ['resnet18().get_submodule(f"layer{i}.0")', ['layer*.0: path of module in resnet18()!']],
    ['net.get_submodule("a" + x)', []],
    ['net.get_submodule("a\\tb")', []],
    ['net.get_submodule(b"a")', []],
  ],
  'functions that take the model': [
    [
      'create_feature_extractor(net, return_nodes={"layer4": "out", "fc": "head"})',
      ['layer4: parent of module in net!', 'fc: parent of module in net!'],
    ],
    ['feature_extraction.create_feature_extractor(net, ["layer4"])', ['layer4: parent of module in net!']],
    [
      'create_feature_extractor(net, train_return_nodes=["a"], eval_return_nodes=["b"])',
      ['a: parent of module in net!', 'b: parent of module in net!'],
    ],
    [
      'nodes = {"layer4": "out"}\ncreate_feature_extractor(model=net, return_nodes=nodes)',
      ['layer4: parent of module in net!'],
    ],
    ['IntermediateLayerGetter(net, {"layer4": "out"})', ['layer4: child of module in net!']],
    [
      'fuse_modules(net, [["conv", "bn"], ["a.conv", "a.bn"]])',
      ['conv', 'bn', 'a.conv', 'a.bn'].map((one) => `${one}: path of module in net!`),
    ],
    ['parallelize_module(net, mesh, {"layers.0.wq": Plan()})', ['layers.0.wq: path of module in net']],
  ],
  'names that select layers': [
    ['LoraConfig(target_modules=["q_proj", "v_proj"])', ['q_proj: suffix of module', 'v_proj: suffix of module']],
    [
      'LoraConfig(modules_to_save=("head",), exclude_modules={"lm"})',
      ['head: suffix of module', 'lm: suffix of module'],
    ],
    ['LoraConfig(target_modules="all-linear", layers_to_transform=[1])', []],
    ['config.target_modules = ["q_proj"]', ['q_proj: suffix of module']],
  ],
  'filters over listings': [
    [loop('name == "fc"'), ['fc: path of module in net']],
    [loop('"fc" != name'), ['fc: path of module in net']],
    [loop('name in ["a", "b"]'), ['a: path of module in net', 'b: path of module in net']],
    [loop('name not in {"a"}'), ['a: path of module in net']],
    [loop('"attn" in name'), ['attn: part of module in net']],
    [
      loop('name.startswith(("layer1", "layer2."))'),
      ['layer1: prefix of module in net', 'layer2.: prefix of module in net'],
    ],
    [loop('name.endswith("bias")', 'named_parameters'), ['bias: suffix of tensor in net']],
    [loop('name == "fc"', 'named_children'), ['fc: child of module in net']],
    [loop('any(key in name for key in ["a", "b"])'), ['a: part of module in net', 'b: part of module in net']],
    [`wanted = ["a"]\n${loop('name in wanted')}`, ['a: path of module in net']],
    [loop('other == "fc"'), []],
    ['x = [m for n, m in net.named_modules() if n == "fc"]', ['fc: path of module in net']],
    ['for i, (n, m) in enumerate(net.named_modules()):\n    n == "a"', ['a: path of module in net']],
    [
      'def f(net):\n    for n in net.state_dict():\n        if n == "a.weight": pass',
      ['a.weight: path of tensor in net'],
    ],
    ['for n, v in state_dict.items():\n    n.startswith("fc.")', ['fc.: prefix of tensor']],
    ['names = ["a"]\nnames = list(names)\nfor n in names:\n    "x" in n', []],
  ],
  'keys of mappings': [
    ['state_dict["fc.weight"]', ['fc.weight: path of tensor']],
    ['state_dict["fc.weight"] = x', ['fc.weight: path of tensor']],
    ['del checkpoint["state_dict"]["fc.weight"]', ['fc.weight: path of tensor']],
    ['net.state_dict()["fc.weight"]', ['fc.weight: path of tensor in net!']],
    [
      'sd = net.state_dict()\nsd["fc.weight"]\nsd.pop("fc.bias", None)',
      ['fc.weight: path of tensor in net', 'fc.bias: path of tensor in net'],
    ],
    ['"fc.weight" in state_dict', ['fc.weight: path of tensor']],
    ['dict(net.named_modules())["fc"]', ['fc: path of module in net!']],
    ['modules = dict(net.named_modules())\nmodules["fc"]', ['fc: path of module in net']],
    ['modules = {n: m for n, m in net.named_modules()}\nmodules.get("fc")', ['fc: path of module in net']],
    ['net._modules["fc"]', ['fc: child of module in net!']],
    ['config["fc"]', []],
    ['d = dict(d)\nd["fc"]\n_modules', []],
  ],
  'functions of the user': [
    ['peek(net, layer_name="fc")', ['fc: path of module']],
    ['def peek(model, target_layer):\n    pass\n\npeek(net, "fc")', ['fc: path of module in net']],
    ['class A:\n    def peek(self, target_layer):\n        pass\n\na.peek("fc")', ['fc: path of module']],
    ['def peek(model, layer_name="fc"):\n    pass', ['fc: path of module']],
    ['hook(net, target_layers=["a", "b"])', ['a: path of module', 'b: path of module']],
    ['def peek(model, target_layer):\n    pass\n\ndef main(net):\n    peek(net, "fc")', ['fc: path of module in net']],
    ['open_file(name="fc")', []],
  ],
};

for (const [title, rows] of Object.entries(cases)) {
  describe(title, () => {
    test.each(rows)('%s', (text, expected) => expect(told(text)).toEqual(expected));
  });
}

describe('a string that is being typed', () => {
  test.each([
    ['net.get_submodule("lay\nx = 1\n', 'lay', 1, 20],
    ['class A:\n    def f(self):\n        net.get_submodule("a.\n', 'a.', 3, 28],
    ['net.get_submodule("', '', 1, 20],
  ])('%j', (text, expected, line, column) => {
    const [found] = stringsOf(text);
    expect([found?.text, found?.range.line, found?.range.column]).toEqual([expected, line, column]);
  });
});

test('places are those between the quotes', () => {
  expect(stringsOf('x = 1\nnet.get_submodule(r"""fc""")')[0]?.range).toEqual({
    line: 2,
    endLine: 2,
    column: 23,
    endColumn: 25,
  });
});

test('broken code never throws, and what is found stands in the text', () => {
  const text = Object.values(cases)
    .flat()
    .map(([source]) => source)
    .join('\n');
  const edit = fc.record({ at: fc.nat(text.length), removed: fc.nat(40), typed: fc.string({ maxLength: 8 }) });
  fc.assert(
    fc.property(edit, ({ at, removed, typed }) => {
      const edited = text.slice(0, at) + typed + text.slice(at + removed);
      const lines = edited.split(/\r\n|\r|\n/);
      for (const one of stringsOf(edited).filter((each) => each.literal && each.range.line === each.range.endLine)) {
        expect(lines[one.range.line - 1]?.slice(one.range.column - 1, one.range.endColumn - 1)).toBe(one.text);
      }
    }),
    { numRuns: 60 },
  );
});
