"""The private record, the printable agreement, and the invitation of a party."""
