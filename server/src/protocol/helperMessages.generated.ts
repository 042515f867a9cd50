/** Generated from python-helper/protocol.schema.json by `npm run generate`; do not edit. */

export type Value = TensorValue | ContainerValue | PlainValue;
export type NullableSite = Site | null;
/**
 * What a recipe rests on. directive: a comment by the class. argument: the command line. settings: pyproject.toml. workspace: a call in the workspace's code. convention: what the class tells itself, such as example_input_array. factory: a function of the file. defaults: the constructor's. assumed: made-up constructor arguments.
 */
export type RecipeSource =
  'directive' | 'argument' | 'settings' | 'workspace' | 'convention' | 'factory' | 'defaults' | 'assumed';
/**
 * values: real tensors. shapes: no memory and no arithmetic. symbolic: shapes with names for sizes.
 */
export type Mode = 'values' | 'shapes' | 'symbolic';
/**
 * failed keeps everything up to the failure.
 */
export type Status = 'ok' | 'failed' | 'cancelled';
export type Index = number[];

/**
 * Every message between the Layer Peek server and its Python helper, and the Capture document. Lines and columns are 1-based, columns count UTF-16 code units, endColumn is exclusive. Shapes are lists of sizes.
 */
export interface Protocol {
  ready?: Ready;
  started?: Started;
  progress?: Progress;
  part?: CapturePart;
  exited?: Exited;
  captureRequest?: CaptureRequest;
  captureEnd?: CaptureEnd;
  statisticsRequest?: StatisticsRequest;
  statistics?: Statistics;
  capture?: Capture;
}
/**
 * First message of the helper (notification `ready`), sent once its imports are done.
 */
export interface Ready {
  protocolVersion: number;
  pid: number;
  python: {
    version: string;
    executable: string;
  };
  /**
   * torch.__version__, null where torch can't be imported.
   */
  torch: string | null;
  /**
   * True where one helper serves many captures, each in a forked child.
   */
  forks: boolean;
  /**
   * Why torch can't be imported.
   */
  problem: CaptureError | null;
}
/**
 * What happened, why, and what to do next.
 */
export interface CaptureError {
  kind:
    | 'noTorch'
    | 'noPython'
    | 'import'
    | 'noRecipe'
    | 'recipe'
    | 'construct'
    | 'forward'
    | 'dataDependent'
    | 'died'
    | 'timeout'
    | 'memory'
    | 'internal'
    | 'cancelled'
    | 'protocol'
    | 'untrusted'
    | 'noClass';
  /**
   * PyTorch's or Python's own message where there is one.
   */
  message: string;
  advice: string;
  /**
   * Class of the exception.
   */
  exception?: string;
  site?: Site;
  /**
   * Layer path of the innermost layer that raised.
   */
  path?: string;
  className?: string;
  /**
   * extra_repr of that layer.
   */
  description?: string;
  input?: Value;
  traceback?: string;
}
/**
 * A place in a source file; columns are null where Python tells lines only (before 3.11).
 */
export interface Site {
  file: string;
  line: number;
  endLine: number;
  column: number | null;
  endColumn: number | null;
}
export interface TensorValue {
  kind: 'tensor';
  shape: number[];
  /**
   * Without `torch.`, e.g. float32.
   */
  dtype: string;
  device: string;
  /**
   * Only for subclasses of Tensor.
   */
  className?: string;
  /**
   * Sizes by name where the run had names: N, H/2; shape is an example then.
   */
  dims?: string[];
  /**
   * Only where it is not strided, e.g. sparse_coo.
   */
  layout?: string;
  /**
   * Asks for statistics while the helper lives.
   */
  handle?: number;
  /**
   * Handle of a tensor seen before that lies in the same memory.
   */
  sharesWith?: number;
}
export interface ContainerValue {
  kind: 'arguments' | 'tuple' | 'list' | 'dict' | 'object';
  /**
   * E.g. tuple, BaseModelOutput; empty for arguments.
   */
  className: string;
  items: {
    key: string;
    value: Value;
  }[];
  /**
   * Number of items left out of a very long container.
   */
  omitted: number;
}
/**
 * Anything that holds no tensor we know of: None, numbers, strings, opaque objects.
 */
export interface PlainValue {
  kind: 'plain';
  className: string;
  /**
   * A short form of the value, e.g. None, 3, True.
   */
  text: string;
}
/**
 * Notification `started`: the process that runs this capture; it leads its own process group where the platform has them.
 */
export interface Started {
  pid: number;
}
/**
 * Notification `progress`.
 */
export interface Progress {
  stage: 'import' | 'infer' | 'construct' | 'forward' | 'finish';
  message: string;
}
/**
 * Notification `part`: results as they come. Lists are appended to those of earlier parts.
 */
