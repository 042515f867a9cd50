/** Imported names. */

import { isTorchModule } from './torchNames';
import type { Value } from './values';

/** `from module import name`. A relative module keeps its dots: it is never PyTorch's. */
export function importValue(module: string, name: string): Value {
  return externalValue(`${module}.${name}`);
}

export function externalValue(path: string): Value {
  return isTorchModule(path) ? { kind: 'class', of: null, external: path } : { kind: 'external', path };
}
