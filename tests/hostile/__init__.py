"""Hostile input: the project's own corpus, sent into every place of every operation."""
