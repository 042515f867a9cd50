/** Messages between the client and the server beyond the Language Server Protocol. Positions are LSP ones: 0-based, UTF-16. */

import { z } from 'zod';

const position = z.object({ line: z.number().int(), character: z.number().int() });
const range = z.object({ start: position, end: position });
const location = z.object({ uri: z.string(), range });

/** What the client alone knows: sent as `initializationOptions`, and again as notification `layerPeek/environment` when it changes. */
export const environmentSchema = z.object({
  /** True where the client registers the commands of lenses itself; other editors get them from the server. */
  ownsCommands: z.boolean(),
  /** False in Restricted Mode: nothing of the user's is run. */
  trusted: z.boolean(),
  /** Interpreter that the Python extension has active, where it is installed. */
  pythonFromExtension: z.string().nullable(),
  /** Folder of the client's own where what was read of the workspace may be kept for the next start; null keeps nothing. */
  cacheFolder: z.string().nullable().default(null),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Settings under `layerPeek`; the defaults are those of package.json, a test compares them. */
export const settingsSchema = z.object({
  python: z.object({ path: z.string().default('') }).default({ path: '' }),
  codeLens: z.object({ enabled: z.boolean().default(true) }).default({ enabled: true }),
  inlayHints: z.object({ enabled: z.boolean().default(true) }).default({ enabled: true }),
  capture: z
    .object({
      mode: z.enum(['values', 'shapes', 'symbolic']).default('values'),
      timeoutSeconds: z.number().positive().default(60),
      idleMinutes: z.number().positive().default(10),
      training: z.boolean().default(false),
      gradients: z.boolean().default(false),
      stopEarly: z.boolean().default(false),
      /** 0 for most of what the machine has free. */
      memoryLimitGB: z.number().nonnegative().default(0),
    })
    .default({
      mode: 'values',
      timeoutSeconds: 60,
      idleMinutes: 10,
      training: false,
      gradients: false,
      stopEarly: false,
      memoryLimitGB: 0,
    }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The editor's own setting `editor.inlayHints`; other editors have none. */
export const editorHintsSchema = z.object({ enabled: z.string().default('on') }).catch({ enabled: 'on' });

/** Request `layerPeek/capture`; the answer comes when the run has ended. Progress is reported on `workDoneToken`, cancel by cancelling the request. */
export const captureParamsSchema = z.object({
  uri: z.string(),
  /** Qualified module class; null takes the file's root class. */
  className: z.string().nullable(),
  /** Hook only the layers defined on this line; null hooks all. */
  line: z.number().int().nullable(),
  workDoneToken: z.union([z.string(), z.number()]).optional(),
});
export type CaptureParams = z.infer<typeof captureParamsSchema>;

/** A recipe comment ready to stand above a class; `selection` is the part to edit, relative to the start of `text`. */
export const directiveEditSchema = z.object({
  uri: z.string(),
  position,
  text: z.string(),
  selection: z.object({ start: z.number().int(), end: z.number().int() }),
});
export type DirectiveEdit = z.infer<typeof directiveEditSchema>;

export const captureOutcomeSchema = z.object({
  status: z.enum(['ok', 'failed', 'cancelled']),
  /** One sentence for the user: what was seen, or what happened, why, and what to do next. */
  message: z.string(),
  errorKind: z.string().nullable(),
  /** Where the failure is, to offer "Show line". */
  location: location.nullable(),
  /** Offered where a recipe is missing or did not run. */
  directive: directiveEditSchema.nullable(),
});
export type CaptureOutcome = z.infer<typeof captureOutcomeSchema>;

/** Request `layerPeek/directive` `{ uri, className }`: the edit that writes the present recipe above the class, null where the class is unknown. */
export const directiveParamsSchema = z.object({ uri: z.string(), className: z.string() });
export const directiveResultSchema = directiveEditSchema.nullable();

/** A row of the side bar. */
export interface TreeRow {
  /** Stable between refreshes, so that expansion is kept. */
  id: string;
  label: string;
  /** Shown dimmed behind the label: shapes, parameter count. */
  description: string;
  /** Markdown. */
  tooltip: string;
  kind: 'file' | 'class' | 'container' | 'layer' | 'model';
  location: z.infer<typeof location> | null;
  /** For "Copy Layer Path"; null on rows that are no layer. */
  layerPath: string | null;
  /** Set on rows that can be captured. */
  capture: { uri: string; className: string; line: number | null } | null;
  stale: boolean;
  expanded: boolean;
  children: TreeRow[];
}
export const treeRowSchema: z.ZodType<TreeRow> = z.lazy(() =>
  z.object({
    id: z.string(),
    label: z.string(),
    description: z.string(),
    tooltip: z.string(),
    kind: z.enum(['file', 'class', 'container', 'layer', 'model']),
    location: location.nullable(),
    layerPath: z.string().nullable(),
    capture: z.object({ uri: z.string(), className: z.string(), line: z.number().int().nullable() }).nullable(),
    stale: z.boolean(),
    expanded: z.boolean(),
    children: z.array(treeRowSchema),
  }),
);
/** Request `layerPeek/tree`: the rows for the active document; `uri` null gives those of all open files. */
export const treeParamsSchema = z.object({ uri: z.string().nullable() });
export const treeResultSchema = z.array(treeRowSchema);

/** Request `layerPeek/layers`: the layers that a text may mean; a path, a part of one, or what `print(model)` writes. */
export const layersParamsSchema = z.object({
  query: z.string(),
  /** The document that is worked in: among equals its layers come first. */
  uri: z.string().nullable(),
});
export type LayersParams = z.infer<typeof layersParamsSchema>;
export const layerRowSchema = z.object({
  /** With the indices asked for: `layer1.0.conv1`; `*` where any is meant. */
  path: z.string(),
  /** Root class of the model that has it. */
  className: z.string(),
  location,
  /** What builds it, as written; null where no call does. */
  constructorName: z.string().nullable(),
  /** False where the source does not tell for certain that it exists. */
  certain: z.boolean(),
});
export type LayerRow = z.infer<typeof layerRowSchema>;
export const layersResultSchema = z.object({
  /** Best first, at most as many as a list can show. */
  rows: z.array(layerRowSchema),
  /** How many layers are known at all. */
  known: z.number().int(),
});
export type LayersResult = z.infer<typeof layersResultSchema>;

export const interpreterSchema = z.object({
  path: z.string(),
  source: z.enum(['setting', 'pythonExtension', 'workspaceVenv', 'path']),
  /** As `ready` told, null before a helper has started. */
  python: z.string().nullable(),
  torch: z.string().nullable(),
  /** Why it can't capture, null where nothing is known against it. */
  problem: z.string().nullable(),
});
export type Interpreter = z.infer<typeof interpreterSchema>;

/** Request `layerPeek/interpreters` `{ uri }`: what could be used for this file, the one in use first. */
export const interpretersParamsSchema = z.object({ uri: z.string().nullable() });
export const interpretersResultSchema = z.array(interpreterSchema);

/** Notification `layerPeek/state` of the server: something shown has changed. `interpreter` is the one in use. */
export const stateSchema = z.object({
  interpreter: interpreterSchema.nullable(),
  capturing: z.boolean(),
});
export type State = z.infer<typeof stateSchema>;

/** Notification `layerPeek/output` of the server: what user code printed. */
export const outputSchema = z.object({ text: z.string() });

/** Commands that lenses carry; the client registers them (the server does where the client says it does not own commands). Arguments: one CaptureParams for the first two, one directiveParams for the third. */
export const commands = {
  captureOutput: 'layerPeek.captureOutput',
  captureAll: 'layerPeek.captureAll',
  editRecipe: 'layerPeek.editRecipe',
  cancelCapture: 'layerPeek.cancelCapture',
  copyLayerPath: 'layerPeek.copyLayerPath',
} as const;

export const methods = {
  environment: 'layerPeek/environment',
  capture: 'layerPeek/capture',
  cancelCapture: 'layerPeek/cancelCapture',
  directive: 'layerPeek/directive',
  tree: 'layerPeek/tree',
  layers: 'layerPeek/layers',
  interpreters: 'layerPeek/interpreters',
  state: 'layerPeek/state',
  output: 'layerPeek/output',
} as const;
