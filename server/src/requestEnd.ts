/**
 * Why a request is ended without an answer. Both codes are the protocol's: clients show neither to the user, and ask again by themselves
 * for the text that they have by now.
 */

import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/**
 * Null as long as the request is worth an answer.
 * @param asked version of the document when the request came
 * @param now its version by now; undefined where it was closed
 */
export function requestEnd(
  asked: number,
  now: number | undefined,
  token: CancellationToken | undefined,
): ResponseError<void> | null {
  if (token?.isCancellationRequested === true) {
    return new ResponseError(LSPErrorCodes.RequestCancelled, 'The client cancelled the request.');
  }
  // An answer for the later text would not do: a position means something else in it, and the client asks for that text anyway.
  return now === asked
    ? null
    : new ResponseError(LSPErrorCodes.ContentModified, 'The document was changed before the answer was ready.');
}
