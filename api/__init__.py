"""The edge: HTTP, command line, settings and wiring.

May import every other package; the only place for FastAPI, pydantic, the environment and
status codes.
"""
