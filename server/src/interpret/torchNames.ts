/** What dotted names of PyTorch stand for. */

/** Classes under `torch.nn` that are no modules (torch/nn/parameter.py). */
const NO_MODULES = new Set([
  'Parameter',
  'Buffer',
  'UninitializedParameter',
  'UninitializedBuffer',
  'UninitializedTensorMixin',
]);

const NO_MODULE_PACKAGES = /^torch\.nn\.(utils|init|functional|attention|backends|common_types|grad|parameter)\b/;

/** True for `torch.nn.Conv2d` or `torch.ao.nn.quantized.Linear`: a class that derives from torch.nn.Module. */
export function isTorchModule(path: string): boolean {
  const name = lastName(path);
  if (/^torch\.(ao\.)?quantization\./.test(path)) {
    return /^(De)?QuantStub$|^QuantWrapper$/.test(name);
  }
  return (
    /^torch\.(ao\.)?nn\./.test(path) && /^[A-Z]/.test(name) && !NO_MODULES.has(name) && !NO_MODULE_PACKAGES.test(path)
  );
}

export function isModuleBase(path: string): boolean {
  return isTorchModule(path) && lastName(path) === 'Module';
}

export type Container = 'Sequential' | 'ModuleList' | 'ModuleDict';

/** The container a PyTorch class is; ParameterList and the like hold no modules. */
export function containerOf(path: string | null): Container | null {
  if (path === null || !/^torch\.nn\./.test(path)) {
    return null;
  }
  const name = lastName(path);
  return name === 'Sequential' || name === 'ModuleList' || name === 'ModuleDict' ? name : null;
}

/** Functions that give back the module they were given, itself or changed: its submodules keep their names. */
export function givesBackItsModule(path: string): boolean {
  return (
    /^torch\.nn\.utils\.(weight_norm|spectral_norm|remove_weight_norm|remove_spectral_norm|skip_init)$/.test(path) ||
    /^torch\.nn\.utils\.parametrizations\.\w+$/.test(path) ||
    /^torch\.nn\.utils\.parametrize\.register_parametrization$/.test(path) ||
    /^torch\.nn\.utils\.prune\.\w+$/.test(path) ||
    path === 'copy.deepcopy' ||
    path === 'copy.copy'
  );
}

/** Functions that give a module made of the one they were given: the same path, other submodules. */
export function wrapsItsModule(path: string): boolean {
  return path === 'torch.compile' || /^torch\.jit\.(script|trace)$/.test(path) || path === 'torch.fx.symbolic_trace';
}

/** True where the package is PyTorch's or Python's, so that an unknown function of it gives no module. */
export function isKnownPackage(path: string): boolean {
  return /^(torch|builtins|math|os|sys|re|json|typing|functools|itertools|collections|dataclasses|abc|enum|copy|logging|warnings|random|pathlib|time|numpy|contextlib|types|operator|string|inspect|__future__)(\.|$)/.test(
    path,
  );
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
