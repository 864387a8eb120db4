"""Our assistant beside the one that `rasa init` writes, in one run. `make bench`."""
