"""What the public's side of a case says to officers and to the public."""
