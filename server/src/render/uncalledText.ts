/** Which layers of a line did not run, in Markdown. Pure. */

import type { Place } from '../mapping/annotate';
import { groupBy } from '../mapping/groupBy';
import { compressPaths } from './layerPattern';

/** Reasons, and paths for each, that are told. */
const LISTED = 6;

/** How many of the layers were called, where some were, and why the others were not: those of one reason together. */
export function uncalledSections(place: Place, uncalled: readonly { path: string; reason: string }[]): string[] {
  const called = place.groups.length > 0 ? place.modules.length : 0;
  const count = called > 0 && uncalled.length > 0 ? [`${called} of ${called + uncalled.length} called`] : [];
  const byReason = groupBy(uncalled, ({ reason }) => reason);
  const reasons = [...byReason].slice(0, LISTED).map(([reason, all]) => {
    const paths = compressPaths(all.map(({ path }) => path));
    const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : '';
    const named = paths.slice(0, LISTED).map((path) => `\`${path}\``);
    return `${named.join(', ')}${more} ${all.length === 1 ? 'was' : 'were'} not called: ${reason}`;
  });
  return [...count, ...reasons];
}
