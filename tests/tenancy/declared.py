"""What everybody may do, in one table written by hand: it knows nothing of the code it judges.

Who: A anonymous, W widget, P and p administrator and staff of a provider, B and b of a base,
R recipient, G regional operator, O operator; S whoever signed in as a person, besides the letter
of their role.

What of: `open` nobody is asked who they are; `none` no row; `see` any row they see; `own` a row
of theirs; `public` only what everybody sees; `sent` and `invited` an invitation of one's own, or
to oneself; `inside` an interaction or token of one's own organisation; `given` an account or key
of it whose role one may give.
"""

from dataclasses import dataclass
from typing import Final

TABLE: Final = """
read_health             AWPpBbRGO  open     read   200
read_readiness          AWPpBbRGO  open     read   200
read_local_metrics      AWPpBbRGO  open     read   403
read_taxonomy           AWPpBbRGO  open     read   200
list_industries         AWPpBbRGO  open     read   200
list_taxonomy_versions  O          none     read   200
export_taxonomy         O          none     read   200
import_taxonomy         O          none     write  200
add_scenario            O          none     write  201
change_scenario         O          none     write  200
retire_scenario         O          none     write  200
start_retagging         O          none     write  202
read_retagging          O          none     read   200
list_unfit_demands      O          none     read   200
list_regions            AWPpBbRGO  open     read   200
read_algorithms         AWPpBbRGO  open     read   200
sign_in                 AWPpBbRGO  open     read   401
read_metrics            O          none     read   200

create_demand           BbGO       none     write  201
list_demands            APpBbRGO   none     read   200
read_demand             APpBbRGO   see      read   200
change_demand           BbGO       own      write  200
publish_demand          BbGO       own      write  200
pause_demand            BbGO       own      write  200
withdraw_demand         BbGO       own      write  200
delete_demand           BbGO       own      write  204
decide_demand_tags      BbGO       own      write  200
suggest_demand_ipc      BbGO       own      read   200
match_demand            BbGO       own      read   200
report_demand           BbGO       own      read   200
find_similar_demands    BbGO       own      read   200
find_demand_cases       PpBbRGO    see      read   200

create_provider         PGO        none     write  201
list_providers          APpBbRGO   none     read   200
read_provider           APpBbRGO   see      read   200
change_provider         PpGO       own      write  200
publish_provider        PpGO       own      write  200
pause_provider          PpGO       own      write  200
withdraw_provider       PGO        own      write  200
delete_provider         PGO        own      write  204
list_capabilities       APpBbRGO   see      read   200
create_capability       PpGO       own      write  201
match_provider          PpGO       own      read   200
find_provider_cases     PpBbRGO    see      read   200

read_capability         APpBbRGO   see      read   200
change_capability       PpGO       own      write  200
delete_capability       PpGO       own      write  204
decide_capability_tags  PpGO       own      write  200

create_case             PpBbGO     none     write  201
list_cases              APpBbRGO   none     read   200
read_case               APpBbRGO   see      read   200
change_case             PpBbGO     own      write  200
publish_case            PpBbGO     own      write  200
withdraw_case           PpBbGO     own      write  200
delete_case             PpBbGO     own      write  204
decide_case_tags        PpBbGO     own      write  200

create_base             BGO        none     write  201
list_bases              APpBbRGO   none     read   200
read_base               APpBbRGO   see      read   200

read_import_template    PpBbRGO    none     read   200
start_import            PpBbGO     none     write  202
list_imports            PpBbRGO    none     read   200
read_import             PpBbRGO    inside   read   200
list_import_problems    PpBbRGO    inside   read   200
read_import_sheet       PpBbRGO    inside   read   200
run_import              PpBbGO     inside   write  202
drop_import             PpBbGO     inside   write  204

export_demands          PpBbRGO    none     read   200
export_providers        PpBbRGO    none     read   200
export_cases            PpBbRGO    none     read   200
export_capabilities     PpBbRGO    see      read   200
export_interactions     PpBbRGO    none     read   200
export_matches          BbGO       own      read   200

match                   PpBbRGO    none     read   200
preview                 PpBbRGO    none     read   200
tag                     PpBbRGO    none     read   200
read_match_run          PpBbRGO    inside   read   200
replay_match_run        PpBbRGO    inside   read   200
widget_matches          AWPpBbRGO  public   read   200
widget_demands          AWPpBbRGO  none     read   200
widget_cases            AWPpBbRGO  none     read   200
widget_frame            AWPpBbRGO  open     read   200
read_widget_file        AWPpBbRGO  open     read   200

read_session            PpBbRGO    none     read   200
sign_out                S          none     read   204
change_password         S          none     read   204
offer_authenticator     S          none     read   200
set_authenticator       S          none     read   204

list_organisations      PBGO       none     read   200
find_recipients         BbGO       none     read   200
create_organisation     GO         none     write  201
change_organisation     GO         inside   write  200
list_people             PBGO       none     write  200
add_person              PBGO       none     write  201
lock_person             PBGO       given    write  200
unlock_person           PBGO       given    write  200
reset_password          PBGO       given    write  200
list_keys               PBGO       none     write  200
create_key              PBGO       none     write  201
rotate_key              PBGO       given    write  201
revoke_key              PBGO       given    write  204
list_widget_tokens      PBGO       none     write  200
create_widget_token     PBGO       none     write  201
revoke_widget_token     PBGO       inside   write  204
read_widget_snippet     PBGO       inside   write  200
list_audit              PBO        none     write  200
erase                   O          see      write  202

list_invitations        PpBbRGO    none     read   200
invite                  PpBbGO     own      write  201
accept_invitation       PpBbRGO    invited  write  200
withdraw_invitation     PpBbGO     sent     write  204
read_contact            PpBbRGO    own      read   200
set_contact             PpBbGO     own      write  204
remove_contact          PpBbGO     own      write  204

explain_fit             PpGO       own      read   200
compare_providers       BbGO       own      read   200
begin_interaction       PpBbGO     own      write  201
list_interactions       PpBbRGO    none     read   200
read_interaction        PpBbRGO    inside   read   200
act_in_interaction      PpBbRGO    inside   write  200
list_notifications      PpBbRGO    none     read   200
mark_notifications_read PpBbRGO    none     write  200

list_webhooks           PBO        none     write  200
create_webhook          PBO        none     write  201
revoke_webhook          PBO        inside   write  204
test_webhook            PBO        inside   write  202
list_deliveries         PBO        inside   write  200
retry_delivery          PBO        inside   write  202
read_mailbox            S          none     read   200
set_mailbox             S          none     read   200
remove_mailbox          S          none     read   204

read_gaps               PpBbRGO    none     read   200
read_funnel             GO         none     read   200
read_responses          GO         none     read   200
read_inactive           GO         none     read   200
list_subscriptions      PpBbRO     none     read   200
create_subscription     PpBbRO     none     write  201
remove_subscription     PpBbRO     inside   write  204
renew_feed              PpBbRO     inside   write  201
list_found              PpBbRO     inside   read   200
read_subscription_feed  AWPpBbRGO  open     read   404
"""
"""`read` works with a read-only key, `write` does not; the last word is the status of success."""


