import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageclient';

/** True where the request was given up on purpose. */
export function isCancellation(error: unknown): boolean {
  return hasCode(error, LSPErrorCodes.RequestCancelled, LSPErrorCodes.ServerCancelled);
}

/** True where the server's process ended before it answered. */
export function isEndOfServer(error: unknown): boolean {
  return hasCode(error, ErrorCodes.PendingResponseRejected);
}

/** The error in words for a user. */
export function reasonOf(error: unknown): string {
  if (isEndOfServer(error)) {
    return 'its process ended';
  }
  return error instanceof Error ? error.message : String(error);
}

function hasCode(error: unknown, ...codes: number[]): boolean {
  return error instanceof ResponseError && codes.includes(error.code);
}
