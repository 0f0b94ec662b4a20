"""What is worked out from the records of a subject, and has to keep up with each act.

When an entry is written all that the act changed stands in the tables, or the entry would not say
how things stand. So what follows the entry cannot be forgotten by any act
(docs/decisions/0018). It runs in the transaction of the act, and a failure undoes both.
"""

from collections.abc import Callable, Collection

Follow = Callable[[Collection[str]], None]

_following: list[Follow] = []


def register(follow: Follow) -> None:
    """Have this called with the subjects of every act. For `AppConfig.ready`."""
    if follow not in _following:
        _following.append(follow)


def after(subjects: Collection[str]) -> None:
    for follow in _following:
        follow(subjects)