export interface CapturePart {
  /**
   * True where the run begins anew: what earlier parts held is void.
   */
  restarted?: boolean;
  classes?: RuntimeClass[];
  modules?: RuntimeModule[];
  calls?: Call[];
  operations?: Operation[];
}
/**
 * A class outside of PyTorch that the model has instances of, itself or by a subclass.
 */
export interface RuntimeClass {
  file: string;
  /**
   * Qualified name (Outer.Inner).
   */
  name: string;
  /**
   * First layer path of each instance.
   */
  paths: string[];
  /**
   * Attributes that are None in every instance.
   */
  none: string[];
}
export interface RuntimeModule {
  /**
   * All layer paths of this module, `` (empty) for the root.
   */
  paths: string[];
  /**
   * Name of the class, e.g. Conv2d.
   */
  className: string;
  /**
   * The module's extra_repr on one line.
   */
  description: string;
  /**
   * The line that is this layer's definition: the registering statement, or the item that built it inside a container.
   */
  definition: Site | null;
  /**
   * The expression that built it.
   */
  construction: Site | null;
  /**
   * Number of parameter elements, those of submodules included.
   */
  parameters: number;
  ownParameters: {
    name: string;
    shape: number[];
    dtype: string;
    trainable: boolean;
  }[];
}
export interface Call {
  path: string;
  /**
   * 0 for the first call of this layer.
   */
  index: number;
  /**
   * Place in the order in which calls began, over all layers hooked.
   */
  order: number;
  callSite: NullableSite;
  /**
   * Layer path of the container that made the call for the call site, null when the site calls this layer itself.
   */
  through: string | null;
  input: Value;
  /**
   * null when the call raised.
   */
  output: Value | null;
  /**
   * true where this alone is the value of its statement: only then does it tell what the line gives.
   */
  wholeValue?: boolean;
}
/**
 * A function without a module, called from a line outside of PyTorch.
 */
export interface Operation {
  file: string;
  line: number;
  endLine: number;
  column: number | null;
  endColumn: number | null;
  name: string;
  /**
   * Name the statement assigns the value of this very expression to.
   */
  variable: string | null;
  /**
   * Layer path whose forward ran it.
   */
  path: string;
  order: number;
  output: Value;
  /**
   * true where this alone is the value of its statement: only then does it tell what the line gives.
   */
  wholeValue?: boolean;
}
/**
 * Notification `exited` of a forking helper: the child that ran a capture is gone.
 */
export interface Exited {
  pid: number;
  code: number | null;
  /**
   * Name such as SIGSEGV.
   */
  signal: string | null;
  error?: CaptureError1;
}
/**
 * Why, where the helper had to end it or knows more than the code tells.
 */
export interface CaptureError1 {
  kind:
    | 'noTorch'
    | 'noPython'
    | 'import'
    | 'noRecipe'
    | 'recipe'
    | 'construct'
    | 'forward'
    | 'dataDependent'
    | 'died'
    | 'timeout'
    | 'memory'
    | 'internal'
    | 'cancelled'
    | 'protocol'
    | 'untrusted'
    | 'noClass';
  /**
   * PyTorch's or Python's own message where there is one.
   */
  message: string;
  advice: string;
  /**
   * Class of the exception.
   */
  exception?: string;
  site?: Site;
  /**
   * Layer path of the innermost layer that raised.
   */
  path?: string;
  className?: string;
  /**
   * extra_repr of that layer.
   */
  description?: string;
  input?: Value;
  traceback?: string;
}
/**
 * Request `capture`, answered by CaptureEnd. It ends the capture before it.
 */
export interface CaptureRequest {
  /**
   * Absolute path of the Python file.
   */
  file: string;
  /**
   * Absolute path; put on sys.path after the file's own root.
   */
  workspaceRoot: string | null;
  /**
   * Qualified name of the module class (Outer.Inner).
   */
  className: string | null;
  recipe: RecipeRequest;
  mode: Mode;
  /**
   * Which layers to hook; null hooks all.
   */
  select: Selection | null;
  /**
   * True runs the model in train mode; eval is the default.
   */
  training?: boolean;
  /**
   * True goes backward once from the output, or from the loss that the recipe makes of it.
   */
  gradients?: boolean;
  /**
   * True ends the run once each layer selected has been called.
   */
  stopEarly?: boolean;
  /**
   * Unsaved texts that stand for the files on disk.
   */
  overlays: {
    file: string;
    text: string;
  }[];
  /**
   * The most memory that the run may take; beyond it values mode goes over to shapes mode. Without it, most of what the machine has free.
   */
  memoryBytes?: number;
}
export interface RecipeRequest {
  /**
   * `Model(args)(inputs)`; null asks for inference.
   */
  expression: string | null;
  /**
   * Expressions that may build the model, tried in order when the inputs are to be inferred.
   */
  construct: string[];
  /**
   * Calls and constructions of the model that stand in the workspace's code or settings, tried without data before anything is inferred.
   */
  found?: FoundRecipe[];
  /**
   * Has configurations of libraries made small, which the user must ask for.
   */
  small?: boolean;
  source: RecipeSource;
}
export interface FoundRecipe {
  /**
   * `Model(args)(inputs)` or `Model(args)`, evaluable in the class's file.
   */
  expression: string;
  source: RecipeSource;
  /**
   * For the reader: path in the workspace and line.
   */
  place: string;
}
/**
 * A layer is hooked when its path matches one of the patterns (`*` stands for one path segment) or its definition lies within one of the ranges.
 */
