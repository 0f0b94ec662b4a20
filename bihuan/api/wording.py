"""Texts for the interfaces: notices to reporters, and refusals."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.api.actions.keys import KeyEnded, TooOften, WrongKey
from bihuan.api.actions.receiving import UsedForAnother
from bihuan.api.catalogue import UnknownService, WrongAttribute
from bihuan.api.reading import WrongCharacters
from bihuan.cases import wording as case_words
from bihuan.core import codes
from bihuan.core.deadlines import Due
from bihuan.core.refusal import Refusal
from bihuan.web.templatetags.bihuan import day

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    WrongKey: lambda: _("api_key: missing, wrong or revoked."),
    TooOften: lambda: _("api_key: too many reports within a minute. Send the rest later."),
    KeyEnded: lambda: _("The key has already been revoked."),
    UsedForAnother: lambda: _("Idempotency-Key: already used with another report."),
    UnknownService: lambda: _("service_code: service “%(code)s” is not available."),
    WrongCharacters: lambda: _(
        "Content-Type: the form does not use the declared encoding. Send UTF-8, or GB 18030 with "
        "charset=gb18030."
    ),
    WrongAttribute: lambda: _(
        "attribute[%(code)s]: choose one of the values in the service definition."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the operator of the other system."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() % vars(refusal) if sentence else case_words.explain(refusal)


def no_request(number: str) -> str:
    return _("There is no public request “%(number)s”.") % {"number": number}


def missing() -> str:
    return _("required.")


def no_address() -> str:
    return _("Not found. See discovery.json for the available addresses.")


def wrong_method(allowed: str) -> str:
    return _("This address accepts only %(methods)s.") % {"methods": allowed}


def unreadable() -> str:
    return _("The form could not be read: it is damaged or too large.")


def only_checked() -> str:
    return _("The report was checked and not saved: this is the test endpoint.")


def contact() -> str:
    return _("Contact the office that runs this site; its addresses are on the home page.")


def key_service() -> str:
    return _("The administrators of a unit create keys for the systems that report to it.")


def provisional() -> str:
    """The note on an expected time that holidays may still move."""
    return _(
        "The expected time is provisional: holidays before it are not published yet. It will be "
        "recalculated."
    )


def notice(*, due: Due | None, code: str, left_out: int) -> str:
    """Return what the reporter is shown: the expected time, and the code for following the
    report.
    """
    parts = []
    if due is not None:
        parts.append(_("You will receive an answer by %(day)s.") % {"day": day(due)})
    if code:
        parts.append(
            _(
                "Tracking code: %(code)s. Keep it: you need it to follow the report, add to it "
                "and ask for a review."
            )
            % {"code": codes.written(code)}
        )
    if left_out:
        parts.append(_("Photos are not fetched from that address; send them with the report."))
    return " ".join(parts)


def keys_in_use(count: int) -> str:
    """Say how many other systems report to a unit."""
    text = ngettext("%(n)d API key", "%(n)d API keys", count)
    return text % {"n": count}
