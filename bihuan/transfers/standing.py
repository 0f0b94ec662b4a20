"""The state of transfer letters, for `journal verify`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bihuan.files.standing import WithAttachments
from bihuan.journal.parts import Part, RowWitness, WithRows
from bihuan.transfers.models import SUBJECT, Enclosure, Letter

LETTER = Part("letter", Letter, _("the letter"))
ENCLOSURES = Part("enclosures", Enclosure, _("the photos of the letter"))
LETTERS = WithAttachments(SUBJECT, WithRows(RowWitness(SUBJECT, LETTER), ENCLOSURES, "letter"))
