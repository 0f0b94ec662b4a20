"""Forms for importing a ledger."""

from bihuan.ledgers.forms.answers import AnswersForm
from bihuan.ledgers.forms.columns import ColumnsForm, left_out
from bihuan.ledgers.forms.questions import AllAlikeForm, QuestionsForm
from bihuan.ledgers.forms.upload import GoForm, ReadAgainForm, UploadForm
from bihuan.ledgers.forms.words import WordsForm, officers_named, units_named

__all__ = [
    "AllAlikeForm",
    "AnswersForm",
    "ColumnsForm",
    "GoForm",
    "QuestionsForm",
    "ReadAgainForm",
    "UploadForm",
    "WordsForm",
    "left_out",
    "officers_named",
    "units_named",
]
