"""Benchmarks, a folder for each program; what they share lies beside the folders. `make bench`."""
