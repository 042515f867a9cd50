import { env, window } from 'vscode';
import { z } from 'zod';
import type { Layers } from './layers';

/** What a lens gives (`path`) and what a row of the side bar gives (`layerPath`). */
const pathArgument = z.union([
  z.object({ path: z.string() }).transform(({ path }) => path),
  z.object({ layerPath: z.string() }).transform(({ layerPath }) => layerPath),
]);

/** Command "Copy Layer Path": of the lens or row clicked, else of the layer at the cursor. */
export async function copyLayerPath(layers: Layers, argument: unknown): Promise<void> {
  const given = pathArgument.safeParse(argument);
  const path = given.success ? given.data : ((await layers.layerAtCursor())?.layerPath ?? null);
  if (path === null) {
    void window.showInformationMessage(
      'Layer Peek found no layer here. Put the cursor on the line that defines a layer and try again.',
    );
    return;
  }
  await env.clipboard.writeText(path);
  window.setStatusBarMessage(`Copied ${path}`, 3000);
}
