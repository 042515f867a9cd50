/** The folders of the packages that the interpreter in use can import. */

import { interpretersFor } from './features/capture';
import type { ServerState } from './state';
import { searchPathsOf } from './workspace/searchPaths';

export class InstalledPackages {
  private known: { python: string; paths: readonly string[] } | null = null;

  constructor(private readonly state: ServerState) {}

  /** Empty where there is no interpreter. Nothing of it is run. */
  paths(): readonly string[] {
    const python = this.python();
    if (python === null) {
      return [];
    }
    if (this.known?.python !== python) {
      this.known = { python, paths: searchPathsOf(python, { folder: this.state.roots[0] ?? null }) };
    }
    return this.known.paths;
  }

  /** The interpreter for the first workspace folder. */
  python(): string | null {
    const [root] = this.state.roots;
    return interpretersFor(this.state, `${root ?? process.cwd()}/_`)[0]?.path ?? null;
  }
}
