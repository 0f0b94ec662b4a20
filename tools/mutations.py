"""Mutations of a module: each a location in its source and the replacement."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REACHED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitXor: ast.BitAnd,
}  # fmt: skip
# Texts for people or for the log: tests need not check their wording.
SAYING = (
    "_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "logger",
    "RuntimeError", "TypeError", "ValueError",
)  # fmt: skip
SAID = ("help", "description")
Node = Any


@dataclass(frozen=True)
class Mutation:
    """One mutation: its function, its line, the original and the replacement."""

    number: int
    where: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.where}: {self.before} → {self.after}"


def every(source: str) -> list[Mutation]:
    """Yield all possible mutations of this source, in order."""
    planter = _Planter(None)
    planter.visit(ast.parse(source))
    return planter.found


def planted(source: str, number: int) -> ast.Module:
    """Return the source with that mutation."""
    tree = _Planter(number).visit(ast.parse(source))
    assert isinstance(tree, ast.Module)
    return ast.fix_missing_locations(tree)


class _Planter(ast.NodeTransformer):
    """Counts the mutations while walking a tree, and applies the selected one."""

    def __init__(self, wanted: int | None) -> None:
        self.wanted, self.found = wanted, list[Mutation]()
        self._inside: list[str] = []

    def visit(self, node: Node) -> Node:
        if _is_left_alone(node):
            return node
        planted = node
        for variant in _variants(node):
            if len(self.found) == self.wanted:
                planted = ast.copy_location(variant, node)
            self._note(node, variant)
        named = isinstance(node, ast.FunctionDef | ast.ClassDef)
        if named:
            self._inside.append(node.name)
        self._go_into(node)
        if named:
            self._inside.pop()
        return planted

    def _go_into(self, node: Node) -> None:
        """Skip annotations, which have no behaviour, and docstrings."""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases"):
                continue
            if isinstance(value, list):
                value[:] = [
                    self.visit(each) if isinstance(each, ast.AST) else each for each in value
                ]
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))

    def _note(self, node: Node, variant: Node) -> None:
        where = ".".join(self._inside) or "module"
        before, after = _short(node), _short(variant)
        self.found.append(Mutation(len(self.found), where, node.lineno, before, after))


def _short(node: Node) -> str:
    if isinstance(node, ast.If | ast.While):
        node = ast.copy_location(ast.Expr(node.test), node)
    if isinstance(node, ast.FunctionDef):
        return f"{len(node.decorator_list)} decorators of {node.name}"
    return " ".join(ast.unparse(node).split())[:120]


def _is_left_alone(node: Node) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Assert():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Call(func=ast.Name(id=name)) if name in SAYING:
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in SAYING
    return False


def _variants(node: Node) -> Iterator[Node]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=right):
            yield ast.Compare(left, [COMPARED[type(operator)]()], right)
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in REACHED:
            yield ast.BinOp(left, REACHED[type(operator)](), right)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(_not(test), body, orelse)
        case _:
            yield from _values(node)
            yield from _parts(node)
            yield from _statements(node)


def _parts(node: Node) -> Iterator[Node]:
    """Remove one item."""
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            for n in range(len(keywords)):
                if keywords[n].arg in SAID or ast.unparse(keywords[n]) == "strict=False":
                    continue
                yield ast.Call(function, arguments, keywords[:n] + keywords[n + 1 :])
        case ast.Set(elts=[_, *_, last] as elements) if not isinstance(last, ast.Constant):
            yield ast.Set(elements[:-1])
        case ast.Tuple(elts=[_, *_, last] as elements, ctx=ast.Load()):
            yield ast.Tuple(elements[:-1], ast.Load())


def _values(node: Node) -> Iterator[Node]:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(value + "X")


def _statements(node: Node) -> Iterator[Node]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(_not(test), body, orelse)
        case ast.While(test=test, body=body, orelse=orelse) if not isinstance(test, ast.Constant):
            yield ast.While(_not(test), body, orelse)
        case ast.Return(value=value) if value is not None and not _is_nothing(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.FunctionDef(decorator_list=[*_, last]) if ast.unparse(last).endswith("atomic"):
            fields = {name: getattr(node, name) for name in node._fields}
            yield ast.FunctionDef(**{**fields, "decorator_list": node.decorator_list[:-1]})


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
