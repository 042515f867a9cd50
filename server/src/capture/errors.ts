/** The errors of a capture that are the server's to tell; each says what happened, why, and what to do next. */

import type { CaptureError } from '../protocol/helperMessages.generated';

/** Wraps a CaptureError so that it can be thrown. */
export class CaptureFailure extends Error {
  constructor(readonly error: CaptureError) {
    super(`${error.message} ${error.advice}`.trim());
  }
}

export function noPython(path: string, reason: string): CaptureFailure {
  return new CaptureFailure({
    kind: 'noPython',
    message: `The Python interpreter ${path} could not be started: ${reason}.`,
    advice: 'Choose another one with "Layer Peek: Choose Interpreter" or the setting layerPeek.python.path.',
  });
}

export function notReady(path: string, reason: string, stderr: string): CaptureFailure {
  return new CaptureFailure({
    kind: 'died',
    message: `The helper under ${path} did not get ready: ${reason}.${lastLines(stderr)}`,
    advice:
      'Run this interpreter in a terminal to see whether it starts, or choose another with "Layer Peek: Choose Interpreter".',
  });
}

export function wrongProtocol(path: string, theirs: number, ours: number): CaptureFailure {
  return new CaptureFailure({
    kind: 'protocol',
    message: `The helper under ${path} speaks protocol ${theirs}, this server ${ours}.`,
    advice: 'The installation is mixed up: reinstall Layer Peek, then reload the window.',
  });
}

export function died(how: string): CaptureFailure {
  return new CaptureFailure({
    kind: 'died',
    message: `The Python process that ran the model ended: ${how}.`,
    advice:
      'What ran before is kept. See "Layer Peek: Show Model Output" for what it printed last; the next capture starts a new process.',
  });
}

export function timedOut(seconds: number): CaptureFailure {
  return new CaptureFailure({
    kind: 'timeout',
    message: `The model was still running after ${seconds} s and was stopped.`,
    advice: 'What ran before is kept. Give a smaller input in the recipe, or raise layerPeek.capture.timeoutSeconds.',
  });
}

export function cancelled(): CaptureFailure {
  return new CaptureFailure({ kind: 'cancelled', message: 'The capture was cancelled.', advice: '' });
}

export function badMessage(reason: string): CaptureFailure {
  return new CaptureFailure({
    kind: 'protocol',
    message: reason,
    advice: 'This is a fault in Layer Peek or in its helper: reinstall it, and report the text above if it stays.',
  });
}

function lastLines(text: string): string {
  const tail = text.trim().split('\n').slice(-3).join('\n');
  return tail === '' ? '' : ` It said: ${tail}`;
}

const signals: Record<string, string> = {
  SIGSEGV: 'it crashed with a segmentation fault (SIGSEGV)',
  SIGABRT: 'it aborted (SIGABRT), after a failed check or an exception in C++ that nobody caught',
  SIGBUS: 'it crashed with a bus error (SIGBUS), which is also what happens when /dev/shm is full',
  SIGFPE: 'it crashed with an arithmetic error (SIGFPE)',
  SIGILL: 'it crashed on an instruction that this processor does not have (SIGILL)',
  SIGKILL: 'it was killed (SIGKILL), which is also what happens when memory runs out',
};

/** How a process ended, in words. */
export function exitText(code: number | null, signal: string | null): string {
  const known = signal === null ? undefined : signals[signal];
  if (known !== undefined) {
    return known;
  }
  return signal !== null ? `by the signal ${signal}` : `with exit code ${code ?? 'unknown'}`;
}
