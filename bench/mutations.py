"""The changes that make mutants: mutmut's inside functions, and ours where it changes nothing:
constants, patterns and defaults, and functions with a decorator. One change at a time.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, create_mutations, deep_replace

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
"""Every operator that is changed outside functions, and into what."""


@dataclass(frozen=True)
class Mutant:
    """One change: the line, what stands there now, and the whole source with it."""

    line: int
    told: str
    source: str
    in_function: bool


def mutants_of(name: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a file: those in functions, then those outside, each by their lines."""
    yield from in_functions(name, source)
    yield from outside_functions(source)


# In functions: mutmut's ---------------------------------------------------------------------------


def in_functions(name: str, source: str) -> Iterator[Mutant]:
    module, mutations, _, _ = create_mutations(name, source)
    lines = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    holders = {
        each: statement
        for statement in module.body
        for each in (statement, *getattr(statement.body, "body", ()))
        if isinstance(each, cst.FunctionDef)
    }
    for mutation in mutations:
        if mutation.contained_by_top_level_function not in holders:
            continue
        node, holder = mutation.original_node, holders[mutation.contained_by_top_level_function]
        changed = deep_replace(holder, node, mutation.mutated_node)
        assert isinstance(changed, cst.CSTNode)
        whole = source.replace(module.code_for_node(holder), module.code_for_node(changed))
        assert whole != source
        line = lines[node].start.line if node in lines else 0
        yield Mutant(line, told(module, mutation), whole, in_function=True)


def told(module: cst.Module, mutation: Mutation) -> str:
    """The change in one line, cut where it is long."""
    pair = (mutation.original_node, mutation.mutated_node)
    return "  ->  ".join(" ".join(module.code_for_node(node).split())[:160] for node in pair)


# Outside functions: ours --------------------------------------------------------------------------


def outside_functions(source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    for number, place in enumerate(places(tree)):
        fresh = copy.deepcopy(tree)
        node = list(places(fresh))[number]
        vars(node).update(change(node))
        told = f"{ast.unparse(place)}  ->  {ast.unparse(node)}"
        changed = ast.unparse(ast.fix_missing_locations(fresh))
        yield Mutant(place.lineno, told, changed, in_function=False)


def places(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions that mutmut does not touch: outside functions, or in decorated ones."""
    for node in tree.body:
        yield from outside(node)


def outside(node: ast.stmt) -> Iterator[ast.expr]:
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from outside(inner)
    elif isinstance(node, ast.FunctionDef):
        if node.decorator_list:
            for inner in node.body:
                if not is_text(inner):
                    yield from expressions(inner)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and not is_type(node.value):
        yield from expressions(node.value)


def expressions(node: ast.AST) -> Iterator[ast.expr]:
    return (each for each in ast.walk(node) if isinstance(each, ast.expr) and change(each))


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_type(node: ast.expr) -> bool:
    """A name for a type, as `Target = Duration | Open`, does nothing while the program runs."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return is_type(node.left) and is_type(node.right)
    return isinstance(node, ast.Subscript | ast.Name)


def change(node: ast.expr) -> dict[str, object]:
    """What another value, operator or branch makes of a node: its new parts; none for most."""
    made: dict[str, object] = {}
    match node:
        case ast.Constant(value=bool() as value):
            made = {"value": not value}
        case ast.Constant(value=int() as value):
            made = {"value": value + 1}
        case ast.Constant(value=str() as value):
            made = {"value": f"XX{value}XX"}
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            made = {"ops": [SWAPS[type(op)]()]}
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in SWAPS:
            made = {"op": SWAPS[type(op)]()}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            made = {"operand": ast.UnaryOp(ast.Not(), operand)}
        case ast.IfExp(body=body, orelse=orelse):
            made = {"body": orelse, "orelse": body}
    return made
