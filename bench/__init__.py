"""Benchmarks, a folder for each program; what they share lies beside the folders. `make bench`."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
RASA_PYTHON = str(ROOT / ".venv/rasa/bin/python")
"""The interpreter of Rasa's environment."""
