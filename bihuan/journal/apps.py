"""Who did what, when and why, with proof that nothing was changed."""

from django.apps import AppConfig

# Created by migrations 0002, 0004 and 0005; a test compares the digests with the database.
ON_POSTGRESQL = {
    "journal_entry_never_changes": "4c78f4a42ac19326",
    "journal_anchor_never_changes": "965aad724eb73495",
    "journal_entry_is_counted": "5c53815118b7c7f2",
    "journal_anchor_is_counted": "17548f83858a3f48",
}
ON_SQLITE = {
    "journal_entry_never_updated": "a26513507ca50692",
    "journal_entry_never_deleted": "e350cd753d678397",
    "journal_entry_never_replaced": "2039194c6501178e",
    "journal_entry_is_counted": "6505c46f1ba3be2d",
    "journal_anchor_never_updated": "c2771fbbd8dfc37f",
    "journal_anchor_never_deleted": "9abec340ee58a690",
    "journal_anchor_never_replaced": "22d90c2087d271c4",
    "journal_anchor_is_counted": "4846d3561adc3b98",
}


class JournalConfig(AppConfig):
    name = "bihuan.journal"
    label = "journal"

    def ready(self) -> None:
        from bihuan.journal import guards

        guards.register("postgresql", ON_POSTGRESQL)
        guards.register("sqlite", ON_SQLITE)
