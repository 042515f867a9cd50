"""Command line of the helper: `serve` for the server, `capture` for people."""

from __future__ import annotations

import argparse


def main() -> None:
    """Runs the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="layer_peek", description="Shows what goes in and out of PyTorch layers.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the language server on stdin and stdout")
    serve.add_argument("--zygote", action="store_true", help="run each capture in a forked child (Linux)")
    capture = commands.add_parser("capture", help="run a model once and print the Capture document")
    capture.add_argument("target", metavar="FILE[:Class]")
    capture.add_argument("--recipe", metavar="EXPR", help="how to build and call the model: Model(args)(inputs)")
    capture.add_argument("--mode", choices=["values", "shapes", "symbolic"], default="values")
    capture.add_argument("--layer", metavar="PATH", nargs="+", default=[], help="layer paths, `*` for one segment")
    capture.add_argument("--train", action="store_true", help="run the model in train mode")
    capture.add_argument("--gradients", action="store_true", help="go backward once and tell the norms")
    capture.add_argument("--stop-early", action="store_true", help="end once each layer named has been called")
    capture.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.command == "serve":
        from layer_peek.serve import serve as start

        start(arguments.zygote)
    else:
        from layer_peek.cli import Options
        from layer_peek.cli import capture as print_capture

        options: Options = {
            "training": arguments.train,
            "gradients": arguments.gradients,
            "stopEarly": arguments.stop_early,
        }
        print_capture(arguments.target, arguments.recipe, arguments.mode, arguments.layer, arguments.json, options)


if __name__ == "__main__":
    main()
