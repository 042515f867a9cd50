/** From an expression to the call that builds its model, as far as one file's text tells. Pure. */

/** Assignments that lead from name to name are followed that far. */
const MAX_STEPS = 4;

/** What gives back the model it was called on. */
const SAME_MODEL = /\.(?:to|eval|train|cuda|cpu|half|float|double|bfloat16|requires_grad_)\([^()]*\)$/;

/** The dotted name that is called to build what the expression stands for at an offset: `resnet18`, `models.ResNet`. Null where it is neither a call nor a name that was last given one. */
export function calledExpression(text: string, expression: string, offset: number): string | null {
  let wanted = expression.trim();
  let before = text.slice(0, offset);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    while (SAME_MODEL.test(wanted)) {
      wanted = wanted.replace(SAME_MODEL, '');
    }
    const called = /^(?<name>[A-Za-z_][\w.]*)\(/.exec(wanted)?.groups?.name;
    if (called !== undefined) {
      return called;
    }
    if (!/^[A-Za-z_]\w*$/.test(wanted)) {
      return null;
    }
    const assignments = [
      ...before.matchAll(new RegExp(`^[ \\t]*${wanted}[ \\t]*(?::[^=\\n]*)?=(?!=)[ \\t]*(.+)$`, 'gm')),
    ];
    const last = assignments.at(-1);
    if (last?.[1] === undefined) {
      return null;
    }
    wanted = last[1].replace(/\s*#.*$/, '').trim();
    before = before.slice(0, last.index);
  }
  return null;
}
