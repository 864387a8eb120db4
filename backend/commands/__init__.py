"""The commands of `python -m backend`, a file for each; `backend/__main__.py` only puts them together."""
