"""A lifecycle drawn as a Mermaid state diagram and as a table, for the documents."""

from __future__ import annotations

from bihuan.core.lifecycle import Lifecycle, Transition


def mermaid(lifecycle: Lifecycle) -> str:
    """The moves that change the stage, one line each."""
    birth = lifecycle.transition(lifecycle.birth)
    lines = ["stateDiagram-v2", f"    [*] --> {birth.target}: {birth.move}"]
    lines += [
        f"    {source} --> {row.target}: {row.move}"
        for row in lifecycle.transitions
        if row.target
        for source in lifecycle.stages
        if source in row.sources
    ]
    lines += [f"    {stage} --> [*]" for stage in lifecycle.stages if stage in lifecycle.ended]
    return "\n".join(lines)


def table(lifecycle: Lifecycle) -> str:
    """Every move: from where to where, who may, what it asks for, which clocks it moves."""
    head = (
        "| move | from | to | powers | over | side | asks for | unless | brings | starts | stops |"
    )
    rule = "|" + " --- |" * 11
    return "\n".join([head, rule, *(_row(lifecycle, row) for row in lifecycle.transitions)])


def _row(lifecycle: Lifecycle, row: Transition) -> str:
    stages = [stage for stage in lifecycle.stages if stage in row.sources]
    cells = [
        row.move,
        "any" if len(stages) == len(lifecycle.stages) else ", ".join(stages),
        row.target or "",
        ", ".join(sorted(row.powers)),
        row.over,
        row.side or "",
        ", ".join(sorted(row.needs)),
        ", ".join(sorted(row.forbids)),
        ", ".join(row.requires),
        ", ".join(row.starts),
        ", ".join(row.stops),
    ]
    return "| " + " | ".join(cells) + " |"
