"""Comparisons of a query with candidates, one module a kind of evidence.

Each comparison returns one value a candidate, 0 (nothing in common) to 1 (the same), or NaN
where the evidence is missing: unknown is never counted as agreement.
"""
