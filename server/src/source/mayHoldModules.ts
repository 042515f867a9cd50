/** A cheap test of a file's text, before anything of it is parsed. Pure. */

/** A class statement with bases, or with type parameters behind which bases may stand. */
const DERIVED = /^[ \t\f]*class[ \t\f\\\r\n]+[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*[ \t\f\\\r\n]*[([]/mu;

/** False where no class of the file can be a module class: none derives from anything. */
export function mayHoldModules(text: string): boolean {
  // Most files have no class at all, which is faster seen so.
  return text.includes('class') && DERIVED.test(text);
}
