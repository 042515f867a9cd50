"""Measures how often a model is captured with nothing configured, and how often with the input that was meant."""
