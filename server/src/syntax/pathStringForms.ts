/** The calls and arguments that take layer paths: PyTorch's own, and argument names that libraries share. Plain data. */

import type { PathString } from '../model/pathString';

type Form = Pick<PathString, 'names' | 'relation' | 'certain'>;

/** Methods of a module whose first argument is a path. */
export const METHODS: ReadonlyMap<string, Form> = new Map([
  ['get_submodule', { names: 'module', relation: 'path', certain: true }],
  ['set_submodule', { names: 'module', relation: 'parent', certain: true }],
  ['delete_submodule', { names: 'module', relation: 'path', certain: false }],
  ['get_parameter', { names: 'tensor', relation: 'path', certain: true }],
  ['get_buffer', { names: 'tensor', relation: 'path', certain: true }],
]);

export interface PathArgument extends Form {
  readonly position: number;
  readonly keyword: string;
}

const NODE = { names: 'module', relation: 'parent', certain: true } as const;
const FUSED = { names: 'module', relation: 'path', certain: true, position: 1, keyword: 'modules_to_fuse' } as const;

/** Functions that take the model first, and paths in a list or as the keys of a dictionary. */
export const FUNCTIONS: ReadonlyMap<string, readonly PathArgument[]> = new Map<string, readonly PathArgument[]>([
  [
    'create_feature_extractor',
    [
      { ...NODE, position: 1, keyword: 'return_nodes' },
      { ...NODE, position: 2, keyword: 'train_return_nodes' },
      { ...NODE, position: 3, keyword: 'eval_return_nodes' },
    ],
  ],
  [
    'IntermediateLayerGetter',
    [{ names: 'module', relation: 'child', certain: true, position: 1, keyword: 'return_layers' }],
  ],
  ['fuse_modules', [FUSED]],
  ['fuse_modules_qat', [FUSED]],
  [
    'parallelize_module',
    [{ names: 'module', relation: 'path', certain: false, position: 2, keyword: 'parallelize_plan' }],
  ],
]);

const ENDING: Form = { names: 'module', relation: 'suffix', certain: false };

/** Keyword arguments of any call, and fields of configurations, whose lists or keys name layers. */
export const KEYWORDS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['target_modules', ENDING],
  ['modules_to_save', ENDING],
  ['exclude_modules', ENDING],
  ['modules_to_not_convert', ENDING],
  ['llm_int8_skip_modules', ENDING],
  ['device_map', { names: 'module', relation: 'path', certain: false }],
]);

/** Parameters of the user's own functions that are named for a layer path. */
export const LAYER_PARAMETER =
  /^(?:\w+_)?(?:layer|submodule)_(?:name|path)s?$|^(?:target|feature|hook|return)_layers?$|^module_paths?$/;

/** The parameter beside it that holds the model. */
export const MODEL_PARAMETER = /^(?:\w+_)?(?:model|net|network|module|backbone|encoder)$/;

/** What iterating over one of a module's listings names. */
export const LISTINGS: ReadonlyMap<string, Pick<PathString, 'names' | 'relation'>> = new Map([
  ['named_modules', { names: 'module', relation: 'path' }],
  ['named_children', { names: 'module', relation: 'child' }],
  ['named_parameters', { names: 'tensor', relation: 'path' }],
  ['named_buffers', { names: 'tensor', relation: 'path' }],
]);

/** Names that state dictionaries have. */
export const STATE_DICT = /(?:^|_)state_?dicts?$|^sd$/i;

/** Entries of a checkpoint that hold one. */
export const CHECKPOINT_ENTRY = /^model$|state_?dict/;

/** Functions that pass the items of their first argument through. */
export const PASSES_ITEMS: ReadonlySet<string> = new Set([
  'list',
  'tuple',
  'sorted',
  'reversed',
  'iter',
  'set',
  'tqdm',
]);
