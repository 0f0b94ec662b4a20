"""What is done with a site, its papers and its equipment, as the journal names it."""

from enum import StrEnum


class SiteAct(StrEnum):
    REGISTER = "register"
    CHANGE = "change"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"
    SET_REGULATORS = "set_regulators"
    ADD_PAPER = "add_paper"
    RENEW_PAPER = "renew_paper"
    WITHDRAW_PAPER = "withdraw_paper"
    ADD_EQUIPMENT = "add_equipment"
    CHANGE_EQUIPMENT = "change_equipment"
    REMOVE_EQUIPMENT = "remove_equipment"
    LINK_CASE = "link_case"
    UNLINK_CASE = "unlink_case"
    REFUSE_PLACE = "refuse_place"
    OFFER_PLACE = "offer_place"
