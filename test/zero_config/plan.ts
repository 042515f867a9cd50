/** `plan FOLDER`: the capture requests that the server makes for all module classes of a folder's files, as JSON. */

import fs from 'node:fs';
import path from 'node:path';
import { wasmFolder } from '../../server/src/installation';
import type { CaptureRequest } from '../../server/src/protocol/helperMessages.generated';
import { captureRequest } from '../../server/src/recipe/captureRequest';
import { recipeFor } from '../../server/src/recipe/plannedRecipe';
import { likelyFirst, workspaceRecipes } from '../../server/src/recipe/workspaceRecipes';
import { Mapper } from '../../server/src/source/mapper';
import { openReader } from '../../server/src/syntax/openReader';
import { WorkspaceFiles } from '../../server/src/workspaceFiles';

void main(path.resolve(process.argv[2] ?? '.'));

async function main(folder: string): Promise<void> {
  const world = new WorkspaceFiles({ workspace: () => [folder], installed: () => [] });
  const mapper = new Mapper(await openReader(wasmFolder), world);
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .map((name) => path.join(folder, name));
  console.log(JSON.stringify(files.flatMap((file) => requests(mapper, file, files, folder))));
}

function requests(mapper: Mapper, file: string, files: readonly string[], workspaceRoot: string): CaptureRequest[] {
  const parsed = mapper.map(file);
  return (parsed?.classes ?? []).flatMap((one) => {
    const planned = parsed === null ? null : recipeFor(parsed, one.name);
    if (planned === null) {
      return [];
    }
    const facts = {
      file,
      workspaceRoot,
      mode: 'values',
      select: null,
      overlays: new Map<string, string>(),
      memoryLimitGB: 0,
    } as const;
    const placed = mapper.recipesOf({ file, className: one.name }, likelyFirst(files, file));
    const shown = (of: string): string => path.relative(workspaceRoot, of);
    const found = workspaceRecipes(placed, planned.needsArguments, shown, () => performance.now());
    return [captureRequest({ ...facts, found, planned: { ...planned, className: one.name } })];
  });
}
