/** Reads what `print(model)` and the summaries of torchinfo, torchsummary and Lightning write. Line breaks may be lost. Pure. */

export interface PrintedLayer {
  /** Names from the outermost layer printed; empty for the model itself. Null where names are not printed. */
  readonly names: readonly string[] | null;
  /** True where the outermost one is the model, so that the names are its path. */
  readonly fromRoot: boolean;
  readonly className: string;
  /** How many names its path has, where only that is printed. */
  readonly depth: number | null;
}

/** A pasted text may be long; what comes behind is not looked at. */
const MAX_LENGTH = 200_000;
const MAX_LAYERS = 2000;

/** The layers in the order of interest: of a text that ends within an open bracket the last one is meant. */
export function printedLayers(text: string): PrintedLayer[] {
  const read = text.slice(0, MAX_LENGTH);
  const repr = fromRepr(read);
  return repr.length > 0 ? repr : fromSummary(read);
}

const ENTRY = /\((?<name>[^\s():,]+)\):\s+(?:\d+ x )?(?<className>[A-Za-z_][\w.]*)\(/y;
const ROOT = /^\s*(?<className>[A-Za-z_]\w*)\(\s*(?:\([^\s():,]+\):|$)/;

function fromRepr(text: string): PrintedLayer[] {
  const found: PrintedLayer[] = [];
  const open: { name: string; depth: number }[] = [];
  const root = ROOT.exec(text);
  const hasEntries = /\([^\s():,]+\):\s+(?:\d+ x )?[A-Za-z_][\w.]*\(/.test(text);
  if (!hasEntries) {
    return [];
  }
  let depth = 0;
  if (root?.groups !== undefined) {
    found.push({ names: [], fromRoot: true, className: root.groups.className ?? '', depth: null });
  }
  for (let at = 0; at < text.length && found.length < MAX_LAYERS; at += 1) {
    const sign = text[at];
    if (sign === '(') {
      ENTRY.lastIndex = at;
      const entry = ENTRY.exec(text);
      if (entry?.groups !== undefined) {
        open.push({ name: rangeName(entry.groups.name ?? ''), depth });
        const names = open.map((one) => one.name);
        found.push({ names, fromRoot: root !== null, className: entry.groups.className ?? '', depth: null });
        at += entry[0].length - 1;
      }
      depth += 1;
    } else if (sign === ')') {
      depth -= 1;
      while ((open.at(-1)?.depth ?? -1) >= depth) {
        open.pop();
      }
      depth = Math.max(0, depth);
    }
  }
  const last = found.at(-1);
  return depth > 0 && last !== undefined ? [last, ...found.slice(0, -1)] : found;
}

/** `(0-3): 4 x Block(` stands for four. */
function rangeName(name: string): string {
  return name.replace(/^(\d+)-(\d+)$/, '{$1..$2}');
}

function fromSummary(text: string): PrintedLayer[] {
  const found: PrintedLayer[] = [];
  const names: (string | null)[] = [];
  for (const match of text.matchAll(/(?<className>[A-Za-z_]\w*)(?: \((?<name>[^\s()]+)\))?: (?<depth>\d+)-\d+/g)) {
    const { className = '', name = null, depth = '1' } = match.groups ?? {};
    const level = Number(depth);
    names.length = Math.min(names.length, level - 1);
    names[level - 1] = name;
    const known = names.filter((one) => one !== null && one !== undefined);
    found.push({
      names: known.length === level ? known : null,
      fromRoot: known.length === level,
      className,
      depth: level,
    });
  }
  for (const match of text.matchAll(/(?:^|\s)(?<className>[A-Z]\w*)-\d+\s+\[/g)) {
    found.push({ names: null, fromRoot: false, className: match.groups?.className ?? '', depth: null });
  }
  for (const match of text.matchAll(/(?:^|\s)\d+\s+\|\s+(?<path>[\w.]+)\s+\|\s+(?<className>\w+)\s+\|/g)) {
    const { path = '', className = '' } = match.groups ?? {};
    found.push({ names: path.split('.'), fromRoot: true, className, depth: null });
  }
  return found.slice(0, MAX_LAYERS);
}
