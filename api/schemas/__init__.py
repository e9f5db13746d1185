"""Shapes of requests and replies: pydantic classes, nothing else.

`*Create` and `*Update` come in, `*Read` goes out. Texts are sanitised while they are parsed,
so whoever holds a schema holds clean text. May import `models` and `indexer.text`.
"""
