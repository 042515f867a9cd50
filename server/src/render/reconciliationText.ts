/** How well the static mapping of a file fits a run, in words. Pure. */

import type { Reconciliation } from '../protocol/helperMessages.generated';

/** Empty where both agree. */
export function reconciliationText({ missed, invented }: Reconciliation): string {
  const parts = [
    ...(missed === 0 ? [] : [`${missed} ${missed === 1 ? 'layer' : 'layers'} that the source does not tell`]),
    ...(invented === 0
      ? []
      : [`${invented} ${invented === 1 ? 'definition' : 'definitions'} that no layer comes from`]),
  ];
  return parts.length === 0 ? '' : `The run found ${parts.join(' and ')}.`;
}
