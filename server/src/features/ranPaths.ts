/** The layer paths that a run tells of a definition line, joined with those of the source. */

import type { ClassRef } from '../model/moduleClass';
import type { Capture } from '../protocol/helperMessages.generated';
import { compressPaths } from '../render/layerPattern';
import type { Annotation } from '../state';

export interface LinePaths {
  /** Shortest form: `layer{1..4}.{0,1}.conv1`; first the exact ones of the model that ran, where what it ran is the source as it is now. */
  readonly paths: readonly string[];
  /** The same by the model that holds them; empty where only a run tells them. */
  readonly byRoot: readonly { readonly root: ClassRef; readonly paths: readonly string[] }[];
  readonly certain: boolean;
}

/** The model that ran has the paths of its run, others those of the source; so has every model once its code has changed. */
export function ranPaths(line: LinePaths, annotation: Annotation): LinePaths {
  const ran = annotation.stale ? null : runtimePaths(annotation);
  if (ran === null) {
    const { paths, byRoot, certain } = line;
    return { paths, byRoot, certain };
  }
  const { file, className } = annotation.from.capture;
  const model = modelOf(annotation.from.capture);
  const others = line.byRoot.filter(
    ({ root }) => !isSame(root, model) && (className === null || !isSame(root, { file, className })),
  );
  return {
    paths: [...new Set([...ran, ...others.flatMap((one) => one.paths)])],
    byRoot: [{ root: model, paths: ran }, ...others],
    certain: others.length === 0 || line.certain,
  };
}

/** The class of the model that ran, which the recipe may have put around the one captured. */
function modelOf(capture: Capture): ClassRef {
  const name = capture.modules.find((module) => module.paths.includes(''))?.className ?? capture.className ?? 'model';
  // A base that the model is an instance of has its path too.
  const ran = capture.classes?.find((one) => one.paths.includes('') && one.name.split('.').at(-1) === name);
  return { file: ran?.file ?? capture.file, className: ran?.name ?? name };
}

function isSame(a: ClassRef, b: ClassRef): boolean {
  return a.file === b.file && a.className === b.className;
}

/** Of all layers of the run that come from the line; null where none does. */
export function runtimePaths(annotation: Annotation): readonly string[] | null {
  const paths = annotation.instances.flatMap((module) => module.paths);
  return paths.length === 0 ? null : compressPaths(paths);
}
