"""The nouns of patent-navigation matching and their tables, vocabularies and named queries.

Imports nothing of the other packages.
"""