export interface Selection {
  paths: string[];
  lines: {
    file: string;
    line: number;
    endLine: number;
  }[];
}
/**
 * Answer to `capture`: all that is not in the parts.
 */
export interface CaptureEnd {
  status: Status;
  mode: Mode;
  recipe: Recipe;
  provenance: Provenance;
  findings?: Finding[];
  gradients?: Gradients;
  uncalled: Uncalled[];
  /**
   * What the reader must know to trust the result.
   */
  notes: string[];
  error: CaptureError | null;
}
export interface Recipe {
  /**
   * What ran, ready to stand in a directive; null when none was found.
   */
  expression: string | null;
  source: RecipeSource;
  /**
   * True where the inputs were inferred.
   */
  assumed: boolean;
}
export interface Provenance {
  torch: string | null;
  python: string;
  /**
   * ISO 8601, UTC.
   */
  startedAt: string;
  durationMs: number;
  training: boolean;
}
/**
 * The first value of its kind that is not finite.
 */
export interface Finding {
  kind: 'nan' | 'infinite';
  message: string;
  /**
   * Layer path of the layer that gave it, or whose forward computed it.
   */
  path: string;
  site: NullableSite;
}
/**
 * What one backward pass gave.
 */
export interface Gradients {
  /**
   * What it went backward from, e.g. the recipe's own loss.
   */
  scalar: string;
  /**
   * Its value; null where it is not known or not finite.
   */
  loss: number | null;
  /**
   * Of what calls returned; with path and index.
   */
  outputs: GradientNorm[];
  /**
   * With path of the layer and name.
   */
  parameters: GradientNorm[];
}
export interface GradientNorm {
  path: string;
  index?: number;
  name?: string;
  /**
   * null where no gradient came back, or where it is not finite.
   */
  norm: number | null;
  finite: boolean;
}
export interface Uncalled {
  path: string;
  reason: string;
}
/**
 * Request `statistics`, answered by Statistics, or an error once the tensor is gone.
 */
export interface StatisticsRequest {
  handle: number;
}
export interface Statistics {
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  std: number | null;
  /**
   * Share of zeros, 0 to 1.
   */
  zeros: number | null;
  nan: number;
  infinite: number;
  elements: number;
  /**
   * True where an in-place operation changed the tensor after the layer returned it.
   */
  changed: boolean;
  /**
   * Index of the first NaN; null where there is none.
   */
  firstNan?: Index | null;
  firstInfinite?: Index | null;
  /**
   * Counts of equal bins from minimum to maximum; empty where nothing is finite.
   */
  histogram?: number[];
  /**
   * Number of elements that mean, std, zeros and histogram were made of; null where all were.
   */
  sampled?: number | null;
}
/**
 * One run's results: a file format.
 */
export interface Capture {
  version: 1;
  file: string;
  className: string | null;
  status: Status;
  mode: Mode;
  recipe: Recipe;
  provenance: Provenance;
  /**
   * Missing where the run did not come so far.
   */
  classes?: RuntimeClass[];
  reconciliation?: Reconciliation;
  modules: RuntimeModule[];
  calls: Call[];
  operations: Operation[];
  findings?: Finding[];
  gradients?: Gradients;
  uncalled: Uncalled[];
  notes: string[];
  error: CaptureError | null;
}
/**
 * The static mapping of the captured file against the run; written by the server.
 */
export interface Reconciliation {
  /**
   * Layer definitions that the source tells, in classes of this model.
   */
  definitions: number;
  /**
   * Runtime layers that are defined in the file.
   */
  layers: number;
  /**
   * Of these layers, how many no definition of the source tells.
   */
  missed: number;
  /**
   * Of these definitions, how many no layer comes from, without a reason in the source.
   */
  invented: number;
}
