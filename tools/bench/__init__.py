"""Measurements of bihuan, each beside its peer or limit, in one run. See docs/bench.md."""
