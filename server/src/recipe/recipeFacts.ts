/** What the recipes of a file hang on, looked up once: every class of the file asks, and there may be hundreds. Pure. */

import type { Factory, ModuleClass, ParsedFile } from '../model/moduleClass';

export interface RecipeFacts {
  /** The first of each name. */
  readonly classes: ReadonlyMap<string, ModuleClass>;
  /** Expression of the first directive by each class. */
  readonly directives: ReadonlyMap<string, string>;
  readonly factories: ReadonlyMap<string, readonly Factory[]>;
  /** Names of configurations that build without arguments. */
  readonly configurations: ReadonlySet<string>;
}

const known = new WeakMap<ParsedFile, RecipeFacts>();

export function recipeFacts(parsed: ParsedFile): RecipeFacts {
  let facts = known.get(parsed);
  if (facts === undefined) {
    facts = collect(parsed);
    known.set(parsed, facts);
  }
  return facts;
}

function collect({ classes, directives, factories, plainClasses }: ParsedFile): RecipeFacts {
  const byClass = new Map<string, Factory[]>();
  for (const one of factories) {
    const all = byClass.get(one.className);
    if (all === undefined) {
      byClass.set(one.className, [one]);
    } else {
      all.push(one);
    }
  }
  return {
    classes: new Map(classes.map((one) => [one.name, one] as const).reverse()),
    directives: new Map(
      directives
        .flatMap(({ className, expression }) => (className === null ? [] : [[className, expression] as const]))
        .reverse(),
    ),
    factories: byClass,
    configurations: new Set(plainClasses.filter((one) => one.buildsWithoutArguments).map((one) => one.name)),
  };
}
