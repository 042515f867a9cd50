/** `layer-peek capture`: one run, printed. */

import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { CaptureService } from '../capture/captureService';
import { CaptureStore } from '../capture/captureStore';
import { Helper } from '../capture/helper';
import { findInterpreters } from '../capture/interpreter';
import { helperFolder, wasmFolder } from '../installation';
import { counts, reconcile } from '../mapping/reconcile';
import { sourceDrift } from '../mapping/sourceDrift';
import type { ParsedFile } from '../model/moduleClass';
import { settingsSchema } from '../protocol/clientMessages';
import type { Capture, FoundRecipe } from '../protocol/helperMessages.generated';
import { captureRequest, type GivenRecipe } from '../recipe/captureRequest';
import { type PlannedRecipe, recipeFor, withExpression } from '../recipe/plannedRecipe';
import { likelyFirst, workspaceRecipes } from '../recipe/workspaceRecipes';
import { captureText } from '../render/captureText';
import { errorText } from '../render/errorText';
import { compressPaths } from '../render/layerPattern';
import { Mapper } from '../source/mapper';
import { NOTHING } from '../source/summarize';
import { openReader } from '../syntax/openReader';
import { projectRecipe, wantsSmall } from '../workspace/projectRecipes';
import { findPythonFiles } from '../workspace/pythonFiles';
import { searchPathsOf } from '../workspace/searchPaths';
import { WorkspaceFiles } from '../workspaceFiles';
import { readSource } from './readSource';
import { UsageError } from './usage';

/** Files of the present folder that are looked through for calls of the model. */
const MOST_FILES = 2000;

const options = {
  recipe: { type: 'string' },
  mode: { type: 'string', default: 'values' },
  layer: { type: 'string', multiple: true },
  python: { type: 'string', default: process.env.LAYER_PEEK_PYTHON ?? '' },
  timeout: { type: 'string', default: '60' },
  train: { type: 'boolean', default: false },
  gradients: { type: 'boolean', default: false },
  'stop-early': { type: 'boolean', default: false },
  memory: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
} as const;

/** Gives the exit code: 0 where the model ran through, 1 where it did not. */
export async function captureCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  const { file, className } = target(positionals);
  const mode = settingsSchema.shape.capture.unwrap().shape.mode.unwrap().safeParse(values.mode);
  if (!mode.success) {
    throw new UsageError(`--mode is values, shapes or symbolic, not "${values.mode}".`);
  }
  const timeoutSeconds = Number(values.timeout);
  if (!(timeoutSeconds > 0)) {
    throw new UsageError(`--timeout takes a number of seconds, not "${values.timeout}".`);
  }
  const memoryLimitGB = Number(values.memory);
  if (!(memoryLimitGB >= 0)) {
    throw new UsageError(`--memory takes a number of gigabytes, not "${values.memory}".`);
  }
  const source = readSource(file);
  if (source.text === null) {
    throw new Error(source.problem);
  }
  const root = process.cwd();
  const workspaceRoot = file.startsWith(root + path.sep) ? root : null;
  const [interpreter] = findInterpreters({
    folder: path.dirname(file),
    workspaceRoot,
    configured: values.python,
    pythonExtension: null,
  });
  if (interpreter === undefined) {
    throw new Error('No Python interpreter was found. Name one with --python PATH.');
  }
  const mapper = new Mapper(
    await openReader(wasmFolder),
    new WorkspaceFiles({ workspace: () => [root], installed: () => searchPathsOf(interpreter.path) }),
  );
  const parsed = mapper.map(file) ?? NOTHING;
  const planned = plan(parsed, file, className, values.recipe, workspaceRoot);
  const found = planned.expression === null ? await foundRecipes(mapper, file, planned, root) : [];
  let helper: Helper | null = null;
  const token = new CancellationTokenSource();
  process.once('SIGINT', () => token.cancel());
  const onOutput = (text: string): void => void process.stderr.write(text);
  try {
    const { capture, sources } = await new CaptureService(new CaptureStore()).run({
      request: {
        ...captureRequest({
          file,
          workspaceRoot,
          planned,
          found,
          small: wantsSmall(file, workspaceRoot),
          mode: mode.data,
          select: values.layer === undefined ? null : { paths: values.layer, lines: [] },
          overlays: new Map(),
          memoryLimitGB,
        }),
        training: values.train,
        gradients: values.gradients,
        stopEarly: values['stop-early'],
      },
      takeHelper: async () => {
        helper = await Helper.start({ python: interpreter.path, helperFolder, cwd: root, forks: false, onOutput });
        return helper;
      },
      timeoutSeconds,
      token: token.token,
      onProgress: () => undefined,
    });
    const { text } = source;
    const elsewhere = parsed.farDefinitions.flatMap((one) => (one.file === file ? [one.definition.range] : []));
    const drift = sourceDrift(text, text);
    const reconciled = reconcile(capture, { file, text, classes: parsed.classes, elsewhere, drift });
    if (values.json) {
      const document: Capture = { ...capture, reconciliation: counts(reconciled) };
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      // The user's own lines; those of installed packages that the model uses would bury them.
      const own = [...sources].filter(([one]) => one === file || !one.split(path.sep).includes('site-packages'));
      process.stdout.write(`${captureText(capture, new Map(own), process.cwd(), reconciled).join('\n')}\n`);
    }
    if (capture.error !== null) {
      const { site } = capture.error;
      const place = site === undefined ? '' : `${path.relative(process.cwd(), site.file)}:${site.line}: `;
      process.stderr.write(`layer-peek: ${place}${errorText(capture.error)}\n`);
    }
    for (const other of planned.otherRoots) {
      process.stderr.write(`layer-peek: captured ${planned.className}; for ${other} name ${positionals[0]}:${other}\n`);
    }
    if (capture.status === 'ok' && values.layer !== undefined && capture.calls.length === 0) {
      const paths = capture.modules.flatMap((module) => module.paths).filter((one) => one !== '');
      const known = compressPaths(paths).slice(0, 12).join(', ');
      process.stderr.write(
        `layer-peek: no call of a layer ${values.layer.join(' or ')}. The model's layers are: ${known}\n`,
      );
      return 1;
    }
    return capture.status === 'ok' ? 0 : 1;
  } finally {
    release(helper);
  }
}

