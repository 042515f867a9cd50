import type { CaptureOutcome } from '../../server/src/protocol/clientMessages';

/** What a button under the message of a failed capture does. */
export type Action = 'showLine' | 'recipe' | 'interpreter' | 'trust' | 'output';

export interface Offer {
  readonly label: string;
  readonly action: Action;
}

/** The buttons that help with this outcome, the most helpful first. */
export function offersFor(outcome: CaptureOutcome): Offer[] {
  const offers: Offer[] = [];
  switch (outcome.errorKind) {
    case 'noTorch':
    case 'noPython':
      offers.push({ label: 'Choose Interpreter', action: 'interpreter' });
      break;
    case 'untrusted':
      offers.push({ label: 'Manage Workspace Trust', action: 'trust' });
      break;
  }
  if (outcome.location !== null) {
    offers.push({ label: 'Show Line', action: 'showLine' });
  }
  if (outcome.directive !== null) {
    offers.push({ label: outcome.errorKind === 'noRecipe' ? 'Add Recipe' : 'Edit Recipe', action: 'recipe' });
  }
  offers.push({ label: 'Show Output', action: 'output' });
  return offers;
}

/** True where the failure is the model's own and stands in the editor as a diagnostic: a warning is enough. */
export function isShownInEditor(outcome: CaptureOutcome): boolean {
  return outcome.location !== null && (outcome.errorKind === 'forward' || outcome.errorKind === 'dataDependent');
}
