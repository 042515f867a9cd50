"""Builds real models and records which source line registered each submodule: what the static mapper is measured against."""
