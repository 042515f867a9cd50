import { commands, window, workspace } from 'vscode';

/**
 * True where the workspace is trusted. In Restricted Mode it tells the user why nothing runs and offers the way out.
 * The answer does not wait for the user.
 */
export function requireTrust(): boolean {
  if (!workspace.isTrusted) {
    void explainRestrictedMode();
  }
  return workspace.isTrusted;
}

/** Says why capturing is off in Restricted Mode, with a button that leads to the trust editor. */
export async function explainRestrictedMode(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const choice = await window.showWarningMessage(
    'Layer Peek did not capture: the workspace is in Restricted Mode, and a capture runs its Python code. Trust the workspace to see shapes.',
    manage,
  );
  if (choice === manage) {
    await commands.executeCommand('workbench.trust.manage');
  }
}
