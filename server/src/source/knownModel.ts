/** A model of the class graph with all its layers. Pure. */

import type { KnownModel } from '../model/knownModel';
import type { ClassRef } from '../model/moduleClass';
import type { ClassGraph } from './classGraph';

export function knownModel(graph: ClassGraph, of: ClassRef): KnownModel {
  const { layers, complete } = graph.layersOf(of);
  return {
    file: of.file,
    className: of.className,
    complete,
    layers: layers.map(({ path, file, definition }) => ({
      pattern: path,
      file,
      range: definition.range,
      constructorName: definition.constructorName,
      certain: definition.certain,
    })),
  };
}
