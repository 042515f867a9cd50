/** From a layer path to its line: in strings of Python code and by the request behind "Go to Layer". */

import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CodeActionRequest, CompletionRequest, DefinitionRequest, Location } from 'vscode-languageserver-protocol/node';
import { layersResultSchema, methods } from '../../server/src/protocol/clientMessages';
import { LanguageServer, lineOf, root, until } from './languageServer';

const examples = path.join(root, 'examples');
const resnet = path.join(examples, 'resnet.py');
const source = fs.readFileSync(resnet, 'utf8');

let server: LanguageServer;
let uri: string;
beforeAll(async () => {
  server = await LanguageServer.start({ folder: examples });
  uri = await server.open(resnet);
});
afterAll(() => server.stop());

/** The example with a line behind it; `|` marks the cursor, and is taken out. Gives the cursor's place. */
async function write(line: string): Promise<{ line: number; character: number }> {
  const lines = source.trimEnd().split('\n');
  const character = line.indexOf('|');
  await server.change(uri, `${lines.join('\n')}\n\n\nmodel = resnet18()\n${line.replace('|', '')}\n`);
  return { line: lines.length + 3, character };
}

async function completions(line: string): Promise<string[]> {
  const position = await write(line);
  const answer = await server.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
  const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
  return items.map((item) => item.label);
}

/** The source lines, trimmed, that a definition leads to. */
async function definitions(line: string): Promise<string[]> {
  const position = await write(line);
  const answer = await server.connection.sendRequest(DefinitionRequest.type, { textDocument: { uri }, position });
  const places = Array.isArray(answer) ? answer : answer === null ? [] : [answer];
  return places.map((place) =>
    Location.is(place) ? (source.split('\n')[place.range.start.line] ?? '').trim() : 'a link',
  );
}

async function hoverAt(line: string): Promise<string | null> {
  const position = await write(line);
  const text = `${source.trimEnd()}\n\n\nmodel = resnet18()\n${line.replace('|', '')}\n`;
  return server.hover(uri, text, position.line + 1, line.slice(line.indexOf('|') + 1));
}

describe('completion', () => {
  test.each([
    ['model.get_submodule("|")', 'layer1'],
    ['model.get_submodule("layer1.|")', 'layer1.0'],
    ['model.get_submodule("layer1.0.|', 'layer1.0.conv1'],
    ['model.state_dict()["fc.|"]', 'fc.weight'],
    ['LoraConfig(target_modules=["|"])', 'conv1'],
    ['[n for n, m in model.named_modules() if n == "lay|"]', 'layer4'],
  ])('%s', async (line, expected) => expect(await completions(line)).toContain(expected));

  test('nothing from further below floods the list', async () => {
    expect(await completions('model.get_submodule("|")')).not.toContain('layer1.0.conv1');
  });

  test.each(['print("lay|")', 'model.lay|', 'x = "|"'])('nothing in %s', async (line) => {
    expect(await completions(line)).toEqual([]);
  });
});

describe('definition', () => {
  test.each([
    ['model.get_submodule("layer|1.0.conv1")', ['self.conv1 = conv3x3']],
    ['model.state_dict()["f|c.weight"]', ['self.fc = nn.Linear']],
    ['create_feature_extractor(model, {"lay|er4": "out"})', ['self.layer4 = ']],
    ['LoraConfig(target_modules=["f|c"])', ['self.fc = nn.Linear']],
    ['model.lay|er4', []],
  ])('%s', async (line, expected) => {
    const found = await definitions(line);
    expect(found.map((text, index) => text.startsWith(expected[index] ?? '\n'))).toEqual(expected.map(() => true));
  });
});

describe('hover', () => {
  test('tells the path, the constructor as written and the place', async () => {
    const text = await hoverAt('model.get_submodule("|layer1.0.conv1")');
    expect(text).toContain('**`layer1.0.conv1`** `conv3x3`');
    expect(text).toContain(`resnet.py:${lineOf(source, 'self.conv1 = conv3x3')}`);
  });
  test('tells what an ending fits', async () => {
    expect(await hoverAt('LoraConfig(target_modules=["|bn1"])')).toMatch(/`bn1`\*\* fits \d layer paths: `bn1`/);
  });
  test('has the shapes of the last capture', async () => {
    await write('');
    await server.capture(uri, 'ResNet');
    const text = await hoverAt('model.get_submodule("|layer1.0.conv1")');
    expect(text).toContain('[1, 64, 56, 56] -> [1, 64, 56, 56]');
  });
});

describe('hints', () => {
  async function hints(line: string): Promise<string[]> {
    await write(line);
    const found = await until(() => server.diagnosticsNow(uri));
    return found.map((one) => String(one.code));
  }

  test('a path that the model does not have gets the nearest one, and a fix', async () => {
    const line = 'model.get_submodule("layr4.0")';
    const { line: number } = await write(line);
    const found = await until(() => server.diagnostics.get(uri)?.find((one) => one.code === 'unknownLayerPath'));
    expect(found.message).toContain('"layer4.0"');
    expect(found.range).toEqual({ start: { line: number, character: 21 }, end: { line: number, character: 28 } });
    const actions = await server.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: found.range,
      context: { diagnostics: [found] },
    });
    expect((actions ?? []).map((one) => ('edit' in one ? one.edit?.changes?.[uri]?.[0]?.newText : null))).toEqual([
      'layer4.0',
    ]);
  });

  test.each([
    'model.get_submodule("layer4.0")',
    'model.get_submodule("layer1.0.")',
    'model.get_submodule("layer1.0.',
    'other.get_submodule("layr4.0")',
    'model.get_submodule(f"layr{i}")',
    'create_feature_extractor(model, ["flatten", "layer4.0.add"])',
    'LoraConfig(target_modules=["layr4"])',
    'state_dict["layr4.weight"]',
  ])('none on %s', async (line) => expect(await hints(line)).toEqual([]));
});

describe('the request behind "Go to Layer"', () => {
  async function rows(query: string): Promise<string[]> {
    const answer = layersResultSchema.parse(await server.connection.sendRequest(methods.layers, { query, uri }));
    return answer.rows.map((row) => `${row.className} ${row.path} ${row.location.range.start.line + 1}`);
  }

  test.each([
    ['layer1.0.conv1.weight', `ResNet layer1.0.conv1 ${lineOf(source, 'self.conv1 = conv3x3')}`],
    ['(fc): Linear(in_features=512, out_features=1000, bias=True)', `ResNet fc ${lineOf(source, 'self.fc =')}`],
    ['self.layer4', `ResNet layer4 ${lineOf(source, 'self.layer4 =')}`],
  ])('%s', async (query, expected) => {
    await write('');
    expect((await rows(query))[0]).toBe(expected);
  });
});
