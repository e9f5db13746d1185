"""Credentials the tests ask with, put straight into the tables."""

from datetime import UTC, datetime

from api.identity.secret_key import new_key
from models.database import Database
from models.identity import ApiKey
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Scope

FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def make_key(
    database: Database,
    role: Role = Role.OPERATOR,
    organisation_id: str | None = None,
    **columns: object,
) -> str:
    """The text of a fresh key; one that may do everything unless told otherwise."""
    secret = new_key(role)
    values = {"name": "tests", "scopes": list(Scope), "expires_at": FOREVER, **columns}
    key = ApiKey(
        key_id=secret.key_id,
        key_hash=secret.hash,
        role=role,
        organisation_id=organisation_id,
        **values,
    )
    with acting_as(system("test")), database.write() as session:
        session.add(key)
    return secret.text


def bearer(key: str) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {key}"}


def operator_of(url: str) -> dict[str, str]:
    """The header that lets requests do everything, for a server over this database."""
    database = Database(url)
    try:
        database.migrate()
        return bearer(make_key(database))
    finally:
        database.close()
