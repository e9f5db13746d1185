"""Lengths that columns and the schemas of the edge keep to alike.

Here, and not with the tables: whoever only speaks to the service needs no SQLAlchemy.
"""

from typing import Final

LOGIN_CHARS: Final = 64
"""Characters of a name to sign in with."""
