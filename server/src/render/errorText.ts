/** Errors and provenance in words. Pure. */

import type { Capture, CaptureError, Recipe } from '../protocol/helperMessages.generated';
import { valueText } from './value';

/** One paragraph: what happened, with the layer and the shapes involved, PyTorch's own message, and what to do. */
export function errorText(error: CaptureError): string {
  const where = error.path === undefined || error.path === '' ? '' : `${error.path} ${layerText(error)}`.trim();
  const got = error.input === undefined ? '' : ` got ${valueText(error.input)}`;
  const head = where === '' && got === '' ? '' : `${where || 'The model'}${got}: `;
  const message = /[.!?:]$/.test(error.message) ? error.message : `${error.message}.`;
  return `${head}${message} ${error.advice}`.trim();
}

/** `Linear(512 -> 64)`-like: the class with its own description. */
export function layerText(layer: { className?: string; description?: string }): string {
  return layer.className === undefined ? '' : `${layer.className}(${layer.description ?? ''})`;
}

const sources: Record<Recipe['source'], string> = {
  directive: 'from the # peek: comment',
  argument: 'given on the command line',
  settings: 'from pyproject.toml',
  workspace: "found in the workspace's code",
  convention: 'as the class itself tells',
  factory: "from the file's own function",
  defaults: "from the constructor's defaults",
  assumed: 'constructor arguments assumed',
};

/** Where the recipe came from: `from the constructor's defaults, input assumed`. */
export function recipeOrigin(recipe: Recipe): string {
  return `${sources[recipe.source]}${recipe.assumed ? ', input assumed' : ''}`;
}

/** `values mode, eval, torch 2.13.0, 14:03:21`. */
export function provenanceText(capture: Capture): string {
  const { torch, startedAt, durationMs, training } = capture.provenance;
  const parts = [
    `${capture.mode} mode`,
    training ? 'train' : 'eval',
    ...(torch === null ? [] : [`torch ${torch}`]),
    `${startedAt.slice(0, 19).replace('T', ' ')} UTC`,
    `${Math.round(durationMs)} ms`,
  ];
  return parts.join(' · ');
}
