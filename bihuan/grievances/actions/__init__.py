"""Every change to a grievance, a suggestion or the categories. One function, one act."""
