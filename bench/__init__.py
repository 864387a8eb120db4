"""Benchmarks: one folder a program."""
