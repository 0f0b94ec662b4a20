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

Generated from the tables in `bihuan/core` by `python -m tools.lifecycles`; a test fails if this
page and the tables differ. The columns are explained at the end.
"""
FOOT = """## How to read the tables

- **from**, **to**: the stages in which the move is allowed, and the stage after it if it changes.
- **powers**: a post of the officer must have one of them. “The public” is the holder of the
  tracking code.
- **reach**: the unit that the post must reach. `owner` is the responsible unit; `origin` the unit
  that found the case; `working` the owner or an assisting unit; `involved` any of these; `above` a
  unit above the owner; `deadline` a unit above the owner and above the unit that the deadline
  binds; `common` a common superior of both sides of a disputed assignment; `listed_by` the level
  that listed the case for supervision; `receiver` the unit to which a case was transferred;
  `author` the officer who reported it.
- **side**: the side of the officer in the four-eyes principle. A person who is on one side of a
  case can never be on another, and a unit that made the fix or gave the answer neither verifies
  nor reviews it. “None of” excludes officers who are on one of these sides.
- **requires**, **not if**: facts that must be true, and facts that must not be true.
- **fields**: what the form of the move contains.
- **starts**, **stops**: the clocks that the move starts and stops, by rule. The clocks of a
  grievance are named by purpose, and its procedure determines their rules.
- **undo**: the officer can undo the move for ten minutes, if nothing else happened to the case.
"""
CLOCKS = """### The clocks of a grievance by procedure

A pathway with its own length is named in brackets. The windows start when the reporter has
received the letter.
"""


def page() -> str:
    """Return every lifecycle as `docs/lifecycles.md` shows them."""
    parts = [HEAD]
    for title, lifecycle in TITLES.items():
        parts.append(f"## {title}\n\n```mermaid\n{mermaid(lifecycle)}\n```\n")
        parts.append(table(lifecycle) + "\n")
        if lifecycle is GRIEVANCE:
            parts.append(f"{CLOCKS}\n{purposes()}\n")
    return "\n".join([*parts, FOOT])


def purposes() -> str:
    """Return the rules of each clock purpose of a grievance, with one column for each procedure."""
    procedures = every()
    lines = ["| clock | " + " | ".join(each.id for each in procedures) + " |"]
    lines.append("|" + " --- |" * (len(procedures) + 1))
    lines += [
        f"| {purpose} | " + " | ".join(_rules(each, purpose) for each in procedures) + " |"
        for purpose in ClockPurpose
    ]
    return "\n".join(lines)


def _rules(procedure: Procedure, purpose: ClockPurpose) -> str:
    rules = [*procedure.slots.get(purpose, ())]
    rules += [f"{rule} (simple)" for rule in procedure.simple.get(purpose, ())]
    if purpose is ClockPurpose.CONCLUDE:
        pathways = procedure.ways.values()
        rules += [f"{rule} ({pathway.id})" for pathway in pathways for rule in pathway.conclude]
    return ", ".join(rules)


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
    """Return every move: the stages, who may make it, its conditions, and its clocks."""
    head = (
        "| move | from | to | powers | reach | side | requires | not if | fields | starts | stops "
        "| undo |"
    )
    rule = "|" + " --- |" * 12
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
        "author" if row.own else row.over if row.powers else "",
        _side(row),
        ", ".join(sorted(row.needs)),
        ", ".join(sorted(row.forbids)),
        ", ".join(row.requires),
        ", ".join((*row.starts, *row.starts_for)),
        ", ".join((*row.stops, *row.stops_for)),
        "yes" if row.undoable else "",
    ]
    return "| " + " | ".join(cells) + " |"
