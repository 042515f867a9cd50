"""Runs a PyTorch model once and tells what goes in and out of every layer."""
