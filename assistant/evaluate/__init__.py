"""`make evaluate`: how well a model understands a labelled file, as numbers, pictures and the mistakes to learn from."""
