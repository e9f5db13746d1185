"""Who may see and do what, and how the audit chain names it."""

from enum import StrEnum


class Visibility(StrEnum):
    """Who may see a row, widest first."""

    PUBLIC = "public"
    PLATFORM = "platform"
    REGION = "region"
    BASES = "bases"
    INVITED = "invited"
    PRIVATE = "private"


class Role(StrEnum):
    """As what somebody acts; the rights of each are in the policy table."""

    ANONYMOUS = "anonymous"
    WIDGET = "widget"
    BASE_STAFF = "base_staff"
    BASE_ADMIN = "base_admin"
    PROVIDER_STAFF = "provider_staff"
    PROVIDER_ADMIN = "provider_admin"
    RECIPIENT = "recipient"
    REGIONAL_OPERATOR = "regional_operator"
    OPERATOR = "operator"
    SYSTEM = "system"


class Scope(StrEnum):
    """What an API key may be used for, apart from its role."""

    READ = "read"
    MATCH = "match"
    WRITE = "write"
    ADMINISTER = "administer"


class WidgetKind(StrEnum):
    """What a widget shows."""

    PROVIDERS = "providers"
    DEMANDS = "demands"
    CASES = "cases"


class AuditAction(StrEnum):
    """What an entry of the audit chain says was done."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ERASE = "erase"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CREATE_KEY = "create_key"
    REVOKE_KEY = "revoke_key"
    CHANGE_LOGIN = "change_login"
    READ_CONTACT = "read_contact"
    READ_AUDIT = "read_audit"
    EXPORT = "export"
    IMPORT = "import"
    BACKUP = "backup"
    RESTORE = "restore"
    NEW_KEY = "new_key"
    ACCESS = "access"
    ACT = "act"


class AuditResult(StrEnum):
    """How an act in the audit chain ended."""

    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"
