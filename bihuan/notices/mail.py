"""The one channel out of the house: a short mail to an address that nobody here reads.

Whatever goes wrong, the address stands in no error and in no log line: the mail server's own
words often repeat it, so they are left where they were.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take it; says of what sort the failure was, and nothing of whom."""


def is_set_up() -> bool:
    return bool(settings.SMTP_URL)


def send(*, to: str, heading: str, text: str) -> None:
    """Hand a mail over to the server of `BIHUAN_SMTP_URL`, or `NotSent`."""
    failure = ""
    try:
        EmailMessage(heading, text, to=[to]).send()
    except Exception as error:
        failure = type(error).__name__
    if failure:
        # Raised here and not above, so that the error does not hang on this one.
        raise NotSent(failure)
