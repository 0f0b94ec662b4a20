"""What the public's side of cases puts on Today."""
