"""Measurements of bihuan, each next to a peer or a limit, in one run. See docs/bench.md."""
