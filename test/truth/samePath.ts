/** Whether a pattern of the mapper names a path of the truth, where positions in containers are `*` already. */

const POSITION = /^\d+$/;

export function samePath(pattern: string, path: string): boolean {
  const wanted = path.split('.');
  const segments = pattern.split('.');
  return wanted.length === segments.length && segments.every((segment, at) => sameSegment(segment, wanted[at] ?? ''));
}

function sameSegment(segment: string, name: string): boolean {
  if (segment === name || segment === '*' || (name === '*' && POSITION.test(segment))) {
    return true;
  }
  // `layer*` is a name that is known in part.
  return segment.includes('*') && matcher(segment).test(name);
}

function matcher(segment: string): RegExp {
  const parts = segment.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}
