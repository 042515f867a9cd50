import { commands, window } from 'vscode';
import type { CaptureOutcome } from '../../server/src/protocol/clientMessages';
import { applyDirective } from './directive';
import { type Action, isShownInEditor, offersFor } from './outcomeActions';
import type { Output } from './output';
import { showPlace } from './places';

/** Tells how a capture ended: a note in the status bar where it went well, a message with what can be done where it failed, nothing where the user cancelled it. */
export async function showOutcome(outcome: CaptureOutcome, output: Output): Promise<void> {
  if (outcome.status === 'ok') {
    window.setStatusBarMessage(`$(check) ${outcome.message}`, 5000);
    return;
  }
  if (outcome.status === 'cancelled') {
    return;
  }
  output.log.info(`Capture failed (${outcome.errorKind}): ${outcome.message}`);
  const offers = offersFor(outcome);
  const labels = offers.map((offer) => offer.label);
  const choice = isShownInEditor(outcome)
    ? await window.showWarningMessage(outcome.message, ...labels)
    : await window.showErrorMessage(outcome.message, ...labels);
  const chosen = offers.find((offer) => offer.label === choice);
  if (chosen !== undefined) {
    await act(chosen.action, outcome, output);
  }
}

async function act(action: Action, outcome: CaptureOutcome, output: Output): Promise<void> {
  switch (action) {
    case 'showLine':
      return outcome.location === null ? undefined : await showPlace(outcome.location);
    case 'recipe':
      return outcome.directive === null ? undefined : await applyDirective(outcome.directive);
    case 'interpreter':
      return await commands.executeCommand('layerPeek.selectInterpreter');
    case 'trust':
      return await commands.executeCommand('workbench.trust.manage');
    case 'output':
      return output.model.show(true);
  }
}
