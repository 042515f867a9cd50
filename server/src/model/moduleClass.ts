/** Plain data that the static side makes of one Python file. Lines and columns are 1-based; columns count UTF-16 code units, `endColumn` is exclusive. */

export interface SourceRange {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

/** The source statement, or the list item, that registers a submodule. */
export interface LayerDefinition {
  /** Layer path relative to the module class; `*` stands for an index or name that is not known: `layers.*.attn`. */
  readonly pattern: string;
  readonly range: SourceRange;
  /** Source text of what builds the layer, e.g. `nn.Conv2d`, `self._make_layer`; null where no call does. */
  readonly constructorName: string | null;
  /** False where it hangs on a value the source does not tell: a branch, a module passed in. */
  readonly certain: boolean;
  /** Set where the class only holds what another class's code on this line made and handed over. */
  readonly held?: boolean;
  /** Set where the path leads through an instance of another module class, which holds the layer. */
  readonly outer?: boolean;
}

/** A class in a file: absolute path, and name qualified within it. */
export interface ClassRef {
  readonly file: string;
  readonly className: string;
}

/** A module class of the file found below another: `layer1.*` of ResNet is a BasicBlock. */
export interface LayerPart {
  /** Layer path relative to the class that holds it. */
  readonly pattern: string;
  readonly className: string;
}

/** A module class of another file found below a class. */
export interface FarPart extends ClassRef {
  readonly pattern: string;
}

/** A definition that stands in another file than its class, or whose class this file only uses. */
export interface FarDefinition {
  /** Where it stands. */
  readonly file: string;
  readonly owner: ClassRef;
  readonly definition: LayerDefinition;
}

/** A place in a method where a layer of the class is called: `self.conv1(x)`. */
export interface LayerUse {
  readonly pattern: string;
  readonly range: SourceRange;
}

export interface Parameter {
  readonly name: string;
  readonly annotation: string | null;
  /** Source text of the default; null where there is none. */
  readonly defaultValue: string | null;
  readonly kind: 'positional' | 'keywordOnly' | 'variadic' | 'keywordVariadic';
}

export interface ModuleClass {
  /** Qualified within the file: `Outer.Inner`. */
  readonly name: string;
  /** The whole class statement, decorators not included. */
  readonly range: SourceRange;
  /** Source texts of the bases. */
  readonly bases: readonly string[];
  /** In source order. Inherited definitions stand at the class that writes them. */
  readonly definitions: readonly LayerDefinition[];
  readonly uses: readonly LayerUse[];
  /** Parameters of `__init__` without self; null where the class does not write one. */
  readonly constructorParameters: readonly Parameter[] | null;
  /** Other module classes of the file that the class body names, also through its parameters' defaults. */
  readonly mentions: readonly string[];
  /** Where instances of the file's module classes stand below this one, inherited ones among them. */
  readonly parts: readonly LayerPart[];
  /** Where instances of module classes of other files stand below this one. */
  readonly farParts: readonly FarPart[];
  /** Module classes of the file that it derives from, nearest first. */
  readonly lineage: readonly string[];
  /** Classes of other files that it derives from, nearest first. */
  readonly farLineage: readonly ClassRef[];
  /** True where a base may register layers that can't be seen: it is neither PyTorch's nor in a file that can be read. */
  readonly isOpen: boolean;
  /** False for bases that only subclasses complete: neither it nor a base that can be seen writes a forward. */
  readonly hasForward: boolean;
  /** 1-based line of the first decorator, else of the class statement. */
  readonly firstLine: number;
}

/** A `# peek: EXPRESSION` comment. */
export interface Directive {
  readonly expression: string;
  /** The whole comment. */
  readonly range: SourceRange;
  readonly expressionRange: SourceRange;
  /** The module class it stands by, null where it stands by none. */
  readonly className: string | null;
}

/** A function of the file that returns a module class and can be called without arguments: `def resnet18(num_classes=10): return ResNet(...)`. */
export interface Factory {
  readonly name: string;
  /** The module class of the file that it returns. */
  readonly className: string;
  /** Module classes of the file that its body names. */
  readonly mentions: readonly string[];
  readonly line: number;
}

/** Class statements that are not modules but that a constructor may ask for: configurations. */
export interface PlainClass {
  readonly name: string;
  /** True where `Name()` needs no arguments, as far as the source tells. */
  readonly buildsWithoutArguments: boolean;
}

export interface ParsedFile {
  readonly classes: readonly ModuleClass[];
  readonly directives: readonly Directive[];
  readonly factories: readonly Factory[];
  readonly plainClasses: readonly PlainClass[];
  readonly farDefinitions: readonly FarDefinition[];
}
