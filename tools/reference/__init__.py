"""Writes the generated parts of docs/reference from the code: `python -m tools.reference`.

What stands between the two marks of a page is generated; the rest is written by hand.
`tests/docs/test_reference.py` fails when a page has fallen behind.
"""
