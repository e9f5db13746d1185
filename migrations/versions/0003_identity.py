"""Organisations' people, keys, owners of rows; row-level security on PostgreSQL."""

# ruff: noqa: S608 - the statements are made of the names below, of nothing from outside

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROWS = ("organisation", "base", "demand", "provider", "capability", "case_result")

# As models/sight.py has it. The service tells each transaction who acts; without, nothing shows.
FUNCTIONS = (
    """CREATE FUNCTION navmatch_role() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('navmatch.role', true), '') $$""",
    """CREATE FUNCTION navmatch_sees_all() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT navmatch_role() IN ('system', 'operator') $$""",
    """CREATE FUNCTION navmatch_own() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT CASE WHEN navmatch_role() IN ('base_staff', 'base_admin', 'provider_staff',
                                            'provider_admin', 'recipient')
       THEN nullif(current_setting('navmatch.organisation', true), '') END $$""",
    """CREATE FUNCTION navmatch_region() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT CASE WHEN navmatch_role() NOT IN ('', 'anonymous', 'widget')
       THEN nullif(current_setting('navmatch.region', true), '') END $$""",
    """CREATE FUNCTION navmatch_owns(owner text, region text) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        SELECT CASE
            WHEN navmatch_sees_all() THEN true
            WHEN navmatch_role() = 'regional_operator' THEN coalesce(
                region LIKE
                regexp_replace(rpad(navmatch_region(), 6, '0'), '(00){1,2}$', '') || '%', false)
            ELSE coalesce(owner = navmatch_own(), false)
        END $$""",
    """CREATE FUNCTION navmatch_admits(row_id text, region text, level text) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        SELECT CASE
            WHEN navmatch_role() = '' THEN false
            WHEN level = 'public' THEN true
            WHEN navmatch_role() IN ('anonymous', 'widget') THEN false
            WHEN level = 'platform' THEN true
            WHEN level = 'region' THEN coalesce(
                region LIKE left(navmatch_region(), 2) || '%', false)
            WHEN level = 'bases' THEN navmatch_role() IN ('base_staff', 'base_admin')
            WHEN level = 'invited' THEN EXISTS (
                SELECT 1 FROM invitation AS i
                WHERE i.row_id = $1 AND i.organisation_id = navmatch_own())
            ELSE false
        END $$""",
    """CREATE FUNCTION navmatch_writes(owner text, region text) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        SELECT navmatch_owns(owner, region)
           AND current_setting('navmatch.read_only', true) IS DISTINCT FROM 'on' $$""",
)
_OWNED = "navmatch_owns(owner_id, owner_region)"
_ADMITTED = "navmatch_admits(id, owner_region, visibility)"
_OFFERED = "state IN ('verified', 'active')"
_SHOWN = (
    "state IN ('published', 'matching', 'shortlisted', 'negotiating', 'matched',"
    " 'project_created', 'closed')"
)
SEEN = {
    "organisation": f"""{_OWNED}
        OR EXISTS (SELECT 1 FROM provider AS p WHERE p.organisation_id = organisation.id)
        OR EXISTS (SELECT 1 FROM base AS b WHERE b.organisation_id = organisation.id)""",
    "base": f"{_OWNED} OR (state IN ('confirmed', 'active') AND {_ADMITTED})",
    "demand": f"""{_OWNED} OR coalesce(recipient_id = navmatch_own(), false)
        OR ({_SHOWN} AND {_ADMITTED})""",
    "provider": f"{_OWNED} OR ({_OFFERED} AND {_ADMITTED})",
    "capability": f"""{_OWNED} OR ({_ADMITTED}
        AND EXISTS (SELECT 1 FROM provider AS p WHERE p.id = capability.provider_id))""",
    "case_result": f"{_OWNED} OR (state = 'published' AND {_ADMITTED})",
    "invitation": f"{_OWNED} OR coalesce(organisation_id = navmatch_own(), false)",
}
"""What is seen; the tables named inside are themselves only seen as far as their rule goes."""

