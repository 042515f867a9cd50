/**
 * Why a request is ended without an answer. Both codes are the protocol's: clients show neither to the user, and ask again by themselves
 * for the text that they have by now.
 */

import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What a request was asked for. */
export interface Asked {
  readonly version: number;
  readonly token: CancellationToken;
  /** True where the answer for a later text serves as well; never, where it is left out. */
  readonly fits?: (later: TextDocument) => boolean;
}

/**
 * Null as long as the request is worth an answer.
 * @param document as it is now; undefined where it was closed
 */
export function requestEnd(asked: Asked, document: TextDocument | undefined): ResponseError<void> | null {
  if (asked.token.isCancellationRequested) {
    return new ResponseError(LSPErrorCodes.RequestCancelled, 'The client cancelled the request.');
  }
  // An answer for the later text does not do: a position means something else in it, and the client asks for that text anyway.
  return document?.version === asked.version || (document !== undefined && asked.fits?.(document) === true)
    ? null
    : new ResponseError(LSPErrorCodes.ContentModified, 'The document was changed before the answer was ready.');
}
