"""Starts the helper when Python is given this folder: `python python-helper serve`."""

from layer_peek.__main__ import main

if __name__ == "__main__":
    main()
