/** Norms of gradients, in words. Pure. */

import type { Call, GradientNorm, Gradients } from '../protocol/helperMessages.generated';
import { collapse } from './value';

/** `gradient norm 0.5231` for the calls of one place; empty where none is known. */
export function callGradients(gradients: Gradients | undefined, calls: readonly Call[]): string {
  const texts = calls.flatMap((call) => {
    const found = gradients?.outputs.find((one) => one.path === call.path && one.index === call.index);
    return found === undefined ? [] : [normText(found)];
  });
  return texts.length === 0 ? '' : `gradient norm ${collapse(texts).slice(0, 4).join(', ')}`;
}

/** `gradient norm 0.5231`, for a layer's own parameter; empty where nothing went backward. */
export function parameterGradient(gradients: Gradients | undefined, path: string, name: string): string {
  const found = gradients?.parameters.find((one) => one.path === path && one.name === name);
  return found === undefined ? '' : `gradient norm ${normText(found)}`;
}

function normText({ norm, finite }: GradientNorm): string {
  return !finite ? 'not finite' : norm === null ? 'none' : norm.toPrecision(4);
}
