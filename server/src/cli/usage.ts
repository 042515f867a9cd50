/** What the command line says of itself. */

export const usage = `Usage:
  layer-peek map FILE... [--json] [--python PATH] [--search-path FOLDER]...
      The layer definitions of each module class, without running anything. Imports are followed
      into the files' own packages, the packages of the interpreter and the given folders.

  layer-peek capture FILE[:Class] [--recipe EXPR] [--mode values|shapes|symbolic]
                     [--layer PATH]... [--stop-early] [--train] [--gradients]
                     [--python PATH] [--timeout SECONDS] [--memory GB] [--json]
      Builds the model, runs it once, and prints the source lines with their shapes.
      --train runs it in train mode. --gradients goes backward once, from the loss that EXPR makes
      of the output, and prints norms. --stop-early ends once each layer named has been called.
      PATH of --python may stand in LAYER_PEEK_PYTHON; without either: .venv or venv, else python3.
      EXPR is Python, e.g. 'Net(10)(torch.randn(1, 3, 224, 224))'.

  layer-peek lsp --stdio
      The language server, for any editor.
`;

/** The command was called in a way it does not understand. */
export class UsageError extends Error {}
