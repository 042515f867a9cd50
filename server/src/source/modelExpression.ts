/** Which model a Python expression is, as far as one file's text tells by names. Pure. */

import type { KnownModel } from '../model/knownModel';
import type { ParsedFile } from '../model/moduleClass';
import { knownModel } from './knownModels';

/** Assignments that lead from name to name are followed that far. */
const MAX_STEPS = 4;

/** What gives back the model it was called on. */
const SAME_MODEL = /\.(?:to|eval|train|cuda|cpu|half|float|double|bfloat16|requires_grad_)\([^()]*\)$/;

/** Null where the expression is neither a call of a class or factory of the file, nor a name that was last given one. */
export function modelsOfExpression(
  parsed: ParsedFile,
  file: string,
  text: string,
  expression: string,
  offset: number,
): readonly KnownModel[] | null {
  let wanted = expression.trim();
  let before = text.slice(0, offset);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    while (SAME_MODEL.test(wanted)) {
      wanted = wanted.replace(SAME_MODEL, '');
    }
    const called = /^(?<name>[A-Za-z_]\w*)\(/.exec(wanted)?.groups?.name;
    if (called !== undefined) {
      const className = parsed.factories.find((one) => one.name === called)?.className ?? called;
      const owner = parsed.classes.find((one) => one.name === className);
      return owner === undefined ? null : [knownModel(parsed, file, owner)];
    }
    if (!/^[A-Za-z_]\w*$/.test(wanted)) {
      return null;
    }
    const assignment = [
      ...before.matchAll(new RegExp(`^[ \\t]*${wanted}[ \\t]*(?::[^=\\n]*)?=(?!=)[ \\t]*(.+)$`, 'gm')),
    ];
    const last = assignment.at(-1);
    if (last?.[1] === undefined) {
      return null;
    }
    wanted = last[1].replace(/\s*#.*$/, '').trim();
    before = before.slice(0, last.index);
  }
  return null;
}
