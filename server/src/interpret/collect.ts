/** From what a run registered to layer definitions: who wrote the line, and the path from the class. */

import type { Expression } from '../syntax/python/ast';
import type { FileClass } from './fileClass';
import { lastName } from './torchNames';
import type { ModuleValue, Registration, Site } from './values';

export interface Found {
  readonly pattern: string;
  readonly site: Site;
  readonly certain: boolean;
  /** Module classes of the file that the layer may be an instance of. */
  readonly builds: readonly FileClass[];
  /** The innermost class of the file whose instance holds it, and the path from there. */
  readonly holder: FileClass | null;
  readonly holderPattern: string;
  /** True where the class only holds what code of another class made and handed over. */
  readonly held: boolean;
  /** True where the path leads through an instance of another class that can be seen. */
  readonly outer: boolean;
}

/** Bounds for models that hold themselves or very much. */
const MAX_DEPTH = 10;
const MAX_FOUND = 4000;

/** All registrations below an instance, outermost first. `isLayer` decides on what only looks like a module. */
export function registrationsBelow(
  root: ModuleValue,
  isLayer: (name: string, registration: Registration) => boolean,
): Found[] {
  const found: Found[] = [];
  const visit = (
    module: ModuleValue,
    path: string,
    above: readonly ModuleValue['registrations'][],
    certain: boolean,
    holder: FileClass | null,
    holderPath: string,
  ): void => {
    if (above.length >= MAX_DEPTH || above.includes(module.registrations)) {
      return;
    }
    for (const registration of [...module.registrations]) {
      const { child } = registration;
      if (found.length >= MAX_FOUND || !accepted(registration, path, isLayer)) {
        continue;
      }
      const pattern = path === '' ? registration.name : `${path}.${registration.name}`;
      const sure = certain && registration.certain && child.plausibility === 'sure';
      const holderPattern = holderPath === '' ? registration.name : `${holderPath}.${registration.name}`;
      if (registration.elsewhere !== true) {
        found.push({
          pattern,
          site: registration.site,
          certain: sure,
          builds: child.of === null ? [] : [child.of],
          holder,
          holderPattern,
          held: false,
          outer: holder !== null && holder !== root.of,
        });
      }
      const below = [...above, module.registrations];
      visit(child, pattern, below, sure, child.of ?? holder, child.of === null ? holderPattern : '');
    }
  };
  visit(root, '', [], true, root.of, '');
  return found;
}

function accepted(
  registration: Registration,
  path: string,
  isLayer: (name: string, registration: Registration) => boolean,
): boolean {
  if (
    registration.elsewhere === true ||
    (registration.child.plausibility !== 'weak' && registration.child.plausibility !== 'weakest') ||
    registration.child.registrations.some((one) => one.child.plausibility === 'sure')
  ) {
    return true;
  }
  return path === '' && isLayer(registration.name, registration);
}

/** Source text of what builds a layer: the called name, behind calls such as `.to(device)`; null where nothing is called. */
export function constructorOf(expression: Expression | null, text: string): string | null {
  if (expression === null) {
    return null;
  }
  if (expression.kind === 'walrus' || expression.kind === 'await') {
    return constructorOf(expression.value, text);
  }
  if (expression.kind === 'conditional') {
    return constructorOf(expression.then, text) ?? constructorOf(expression.otherwise, text);
  }
  if (expression.kind === 'boolean') {
    return constructorOf(expression.left, text) ?? constructorOf(expression.right, text);
  }
  if (expression.kind !== 'call') {
    return null;
  }
  const { callee } = expression;
  if (callee.kind === 'attribute') {
    const inner = constructorOf(callee.object, text);
    if (inner !== null) {
      return inner;
    }
  }
  const written = text.slice(callee.start, callee.end).replace(/\s+/g, '');
  return written.length <= 60 ? written : lastName(written);
}
