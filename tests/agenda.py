"""What the items of Today lead to, as tests ask about them."""

from bihuan.web.agenda import AgendaItem


def next_move(item: AgendaItem) -> str:
    """The move of a case that is the item's next step, or nothing."""
    return item.step_url.rstrip("/").rpartition("/")[2]
