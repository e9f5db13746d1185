"""Who is asking: people and their passwords, stays, API keys, widget tokens, invitations.

May import schemas, settings and everything below `api`; knows nothing of HTTP.
"""
