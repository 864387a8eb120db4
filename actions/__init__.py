"""The action server: what the assistant does between hearing and speaking. It decides nothing about accounts."""
