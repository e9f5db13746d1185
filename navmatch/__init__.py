"""What other programs import: `navmatch.client`, the typed way to a running service.

Holds names only; the code stands in `api/client`. May import `api.client` and `api.schemas`.
"""
