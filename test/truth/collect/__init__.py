"""Builds real models and records which line registered each submodule: what the static mapper is measured against."""
