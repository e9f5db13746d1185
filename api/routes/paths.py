"""Keys in paths beside words: `/v1/cases/export` is no case, whatever the method."""

from typing import Final

from starlette.convertors import StringConvertor, register_url_convertor

WORDS: Final = ("export", "template")
"""What stands where a key may stand. No key is such a word."""


class KeyConvertor(StringConvertor):
    """Takes any segment but one of the words."""

    regex = f"(?!(?:{'|'.join(WORDS)})(?:/|$))[^/]+"


register_url_convertor("key", KeyConvertor())

BY_KEY: Final = "/{id:key}"
"""Path of one thing below its collection."""
