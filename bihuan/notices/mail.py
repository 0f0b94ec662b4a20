"""The only external channel: a short mail to an address that officers cannot see.

The address appears in no error and no log line: messages of mail servers often repeat it, so they
are not passed on.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not accept it; gives the type of failure, and nothing about the
    recipient.
    """


def is_set_up() -> bool:
    return bool(settings.SMTP_URL)


def send(*, to: str, heading: str, text: str) -> None:
    """Submit a mail to the server of `BIHUAN_SMTP_URL`; raise `NotSent` if that fails."""
    failure = ""
    try:
        EmailMessage(heading, text, to=[to]).send()
    except Exception as error:
        failure = type(error).__name__
    if failure:
        # Raised here and not above, so that the original error is not chained to it.
        raise NotSent(failure)
