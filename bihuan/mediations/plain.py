"""What the parties of a dispute read about it: no terms of the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.mediation import Move, Stage
from bihuan.receipts.sides import PlainWords

PLAIN = PlainWords(
    stages={
        Stage.NOTICED: (_("The office knows of the dispute."),),
        Stage.BROUGHT: (
            _("Received on %(day)s. Every party is asked whether it agrees to a mediation."),
            _("Every party is asked whether it agrees to a mediation."),
        ),
        Stage.MEDIATING: (
            _("The mediation has been under way since %(day)s."),
            _("The mediation is under way."),
        ),
        Stage.DRAFTED: (
            _("The text of an agreement is ready since %(day)s. Every party decides about it."),
            _("The text of an agreement is ready."),
        ),
        Stage.AGREED: (
            _("All parties agreed on %(day)s. Later the office asks whether it is kept."),
            _("All parties agreed."),
        ),
        Stage.PERFORMED: (
            _("Ended with an agreement. What was promised was checked on %(day)s."),
            _("It ended with an agreement."),
        ),
        Stage.DECLINED: (
            _("Ended on %(day)s: not every party wants a mediation. Other ways stay open."),
            _("Not every party wants a mediation."),
        ),
        Stage.NO_AGREEMENT: (
            _("Ended on %(day)s without an agreement. Other ways stay open."),
            _("It ended without an agreement."),
        ),
        Stage.SETTLED: (
            _("Settled on %(day)s without a mediation."),
            _("It was settled without a mediation."),
        ),
    },
    happened={
        Move.FINISH: pgettext_lazy("to the public", "Concluded"),
        Move.NOTE_PERFORMANCE: pgettext_lazy(
            "to the public", "Asked whether the promises are kept"
        ),
    },
    terms={"LOC-14": _("Conclude the report")},
)
