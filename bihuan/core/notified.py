"""Who is notified of a move, as data of the lifecycle."""

from __future__ import annotations

from enum import StrEnum


class Notified(StrEnum):
    """Officers who are notified of a move, apart from those who may make the next one."""

    POST = "post"  # hold the post that has the case
    LEFT = "left"  # hold the post from which the move took it
    AUTHOR = "author"  # reported it
    ASKER = "asker"  # requested what the move decides
    WORKERS = "workers"  # did the work for the responsible unit
    OFFICE = "office"  # coordinate in the responsible unit
    NAMED = "named"  # hold the post, or work in the unit, that the move names
