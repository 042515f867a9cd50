/** The names of parameters and buffers that PyTorch's own layers have. Pure. */

const NAMES =
  /^(?:weight|bias|running_mean|running_var|num_batches_tracked|in_proj_weight|in_proj_bias|(?:weight|bias)_(?:ih|hh|hr)_l\d+(?:_reverse)?|weight_[gv]|original\d*)$/;

export function isTensorName(name: string): boolean {
  return NAMES.test(name);
}

/** Parameters and buffers of a layer by the class that builds it, as written; none where it is not PyTorch's. */
export function tensorNamesOf(constructorName: string | null): readonly string[] {
  const name = /^(?:(?:torch\.)?nn\.)?(?<name>[A-Z]\w*)$/.exec(constructorName ?? '')?.groups?.name ?? '';
  if (/^(?:Lazy)?(?:Linear|Bilinear|Conv(?:Transpose)?[123]d|LayerNorm|GroupNorm)$/.test(name)) {
    return ['weight', 'bias'];
  }
  if (/^(?:Lazy)?(?:Sync)?BatchNorm(?:[123]d)?$/.test(name)) {
    return ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];
  }
  if (/^(?:Embedding|EmbeddingBag|PReLU|RMSNorm)$/.test(name)) {
    return ['weight'];
  }
  if (/^(?:LSTM|GRU|RNN)$/.test(name)) {
    return ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'];
  }
  return name === 'MultiheadAttention' ? ['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias'] : [];
}
