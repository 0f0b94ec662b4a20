"""The items of the public's side of cases on Today."""
