"""What officers fill in to bring a ledger in."""

from bihuan.ledgers.forms.answers import AnswersForm
from bihuan.ledgers.forms.columns import ColumnsForm, left_out
from bihuan.ledgers.forms.upload import GoForm, ReadAgainForm, UploadForm
from bihuan.ledgers.forms.words import WordsForm, units_named

__all__ = [
    "AnswersForm",
    "ColumnsForm",
    "GoForm",
    "ReadAgainForm",
    "UploadForm",
    "WordsForm",
    "left_out",
    "units_named",
]