@dataclass(frozen=True)
class Line:
    """One operation of the table."""

    operation: str
    who: frozenset[str]
    of: str
    writes: bool
    success: int


def _line(text: str) -> Line:
    operation, who, of, use, success = text.split()
    return Line(operation, frozenset(who), of, use == "write", int(success))


LINES: Final = {line.operation: line for line in map(_line, filter(None, TABLE.splitlines()))}


def expected(line: Line, letter: str, credential: str, target: str) -> int:
    """The status of a call.

    Args:
        line: The operation.
        letter: As what the caller acts, or `S` where that is what counts.
        credential: `good`, `none`, `read only`, or one that opens nothing: `expired`, `revoked`.
        target: `own`, `visible` or `hidden` of another, `public`, `deleted` or `absent`; `beyond`
            of one's own organisation, with a role one may not give.
    """
    if line.of == "open":
        return line.success
    if credential in ("expired", "revoked"):
        return 401
    if letter not in line.who:
        return 401 if letter == "A" else 403
    if credential == "read only" and line.writes:
        return 403
    return line.success if line.of == "none" else _of_row(line, letter, target)


def _of_row(line: Line, letter: str, target: str) -> int:
    if target in ("deleted", "absent", "beyond"):
        return 404
    if letter == "A" and target == "visible":
        return 404
    if line.of == "public":
        return line.success if target == "public" else 404
    if target == "own" or letter == "O":
        return line.success
    if target == "hidden" or line.of in ("inside", "given"):
        return 404
    return line.success if line.of == "see" else 403
