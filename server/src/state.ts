/** What the server knows. Features read it; the request handlers in server.ts change it. */

import { CaptureStore, type StoredCapture } from './capture/captureStore';
import { type Documents, fileUri, type OpenFile } from './documents';
import { fileAnnotations, type PlacedAnnotation } from './mapping/fileAnnotations';
import { type Reconciled, reconcile } from './mapping/reconcile';
import { sourceDrift } from './mapping/sourceDrift';
import type { KnownModel } from './model/knownModel';
import type { ClassRef, SourceRange } from './model/moduleClass';
import type { Environment, Interpreter, Settings } from './protocol/clientMessages';
import { recipeChanged } from './recipe/recipeDrift';
import type { Place } from './source/classGraph';
import { composePaths } from './source/composePaths';
import { keyOf } from './source/farDefinitions';
import { LayerIndex } from './source/layerSearch';
import { calledExpression } from './source/modelExpression';
import { type Structure, structureOf } from './source/structure';
import type { WorkspaceIndex } from './workspaceIndex';

export type Annotation = PlacedAnnotation<StoredCapture>;

/** A capture under way. */
export interface Running {
  readonly uri: string;
  readonly className: string;
  /** 0-based line of the layer asked for; null for all layers. */
  readonly line: number | null;
  readonly stage: string;
}

export class ServerState {
  readonly captures = new CaptureStore();
  running: Running | null = null;
  /** How the last capture ended, also where it saw nothing. */
  last: StoredCapture | null = null;
  interpreter: Interpreter | null = null;
  /** False where the editor itself shows no inlay hints. */
  editorShowsHints = true;
  roots: readonly string[] = [];
  private readonly annotated = new WeakMap<OpenFile, { newest: number; annotations: Annotation[] }>();
  private readonly composed = new WeakMap<Structure, Map<string, readonly Place[]>>();
  private layerIndex: LayerIndex | null = null;

  constructor(
    readonly documents: Documents,
    public environment: Environment,
    public settings: Settings,
    readonly index: WorkspaceIndex,
  ) {}

  /** True where shapes stand in inlay hints; elsewhere the lenses carry them. */
  get showsHints(): boolean {
    return this.settings.inlayHints.enabled && this.editorShowsHints;
  }

  /** What the captures have to say on the lines of an open file, in line order. */
  annotations(open: OpenFile): Annotation[] {
    const newest = this.captures.latest()?.id ?? 0;
    const known = this.annotated.get(open);
    if (known?.newest === newest) {
      return known.annotations;
    }
    const captures = this.captures.forFile(open.file);
    const elsewhere = captures.length === 0 ? [] : this.definedElsewhere(open);
    const told = { classes: open.parsed.classes, elsewhere };
    const annotations = fileAnnotations(captures, open.file, open.text, told).map((one) =>
      this.recipeChanged(one.from) ? { ...one, stale: true } : one,
    );
    this.annotated.set(open, { newest, annotations });
    return annotations;
  }

  /** Where the file defines layers of classes of other files. */
  private definedElsewhere(open: OpenFile): SourceRange[] {
    return [...open.parsed.farDefinitions, ...this.index.farDefinitionsIn(open.file)].flatMap((one) =>
      one.file === open.file ? [one.definition.range] : [],
    );
  }

  /** How the static mapping of a file fits what a capture registered; null where the file's code has changed since. */
  reconciled(open: OpenFile, { capture, sources }: StoredCapture): Reconciled | null {
    const captured = sources.get(open.file);
    const drift = captured === undefined ? null : sourceDrift(captured, open.text);
    return drift === null || drift.stale
      ? null
      : reconcile(capture, {
          file: open.file,
          text: open.text,
          classes: open.parsed.classes,
          elsewhere: this.definedElsewhere(open),
          drift,
        });
  }

  /** True where the capture's recipe is another one by now. */
  recipeChanged({ capture }: StoredCapture): boolean {
    const file = this.documents.get(fileUri(capture.file));
    return file !== null && recipeChanged(file.parsed, capture);
  }

  /** Where a class stands below the models of the workspace; before those are known, below those of its file. */
  places(open: OpenFile, ref: ClassRef): readonly Place[] {
    const places = this.index.graph.places(ref);
    if (places.length > 0) {
      return places;
    }
    return this.placesInFile(open, ref);
  }

  private placesInFile(open: OpenFile, ref: ClassRef): readonly Place[] {
    const structure = structureOf(open.parsed);
    let known = this.composed.get(structure);
    if (known === undefined) {
      known = new Map(
        [...composePaths(open.parsed)].map(([className, paths]) => {
          const root = { file: open.file, className };
          return [keyOf(root), paths.map((path) => ({ root, path }))] as const;
        }),
      );
      this.composed.set(structure, known);
    }
    let places = known.get(keyOf(ref));
    if (places === undefined) {
      places = [{ root: ref, path: '' }];
      known.set(keyOf(ref), places);
    }
    return places;
  }

  /** The models that the source of the workspace writes. */
  models(): readonly KnownModel[] {
    return this.index.models;
  }

  /** Looks layers up in `models()`. */
  layers(): LayerIndex {
    const models = this.models();
    if (this.layerIndex?.models !== models) {
      this.layerIndex = new LayerIndex(models);
    }
    return this.layerIndex;
  }

  /** The models that a Python expression at an offset of the file may be; null where that is not known. */
  modelOf(open: OpenFile, expression: string, offset: number): readonly KnownModel[] | null {
    const called = calledExpression(open.text, expression, offset);
    return called === null ? null : this.index.modelsBuiltBy(open.file, called);
  }

  /** The innermost workspace folder that holds the file. */
  rootOf(file: string): string | null {
    return this.roots.filter((root) => file.startsWith(root)).sort((a, b) => b.length - a.length)[0] ?? null;
  }
}
