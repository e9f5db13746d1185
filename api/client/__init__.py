"""The Python client of the service; people import it as `navmatch.client`.

May import `api.schemas` only: whoever uses it needs neither torch nor FAISS, and waits for
neither. `transport` is the one place that knows httpx2.
"""
