/** Reads layer paths as people have them at hand: dotted, with brackets, in quotes, in a call, in an error message. Pure. */

/** Paths of one text that are looked up. */
const MAX_PATHS = 100;

const PATH = /^[\w*{},.-]+$/;

/** Dotted paths, which may hold `*` and braces; none where the text is nothing like a path. */
export function writtenPaths(text: string): string[] {
  const trimmed = text.trim();
  const mismatches = [...trimmed.matchAll(/size mismatch for (?<path>[\w.]+):/g)].map((one) => one.groups?.path ?? '');
  if (mismatches.length > 0) {
    return mismatches.slice(0, MAX_PATHS);
  }
  // A line of code that calls layers names them behind `self`.
  const isChain = /^self\b|\.get_(?:submodule|parameter|buffer)\(/.test(trimmed);
  const chains = isChain
    ? []
    : [...trimmed.matchAll(/\bself\.[\w.]+(?:\[[^\]]*\][\w.]*)*/g)].flatMap(([chain]) => fromCode(chain) ?? []);
  if (chains.length > 0) {
    return chains.slice(0, MAX_PATHS);
  }
  const own = fromCode(trimmed);
  if (own !== null) {
    return [own];
  }
  const quoted = [...trimmed.matchAll(/(["'])(?<path>[\w*{},.-]+)\1/g)].map((one) => one.groups?.path ?? '');
  return quoted
    .map(plain)
    .filter((one) => one !== '')
    .slice(0, MAX_PATHS);
}

function fromCode(text: string): string | null {
  const literal = /^[rfRF]?(["'])(?<path>[^"']*)\1\s*[,:)\]]?/.exec(text);
  const code = (literal?.groups?.path ?? text)
    .replace(/^.*\b(?:state_?dict|named_\w+|_modules)\b[^[]*\[\s*[rf]?["']([^"']+)["']\s*\]/s, '$1')
    .replace(/\.?get_(?:submodule|parameter|buffer)\(\s*[rf]?["']([^"']*)["']\s*\)/g, '.$1')
    .replace(/\[\s*["']([^"']+)["']\s*\]/g, '.$1')
    .replace(/\[\s*(\d+)\s*\]/g, '.$1')
    .replace(/\[[^\]]*\]/g, '.*');
  const match = /^(?<path>[\w*{},.-]+)\s*(?<rest>[\s\S]*)$/.exec(code);
  const { path = '', rest = '' } = match?.groups ?? {};
  // Two words are a search; a word and what follows a name in code or in a listing are a path.
  if (!/^(?:$|[=(:,|)\]]|torch\.Size|tensor\(|Parameter)/.test(rest)) {
    return null;
  }
  const dotted = plain(path);
  return dotted === '' || !PATH.test(dotted) ? null : dotted;
}

/** Without `self`, empty segments, and what an f-string fills in. */
function plain(path: string): string {
  return path
    .replace(/\{[A-Za-z_][^{}]*\}/g, '*')
    .split(/\.(?![^{]*\})/)
    .filter((one) => one !== '')
    .join('.')
    .replace(/^(?:self|cls)\./, '')
    .replace(/[,-]+$/, '');
}