function release(helper: Helper | null): void {
  helper?.kill();
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `FILE` or `FILE:Class`; the colon of a Windows drive is none. */
function target(positionals: readonly string[]): { file: string; className: string | null } {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new UsageError('capture takes one file, as FILE or FILE:Class.');
  }
  const match = /^(?<file>.+):(?<className>[\p{L}_][\p{L}\p{N}_.]*)$/u.exec(name);
  const { file, className } = match?.groups ?? {};
  return { file: path.resolve(file ?? name), className: className ?? null };
}

type Planned = GivenRecipe & Pick<PlannedRecipe, 'otherRoots' | 'needsArguments'>;

/** What the code below the present folder says of how the class is built and called. */
async function foundRecipes(mapper: Mapper, file: string, planned: Planned, root: string): Promise<FoundRecipe[]> {
  const files: string[] = [];
  for await (const one of findPythonFiles([root], { limit: MOST_FILES }, () => nextTurn())) {
    files.push(one);
  }
  const { className, needsArguments } = planned;
  const shown = (one: string): string => path.relative(root, one);
  const placed = className === null ? [] : mapper.recipesOf({ file, className }, likelyFirst(files, file));
  return workspaceRecipes(placed, needsArguments, shown, () => performance.now());
}

function plan(
  parsed: ParsedFile,
  file: string,
  className: string | null,
  recipe: string | undefined,
  workspaceRoot: string | null,
): Planned {
  const planned = recipeFor(parsed, className);
  if (planned === null && className === null && recipe !== undefined) {
    return {
      className: null,
      expression: recipe,
      construct: [],
      source: 'argument',
      needsArguments: false,
      otherRoots: [],
    };
  }
  if (planned === null) {
    const known = parsed.classes.map((one) => one.name).join(', ');
    throw new Error(
      className === null
        ? `${file} defines no module class (none that is known to derive from torch.nn.Module). Name a file that does.`
        : `${file} has no module class ${className}. It has: ${known || 'none'}.`,
    );
  }
  if (recipe !== undefined) {
    return { ...planned, expression: recipe, source: 'argument' };
  }
  const settings = planned.expression === null ? projectRecipe(file, planned.className, workspaceRoot) : null;
  return settings === null ? planned : withExpression(planned, settings.expression);
}
