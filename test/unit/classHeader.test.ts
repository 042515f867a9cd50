import { describe, expect, it } from 'vitest';
import { openNativeParser } from '../../server/src/syntax/nativeParser';
import { classBases } from '../../server/src/syntax/python/classHeader';
import { SourceReader } from '../../server/src/syntax/sourceReader';

const reader = new SourceReader(await openNativeParser());

/** Class lines; those of the second list are left to the parser. */
const told = [
  'class A: pass',
  'class A(): pass',
  'class A(B): pass',
  'class  A  ( B , c.D ) : pass',
  'class A(nn.Module,): pass',
  'class A(\n    nn.Module,\n    Generic[T],\n): pass',
  'class A(Mapping[str, a.B], metaclass=abc.ABCMeta): pass',
  'class A(B[C][D].E): pass',
  '@decorated\n@other(1)\nclass A(B): pass',
  'class Größe(Maß): pass',
];
const left = [
  'class A(B(1)): pass',
  'class A("B"): pass',
  'class A(*bases): pass',
  'class A(B if c else D): pass',
  'class A(B | C): pass',
  'class A(B,  # why\n    C): pass',
  'class A(B[1]): pass',
  'class A[T](B): pass',
  'class A(B, x=None): pass',
  'class A(B',
  'class A(B, : pass',
  '@named("""\nclass A(C):\n""")\nclass A(B): pass',
];

describe('the bases of a class', () => {
  it.each(told)('%j: what the parser tells', (text) => {
    const [statement] = reader.read(text).units[0]?.unit.statements ?? [];
    expect(statement?.kind).toBe('class');
    expect(classBases(text)).toEqual(statement?.kind === 'class' ? statement.bases : null);
  });

  it.each(left)('%j: left to the parser', (text) => {
    expect(classBases(text)).toBeNull();
  });
});
