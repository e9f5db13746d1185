"""Telling people: the list in the console, signed requests to webhooks, digests by e-mail.

May import identity, schemas and everything below the API; HTTP of our own stands in `api/routes`.
"""
