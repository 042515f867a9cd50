/** The server ends a request with `ContentModified` where its document was changed before the answer was ready. */

import type { CancellationToken, TextDocument } from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol';

/** Longer than VS Code waits, after an edit, before it asks for lenses and hints again. */
const ASK_AGAIN_MS = 1000;

/** Asks until the answer is one for the present text. */
export async function againWhereOutdated<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ResponseError) || error.code !== LSPErrorCodes.ContentModified) {
        throw error;
      }
    }
  }
}

/**
 * Answers a provider's caller. VS Code would take the nothing that the language client makes of `ContentModified`, and an error too, for
 * a file without lenses, and would remove those that are shown until it has asked again. While it gets no answer it moves them with the
 * text, and it cancels this request when it asks again. Who does not, such as a command without a token, gets the answer for the later text.
 */
export async function whatIsShownStays<T>(
  document: Pick<TextDocument, 'version'>,
  token: CancellationToken,
  ask: () => Promise<T | null | undefined>,
  wait = ASK_AGAIN_MS,
): Promise<T | null | undefined> {
  for (;;) {
    const { version } = document;
    const answer = await ask();
    if ((answer ?? null) !== null || document.version === version || token.isCancellationRequested) {
      return answer;
    }
    await cancelled(token, wait);
    if (token.isCancellationRequested) {
      return answer;
    }
  }
}

/** Resolves when the token is cancelled, at the latest after some milliseconds. */
function cancelled(token: CancellationToken, limit: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const timer = setTimeout(end, limit);
    const listening = token.onCancellationRequested(end);
  });
}
