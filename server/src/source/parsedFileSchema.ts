/** What is known of a file, as it comes back from a disk. */

import { z } from 'zod';
import type { ParsedFile } from '../model/moduleClass';

const range = z.object({ line: z.number(), endLine: z.number(), column: z.number(), endColumn: z.number() });

const definition = z.object({
  pattern: z.string(),
  range,
  constructorName: z.string().nullable(),
  certain: z.boolean(),
  held: z.boolean().exactOptional(),
});

const ref = z.object({ file: z.string(), className: z.string() });

const parameter = z.object({
  name: z.string(),
  annotation: z.string().nullable(),
  defaultValue: z.string().nullable(),
  kind: z.enum(['positional', 'keywordOnly', 'variadic', 'keywordVariadic']),
});

const moduleClass = z.object({
  name: z.string(),
  range,
  bases: z.array(z.string()),
  definitions: z.array(definition),
  uses: z.array(z.object({ pattern: z.string(), range })),
  constructorParameters: z.array(parameter).nullable(),
  mentions: z.array(z.string()),
  parts: z.array(z.object({ pattern: z.string(), className: z.string() })),
  farParts: z.array(ref.extend({ pattern: z.string() })),
  lineage: z.array(z.string()),
  farLineage: z.array(ref),
  isOpen: z.boolean(),
  hasForward: z.boolean(),
  firstLine: z.number(),
});

export const parsedFileSchema: z.ZodType<ParsedFile> = z.object({
  classes: z.array(moduleClass),
  directives: z.array(
    z.object({ expression: z.string(), range, expressionRange: range, className: z.string().nullable() }),
  ),
  factories: z.array(
    z.object({ name: z.string(), className: z.string(), mentions: z.array(z.string()), line: z.number() }),
  ),
  plainClasses: z.array(z.object({ name: z.string(), buildsWithoutArguments: z.boolean() })),
  farDefinitions: z.array(z.object({ file: z.string(), owner: ref, definition })),
});
