"""Mutants of what mutmut leaves alone in the engine: constants, patterns, defaults, and functions
with a decorator. One change at a time in a copy of the source; the tests that must notice it run in
a forked process.

    python bench/mutants.py --file time.py --tests tests/engine/judged tests/engine/test_time.py

prints every survivor, then how many were killed. With `--most N` a seeded sample of them is tried.
"""

import argparse
import ast
import copy
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("pytest", "hypothesis", "holidays", "ruamel.yaml", "tzdata", "zoneinfo", "decimal")
SECONDS = 180
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
"""Every operator that is changed, and into what."""


@dataclass(frozen=True)
class Mutant:
    """One change: the line, what stands there now, and the whole source with it."""

    line: int
    told: str
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(source)
    for number, place in enumerate(places(tree)):
        fresh = copy.deepcopy(tree)
        node = list(places(fresh))[number]
        vars(node).update(change(node))
        told = f"{ast.unparse(place)}  ->  {ast.unparse(node)}"
        yield Mutant(place.lineno, told, ast.unparse(ast.fix_missing_locations(fresh)))


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


def survives(mutant: Mutant, file: Path, tests: list[str]) -> bool:
    """Whether all tests pass with the mutant in place; longer than SECONDS counts as killed."""
    file.write_text(mutant.source, encoding="utf-8")
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.alarm(SECONDS)
        os._exit(run(tests))
    return os.waitpid(child, 0)[1] == 0


def run(tests: list[str]) -> int:
    """The tests in this very process, silently; 0 where all pass."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    quick = ["--hypothesis-profile=mutants", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return int(importlib.import_module("pytest").main([*quick, *tests]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--file", required=True, help="a file of src/afspraak/engine")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    sys.dont_write_bytecode = True
    for name in HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("src", "tests", "docs", "locks", "pyproject.toml", "README.md", "x.py"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(folder) / name)
        os.chdir(folder)
        sys.path.insert(0, str(Path(folder) / "src"))
        return report(Path(folder) / "src/afspraak/engine" / chosen.file, chosen)


def report(file: Path, chosen: argparse.Namespace) -> int:
    """Tries the unchanged file, then every mutant; 1 if the former fails."""
    original = file.read_text(encoding="utf-8")
    if not survives(Mutant(0, "", original), file, chosen.tests):
        print(f"{file.name}: the tests fail without a mutant")
        return 1
    found = list(mutants_of(original))
    if len(found) > chosen.most:
        sample = sorted(random.Random(chosen.seed).sample(range(len(found)), chosen.most))
        found = [found[number] for number in sample]
    left = 0
    for mutant in found:
        if survives(mutant, file, chosen.tests):
            left += 1
            print(f"{file.name}:{mutant.line}: {mutant.told}", flush=True)
    print(f"{file.name}: {len(found)} mutants, {len(found) - left} killed, {left} survived")
    return 0


if __name__ == "__main__":
    sys.exit(main())