_TAGGED = ("demand", "provider", "capability", "case_result")
_SYSTEM_ONLY = ("person", "membership", "sign_in", "api_key", "widget_token", "contact")


def upgrade() -> None:
    for table in ROWS:
        op.add_column(table, sa.Column("owner_id", sa.String(length=32), nullable=True))
        op.add_column(table, sa.Column("owner_region", sa.String(length=6), nullable=True))
        op.create_index(op.f(f"ix_{table}_owner_id"), table, ["owner_id"])
    with op.batch_alter_table("demand") as batch:
        batch.add_column(sa.Column("recipient_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key(
            op.f("fk_demand_recipient_id_organisation"), "organisation", ["recipient_id"], ["id"]
        )
    _find_owners()
    _make_invitations()
    _make_contacts()
    _make_people()
    _make_keys()
    if op.get_bind().dialect.name == "postgresql":
        _secure_rows()


def _find_owners() -> None:
    """Give the rows that are there the organisation behind them."""
    op.execute("UPDATE organisation SET owner_id = id, owner_region = region_code")
    for table in ("base", "provider"):
        op.execute(f"UPDATE {table} SET owner_id = organisation_id")
    of_provider = "(SELECT p.organisation_id FROM provider AS p WHERE p.id = provider_id)"
    of_base = "(SELECT b.organisation_id FROM base AS b WHERE b.id = base_id)"
    op.execute(f"UPDATE capability SET owner_id = {of_provider}")
    op.execute(f"UPDATE case_result SET owner_id = coalesce({of_provider}, {of_base})")
    op.execute(f"UPDATE demand SET owner_id = {of_base}")
    for table in ROWS[1:]:
        op.execute(
            f"UPDATE {table} SET owner_region = "
            f"(SELECT o.region_code FROM organisation AS o WHERE o.id = {table}.owner_id)"
        )


def _make_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("owner_region", sa.String(length=6), nullable=True),
        sa.Column("organisation_id", sa.String(length=32), nullable=False),
        sa.Column("invited_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(
        "uq_invitation_row_id", "invitation", ["row_id", "organisation_id"], unique=True
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"])


def _make_contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=100), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_owner_id"), "contact", ["owner_id"])


def _make_people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("login_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("n_failed", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login_key", name=op.f("uq_person_login_key")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_membership_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"])
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("membership_id", sa.String(length=32), nullable=False),
        sa.Column("with_totp", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sign_in_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_sign_in_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"])


def _make_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_api_key_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_api_key_key_id")),
    )
    op.create_index("ix_api_key_organisation_id", "api_key", ["organisation_id", "name"])
    op.create_table(
        "widget_token",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=32), nullable=True),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_widget_token_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widget_token")),
        sa.UniqueConstraint("token", name=op.f("uq_widget_token_token")),
    )
    op.create_index(op.f("ix_widget_token_organisation_id"), "widget_token", ["organisation_id"])


def _secure_rows() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    for table, seen in SEEN.items():
        _allow(table, seen, "navmatch_writes(owner_id, owner_region)")
    seen = " ".join(
        f"WHEN '{'case' if table == 'case_result' else table}'"
        f" THEN EXISTS (SELECT 1 FROM {table} AS r WHERE r.id = entity_id)"
        for table in _TAGGED
    )
    changed = seen.replace(
        "r.id = entity_id", "r.id = entity_id AND navmatch_writes(r.owner_id, r.owner_region)"
    )
    _allow("tag_assignment", f"CASE entity {seen} END", f"CASE entity {changed} END")
    for table in _SYSTEM_ONLY:
        _allow(table, "navmatch_role() = 'system'", "navmatch_role() = 'system'")


def _allow(table: str, seen: str, changed: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({changed})")
    op.execute(
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed})"
    )
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({changed})")
