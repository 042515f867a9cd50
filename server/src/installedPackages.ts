/** The folders of the packages that the interpreter in use can import. */

import { interpretersFor } from './features/capture';
import type { ServerState } from './state';
import { searchPathsOf } from './workspace/searchPaths';

export class InstalledPackages {
  private known: { python: string | null; paths: readonly string[] } | null = null;

  constructor(private readonly state: ServerState) {}

  /** Empty where there is no interpreter. Nothing of it is run. */
  paths(): readonly string[] {
    this.known ??= this.look();
    return this.known.paths;
  }

  /** Looks again for the interpreter. True where it is another one than that whose packages were told. */
  changed(): boolean {
    const before = this.known;
    this.known = this.look();
    return before !== null && before.python !== this.known.python;
  }

  private look(): { python: string | null; paths: readonly string[] } {
    const python = this.python();
    const folder = this.state.roots[0] ?? null;
    return { python, paths: python === null ? [] : searchPathsOf(python, { folder }) };
  }

  /** The interpreter for the first workspace folder. */
  private python(): string | null {
    const [root] = this.state.roots;
    return interpretersFor(this.state, `${root ?? process.cwd()}/_`)[0]?.path ?? null;
  }
}
