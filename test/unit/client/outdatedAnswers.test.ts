import { describe, expect, test } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol';
import { againWhereOutdated, whatIsShownStays } from '../../../client/src/outdatedAnswers';

describe('lenses and hints', () => {
  test('an answer is handed on, nothing for an unchanged text too', async () => {
    const { token } = new CancellationTokenSource();
    expect(await whatIsShownStays({ version: 1 }, token, async () => ['a'])).toEqual(['a']);
    expect(await whatIsShownStays({ version: 1 }, token, async () => null)).toBe(null);
  });

  test('where the text was changed VS Code gets no answer before it cancels', async () => {
    const source = new CancellationTokenSource();
    const document = { version: 1 };
    let answered = false;
    let asked = 0;
    const answer = whatIsShownStays(document, source.token, async () => {
      asked += 1;
      document.version += 1;
      return null;
    }).then(() => {
      answered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    source.cancel();
    await answer;
    expect(asked).toBe(1);
  });

  test('who does not cancel gets the answer for the later text', async () => {
    const { token } = new CancellationTokenSource();
    const document = { version: 1 };
    const ask = async (): Promise<string | null> => {
      if (document.version === 2) {
        return 'later';
      }
      document.version = 2;
      return null;
    };
    expect(await whatIsShownStays(document, token, ask, 1)).toBe('later');
  });
});

describe('requests of the client itself', () => {
  test('are asked again until the text stays', async () => {
    let asked = 0;
    const answer = await againWhereOutdated(async () => {
      asked += 1;
      if (asked < 3) {
        throw new ResponseError(LSPErrorCodes.ContentModified, 'changed');
      }
      return 'rows';
    });
    expect([answer, asked]).toEqual(['rows', 3]);
  });

  test('other errors are not hidden', async () => {
    const error = new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    await expect(againWhereOutdated(() => Promise.reject(error))).rejects.toBe(error);
  });
});
