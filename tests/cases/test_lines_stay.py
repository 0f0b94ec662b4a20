"""The journal's digests of earlier entries were made from exactly these columns, in this order.

An installation that is upgraded has such entries: a new column of one of these tables is left out
of the line, or every case with a row there seems to have been changed outside the journal.
"""

from __future__ import annotations

from bihuan.cases import standing as cases
from bihuan.cases.lent_columns import LentColumn
from bihuan.retention import standing as retention

COLUMNS = {
    "stage": (
        "stage resolved_by_id resolved_unit_id verified_by_id verified_unit_id "
        "closed_by_id resolver_name verifier_name parent_id duplicate_of_id import_check "
        "import_by_id import_checked_by_id ended_at stopped_at rebounds"
    ),
    "dates": "reported_at round_at due_at is_due_provisional",
    "offices": (
        "owner_id origin_id sender_id post_id lister bound_id reported_by_id channel "
        "is_confidential is_urgent"
    ),
    "words": "kind grade title description category place latitude longitude source_ref",
    "clocks": "rule_id rule_version started_at due_at stopped_at outcome",
    "hands": "member_id unit_id side",
    "bars": "unit_id member_id cause since_at added_at",
    "confidants": "post_id added_at",
    "evidence": "file_id phase caption added_by_id added_at slot shown_to",
    "extensions": (
        "rule_id until_date reason asked_by_id asked_at granted answer decided_by_id decided_at"
    ),
    "contests": (
        "from_unit_id to_unit_id reason raised_by_id raised_at upheld answer "
        "decided_by_id decided_at"
    ),
    "assists": "unit_id task added_at ended_at",
    "seals": "slot sealed_at erased_at",
    "openings": "reason asked_by_id asked_at allowed_by_id allowed_at opened_at until_at",
    "ratings": "stage round solved stars words unit_id rated_at item_id",
    "unsolved": "said_at done_at done_by_id handled_by_id answer",
    "amendments": (
        "slot thing told_at wants right_words reason asked_at clock_id handled_by_id "
        "withdrawn_at decided_at decided_by_id unit_id outcome answer basis"
    ),
    "publication": "title text answer place latitude longitude published_at withdrawn_at",
    "mediation": "is_open is_oral",
    "parties": "slot role consents consented_at agrees_to_open accepts_mediator goes_on",
    "agreements": "terms digest drafted_at withdrawn_at in_force_at",
    "hazard": (
        "found_date finder_name standard measures budget deadline_date deadline_time "
        "contingency progress remark submitted_at verified_date listed_at"
    ),
    "controls": "what post_id expiry_date added_by_id added_at ended_at",
    "grievance": "procedure way is_simple category_id lead_id accepted_at wants_paper asked_late",
    "handovers": (
        "from_unit_id to_unit_id reason sent_by_id sent_at objection objected_by_id "
        "objected_at objected_late ended_at"
    ),
    "opinions": (
        "round request facts reasons decision outcome basis unit_id drafted_by_id "
        "drafted_at issued_by_id issued_at letter_id served_at served_way"
    ),
    "suggestion": "category_id may_publish adopted answer answered_by_id answered_at",
    "hints": "criterion",
    "judgements": "grade criterion list_version standard text_zh text_en unit_id judged_at",
    "plans": ("edition goals methods budget post_id team until_date safety contingency made_at"),
    "upward": "unit_id state harm plan made_at",
    "listings": (
        "number unit_id listed_by_id listed_at reason until_date every_days acceptance_unit_id "
        "conditions answered_at asked_date asked_by_id removal_at removal_by_id reviewed_at "
        "reviewed_by_id site_findings ended_at"
    ),
    "orders": (
        "kind number unit_id ordered_by_id ordered_at basis place what until_date checked_at "
        "checked_by_id is_complied findings lifted_at lifted_by_id lifted_because"
    ),
    "acceptances": "number unit_id is_passed findings accepted_at",
    "team_opinions": "rank member agrees opinion",
    "holds": "unit_id reason set_by_id set_at lifted_by_id lifted_at why_lifted",
    "remains": (
        "number kind unit_id reported_at ended_at retention retention_list is_restricted "
        "under disposed_at"
    ),
}
OF_ROWS = {
    "list": (
        "unit_id retention retention_list year reason proposed_by_id proposed_at "
        "confirmed_by_id confirmed_at withdrawn_at done_at"
    ),
    "package": (
        "unit_id year retention_list manifest_digest cases made_at receipt received_date "
        "received_at"
    ),
    "hold": "unit_id reason set_by_id set_at lifted_by_id lifted_at why_lifted",
}


def test_lines_of_cases_have_the_columns_of_earlier_entries() -> None:
    found = {
        part.name: " ".join(
            each.name if isinstance(each, LentColumn) else str(each.column)
            for each in cases._columns(part)
        )
        for part in (*cases._parts, cases.REMAINS)
    }

    assert found == COLUMNS


def test_lines_of_lists_packages_and_holds_have_the_columns_of_earlier_entries() -> None:
    parts = (retention.LIST, retention.PACKAGE, retention.UNIT_HOLD)

    found = {part.name: " ".join(str(each.column) for each in part.columns) for part in parts}

    assert found == OF_ROWS
