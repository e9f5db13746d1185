"""Text to tokens, vectors and tags, to something searchable, and back from disk.

May import `models` only.
"""
