import { expect, test } from 'vitest';
import { z } from 'zod';
import manifest from '../../package.json';
import { settingsSchema } from '../../server/src/protocol/clientMessages';

const properties = Object.entries(manifest.contributes.configuration.properties);

test('package.json declares the settings that the server reads, with the same defaults', () => {
  const declared = Object.fromEntries(properties.map(([name, property]) => [name, property.default]));
  expect(declared).toEqual(flat(settingsSchema.parse({}), 'layerPeek'));
});

test('a setting chosen from a list offers the values that the server knows', () => {
  const declared = properties.flatMap(([name, property]) => ('enum' in property ? [[name, property.enum]] : []));
  const { mode } = settingsSchema.shape.capture.unwrap().shape;
  expect(declared).toEqual([['layerPeek.capture.mode', mode.unwrap().options]]);
});

test('the interpreter of an untrusted workspace is not used', () => {
  const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  expect(restricted).toContain('layerPeek.python.path');
});

/** `{ a: { b: 1 } }` -> `{ 'prefix.a.b': 1 }` */
function flat(value: unknown, name: string): Record<string, unknown> {
  const group = z.record(z.string(), z.unknown()).safeParse(value);
  return group.success
    ? Object.assign({}, ...Object.entries(group.data).map(([key, item]) => flat(item, `${name}.${key}`)))
    : { [name]: value };
}
