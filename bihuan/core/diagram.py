"""Draw a lifecycle as a Mermaid state diagram and as a table, for the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.core.grievance import GRIEVANCE, ClockPurpose
from bihuan.core.hazard import HAZARD
from bihuan.core.lifecycle import Lifecycle, Side, Transition
from bihuan.core.mediation import MEDIATION
from bihuan.core.procedure import Procedure, every
from bihuan.core.suggestion import SUGGESTION

TITLES: Mapping[str, Lifecycle] = {
    "Hazard 隐患": HAZARD,
    "Grievance 诉求": GRIEVANCE,
    "Suggestion 建议": SUGGESTION,
    "Mediation 纠纷调解": MEDIATION,
}
HEAD = """# Lifecycles

Drawn from the tables in `bihuan/core` by `python -m tools.lifecycles`; a test fails when this page
and the tables differ.
"""
FOOT = """## How to read the tables

"Over" says which unit the power must reach: the owner, the origin, those who work on it (owner or
assisting), everybody involved, a unit above the owner ("deadline": and above the unit that the
deadline binds), a common superior of both sides of a contest, the level that listed the case, or
the unit that a case was passed to. "The public" is the holder of the tracking code. "Side" is the
four eyes: a person who stands on one side of a case never comes on another, and a unit that did
the fix or gave the answer neither checks nor reviews it; "none of" shuts out whoever stands on
one of these sides. The clocks of a grievance are named by what they are for.
"""
CLOCKS = """### The clocks of a grievance by procedure

A path of its own length is named beside it; the windows start when the person has the letter.
"""


def page() -> str:
    """Return every lifecycle as `docs/lifecycles.md` shows them."""
    parts = [HEAD]
    for title, lifecycle in TITLES.items():
        parts.append(f"## {title}\n\n```mermaid\n{mermaid(lifecycle)}\n```\n")
        parts.append(table(lifecycle) + "\n")
        if lifecycle is GRIEVANCE:
            parts.append(f"{CLOCKS}\n{slots()}\n")
    return "\n".join([*parts, FOOT])


def slots() -> str:
    """Return the rules of each clock purpose of a grievance, with one column for each procedure."""
    procedures = every()
    lines = ["| clock | " + " | ".join(each.id for each in procedures) + " |"]
    lines.append("|" + " --- |" * (len(procedures) + 1))
    lines += [
        f"| {slot} | " + " | ".join(_slot(each, slot) for each in procedures) + " |"
        for slot in ClockPurpose
    ]
    return "\n".join(lines)


def _slot(procedure: Procedure, slot: ClockPurpose) -> str:
    said = [*procedure.slots.get(slot, ())]
    said += [f"{rule} (simple)" for rule in procedure.simple.get(slot, ())]
    if slot is ClockPurpose.CONCLUDE:
        ways = procedure.ways.values()
        said += [f"{rule} ({way.id})" for way in ways for rule in way.conclude]
    return ", ".join(said)


def mermaid(lifecycle: Lifecycle) -> str:
    """Return the moves that change the stage, one line each."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {row.target}: {row.move}" for row in lifecycle.births]
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
    """Return every move: the stages, who may make it, what it requires, and its clocks."""
    head = (
        "| move | from | to | powers | over | side | asks for | unless | brings | starts | stops |"
    )
    rule = "|" + " --- |" * 11
    return "\n".join([head, rule, *(_row(lifecycle, row) for row in lifecycle.transitions)])


def _side(row: Transition) -> str:
    apart = ", ".join(side for side in Side if side in row.apart)
    return row.side or (f"none of {apart}" if apart else "")


def _row(lifecycle: Lifecycle, row: Transition) -> str:
    stages = [stage for stage in lifecycle.stages if stage in row.sources]
    cells = [
        row.move,
        "any" if len(stages) == len(lifecycle.stages) else ", ".join(stages),
        row.target or "",
        ", ".join([*sorted(row.powers), *(["the public"] if row.public else [])]),
        row.over if row.powers else "",
        _side(row),
        ", ".join(sorted(row.needs)),
        ", ".join(sorted(row.forbids)),
        ", ".join(row.requires),
        ", ".join((*row.starts, *row.starts_for)),
        ", ".join((*row.stops, *row.stops_for)),
    ]
    return "| " + " | ".join(cells) + " |"
