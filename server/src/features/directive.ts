/** Writes the present recipe as a comment above its class, to be edited. */

import type { CodeAction, Range } from 'vscode-languageserver';
import type { OpenFile } from '../documents';
import { commands, type DirectiveEdit } from '../protocol/clientMessages';
import { requiredParameters } from '../recipe/constructCandidates';
import { directivePlacement, directiveText } from '../recipe/directive';
import { recipeFor } from '../recipe/plannedRecipe';
import type { ServerState } from '../state';

/** The edit for a class; where it has a comment already, that comment is selected. Null where the class is unknown. */
export function directiveEdit(state: ServerState, open: OpenFile, className: string): DirectiveEdit | null {
  const placement = directivePlacement(open.parsed, className);
  if (placement === null) {
    return null;
  }
  if (placement.existing !== null) {
    const { expressionRange } = placement.existing;
    return {
      uri: open.uri,
      position: { line: expressionRange.line - 1, character: expressionRange.column - 1 },
      text: '',
      selection: { start: 0, end: expressionRange.endColumn - expressionRange.column },
    };
  }
  const indent = ' '.repeat(placement.indentation);
  const expression = proposal(state, open, className);
  const before = `${indent}${directiveText('')}`;
  return {
    uri: open.uri,
    position: { line: placement.line, character: 0 },
    text: `${before}${expression}\n`,
    selection: toFill(expression, before.length),
  };
}

/** The quick fix and refactoring on a class line: `# peek:` comment with the present recipe. */
export function directiveActions(open: OpenFile, range: Range): CodeAction[] {
  const line = range.start.line + 1;
  return open.parsed.classes
    .filter((owner) => owner.range.line === line && directivePlacement(open.parsed, owner.name)?.existing === null)
    .map((owner) => {
      const title = `Write the recipe of ${owner.name} as a # peek: comment`;
      return {
        title,
        kind: 'quickfix',
        command: { title, command: commands.editRecipe, arguments: [{ uri: open.uri, className: owner.name }] },
      };
    });
}

/** The first `...` to fill in, else the whole expression. */
function toFill(expression: string, offset: number): DirectiveEdit['selection'] {
  const hole = expression.indexOf('...');
  return hole === -1
    ? { start: offset, end: offset + expression.length }
    : { start: offset + hole, end: offset + hole + '...'.length };
}

/** What ran last, else what is planned, else a form to fill in; a recipe that only builds has its inputs inferred. */
function proposal(state: ServerState, open: OpenFile, className: string): string {
  const planned = recipeFor(open.parsed, className);
  const ran = state.captures.forFile(open.file).find((one) => one.capture.className === className);
  const known = ran?.capture.recipe.expression ?? (planned?.className === className ? planned.expression : null);
  if (known !== null) {
    return known;
  }
  const owner = open.parsed.classes.find((one) => one.name === className);
  const required = owner === undefined ? [] : requiredParameters(open.parsed, owner);
  return required.length === 0 && planned?.className === className
    ? `${planned.construct[0] ?? `${className}()`}(torch.randn(1, 3, 224, 224))`
    : `${className}(${required.map((one) => `${one.name}=...`).join(', ')})`;
}
