"""Who fits, how well and why: retrieve, score, check, rank, explain.

May import `indexer` and `models`; holds no SQL, no HTTP and no FAISS.
"""
