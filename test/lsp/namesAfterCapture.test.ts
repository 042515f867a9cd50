/** Which layer paths lenses, hovers and the Layers view tell once a model has run. */

import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { methods, type TreeRow, treeResultSchema } from '../../server/src/protocol/clientMessages';
import { LanguageServer, lineOf, root, until } from './languageServer';
import { temporaryFolder } from './temporaryFolder';

const examples = path.join(root, 'examples');
const text = (name: string): string => fs.readFileSync(path.join(examples, name), 'utf8');

let server: LanguageServer;
beforeEach(async () => {
  server = await LanguageServer.start({ folder: examples });
});
afterEach(() => server.stop());

async function names(uri: string, source: string, parts: readonly string[]): Promise<(string | undefined)[]> {
  const lenses = await server.lenses(uri);
  return parts.map((part) => lenses.get(lineOf(source, part))?.[0]);
}

/** `label: description` of every row of the view. */
async function rows(uri: string): Promise<string[]> {
  const flat = (row: TreeRow): string[] => [`${row.label}: ${row.description}`, ...row.children.flatMap(flat)];
  return treeResultSchema.parse(await server.connection.sendRequest(methods.tree, { uri })).flatMap(flat);
}

describe('a class of which some instances are not called', () => {
  const source = `import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width, residual):
        super().__init__()
        self.residual = residual
        self.body = nn.Linear(4, width)
        self.proj = nn.Linear(4, width)

    def forward(self, x):
        y = self.body(x)
        return (y + self.proj(x) if self.residual else y)[:, :4]


# peek: Net()(torch.randn(1, 4))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(4 + 4 * (i % 2), i == 1) for i in range(4)])
        self.spare = nn.ModuleList([nn.Linear(4, 4)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
`;
  async function captured(): Promise<string> {
    const uri = await server.open(path.join(temporaryFolder(), 'net.py'), source);
    expect((await server.capture(uri, 'Net')).message).toMatch(/captured/);
    return uri;
  }

  test('the lens names them all', async () => {
    const uri = await captured();
    expect(await names(uri, source, ['self.body = ', 'self.proj = ', 'self.blocks = '])).toEqual([
      'blocks.{0..3}.body',
      'blocks.{0..3}.proj',
      'blocks.{0..3}',
    ]);
  });

  test('the hover tells how many ran, and why the others did not', async () => {
    const uri = await captured();
    const hover = async (part: string): Promise<string> =>
      (await server.hover(uri, source, lineOf(source, part), 'self.')) ?? '';
    const proj = await hover('self.proj = ');
    expect(proj).toContain('1 of 4 called');
    expect(proj).toContain('`blocks.{0,2,3}.proj` were not called: branch not taken');
    expect(await hover('self.body = ')).not.toContain('called');
  });

  test('the Layers view marks those that did not run, and counts as the line does', async () => {
    const uri = await captured();
    const body = (await server.hints(uri)).get(lineOf(source, 'self.body = '));
    expect(body).toBe('-> [1, 4] x2 | [1, 8] x2');
    const told = await rows(uri);
    expect(told).toContain('body: nn.Linear  [1, 4] x2 | [1, 8] x2');
    expect(told.filter((one) => one.startsWith('proj: '))).toEqual([
      'proj: Linear  not called  20',
      'proj: Linear  [1, 8]  40',
      'proj: Linear  not called  20',
      'proj: Linear  not called  40',
      'proj: nn.Linear  [1, 8]',
    ]);
    expect(told).toContain('spare: ModuleList  not called  20');
    expect(told.find((one) => one.startsWith('blocks: ModuleList'))).not.toContain('not called');
  });
});

test('a class of several models: exact paths in the one that ran, those of the source in the others', async () => {
  const folder = path.join(examples, 'segmenter');
  const source = text('segmenter/encoder.py');
  const uri = await server.open(path.join(folder, 'encoder.py'));
  const stem = ['self.stem = '];
  const before = await until(async () => {
    const [name] = await names(uri, source, stem);
    return name?.includes('in UNet') === true && name;
  });
  expect(before).toBe('encoder.stem in Classifier, backbone.stem in UNet');
  const classifier = await server.open(path.join(folder, 'classifier.py'));
  expect((await server.capture(classifier, 'Classifier')).message).toMatch(/captured/);
  expect(await names(uri, source, [...stem, 'self.conv1 = '])).toEqual([
    'encoder.stem in Classifier, backbone.stem in UNet',
    'encoder.stages.{0,1}.{1,2}.conv1 in Classifier, backbone.stages.*.{1,2}.conv1 in UNet',
  ]);
});

test('a recipe that wraps the model: the paths are those of what ran', async () => {
  const source = text('simple_model.py').replace(
    'class SimpleModel',
    '# peek: nn.Sequential(SimpleModel())(torch.randn(1, 3, 8, 8))\nclass SimpleModel',
  );
  const uri = await server.open(path.join(temporaryFolder(), 'model.py'), source);
  expect((await server.capture(uri, 'SimpleModel')).message).toMatch(/captured/);
  expect(await names(uri, source, ['self.conv1 = '])).toEqual(['0.conv1']);
});

describe('names come from the source again once the capture is stale', () => {
  test.each([
    ['simple_model.py', 'SimpleModel', 'self.fc1 = ', 'self.fc1_x = '],
    ['tiny_gpt.py', 'TinyGPT', 'n_layer: int = 4', 'n_layer: int = 6'],
  ])('%s', async (name, className, from, to) => {
    const source = text(name);
    const edited = source.replace(from, to);
    const file = path.join(temporaryFolder(), name);
    const uri = await server.open(file, edited);
    const told = async (): Promise<string[]> =>
      [...(await server.lenses(uri))].map(([line, [first]]) => `${line} ${first}`).filter((one) => !one.includes('$('));
    const bySource = await told();
    await server.change(uri, source);
    expect((await server.capture(uri, className)).message).toMatch(/captured/);
    expect(await told()).not.toEqual(bySource);
    await server.change(uri, edited);
    expect(await told()).toEqual(bySource);
  });
});

test('stale shapes carry a short mark, also in a lens; the class says the word', async () => {
  const source = text('simple_model.py');
  const uri = await server.open(path.join(temporaryFolder(), 'model.py'), source);
  await server.capture(uri, 'SimpleModel');
  const header = lineOf(source, 'class SimpleModel');
  const line = lineOf(source, 'self.conv1 = ');
  const classLens = async (): Promise<string> => ((await server.lenses(uri)).get(header) ?? []).join(' ');
  expect(await classLens()).not.toContain('stale');
  const edited = source.replace('self.fc1 = nn.Linear(16 * 6 * 6, 10)', 'self.fc1 = nn.Linear(16 * 6 * 6, 11)');
  await server.change(uri, edited);
  expect((await server.hints(uri)).get(line)).toBe('~ [1, 3, 8, 8] -> [1, 16, 6, 6]');
  expect(await classLens()).toMatch(/ · stale$/);
  expect(await server.hover(uri, edited, line, 'conv1')).toContain('Stale: the source has changed');
  server.editorHints = { enabled: 'off' };
  await server.settingsChanged();
  await until(async () => (await server.lenses(uri)).get(line)?.[0] === 'conv1  ~ [1, 3, 8, 8] -> [1, 16, 6, 6]');
  await server.change(uri, source);
  expect(await classLens()).not.toContain('stale');
});
