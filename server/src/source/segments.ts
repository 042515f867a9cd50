/** The names between a path's dots, and what stands for several of them. Pure. */

/** Names that one segment of a query may stand for; more are not told apart. */
const MAX_ALTERNATIVES = 64;

export function segmentsOf(path: string): string[] {
  return path === '' ? [] : path.split('.');
}

/** True where the name fits a pattern's segment: `*` alone fits any, within a name it fits any text, usually a number. */
export function fits(pattern: string, name: string): boolean {
  if (pattern === name || pattern === '*') {
    return true;
  }
  const at = pattern.indexOf('*');
  if (at === -1) {
    return false;
  }
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) {
    return false;
  }
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, from);
    if (found === -1 || found + part.length > name.length - last.length) {
      return false;
    }
    from = found + part.length;
  }
  return true;
}

/** Names that a query's segment stands for: `layer{1..4}` for four. Those with `*` are patterns themselves. */
export function alternatives(segment: string): string[] {
  const match = /^(?<head>[^{}]*)\{(?<body>[^{}]*)\}(?<tail>.*)$/s.exec(segment);
  if (match?.groups === undefined) {
    return [segment];
  }
  const { head = '', body = '', tail = '' } = match.groups;
  const choices = body.split(',').flatMap((part) => {
    const range = /^(\d{1,6})\.\.(\d{1,6})$/.exec(part.trim());
    if (range === null) {
      return [part.trim()];
    }
    const [from, to] = [Number(range[1]), Number(range[2])];
    return Array.from({ length: Math.min(MAX_ALTERNATIVES, Math.max(0, to - from + 1)) }, (_, index) =>
      String(from + index),
    );
  });
  return choices
    .flatMap((choice) => alternatives(tail).map((rest) => `${head}${choice}${rest}`))
    .slice(0, MAX_ALTERNATIVES);
}

/** True where a query's segment and a pattern's can mean the same name. */
export function meet(pattern: string, query: string): boolean {
  if (fits(pattern, query)) {
    return true;
  }
  return /[*{]/.test(query) && alternatives(query).some((one) => fits(pattern, one) || fits(one, pattern));
}

/** `layer{1..4}.{0,1}` split at its dots, those between braces left alone. */
export function querySegments(path: string): string[] {
  return path === '' ? [] : path.split(/\.(?![^{]*\})/);
}
