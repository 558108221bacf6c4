"""Every public parameter of core, viz and ui says its type; `make test` has mypy hold the calls to them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "viz", "ui")
# Python calls these, but a person writes their arguments
CALLED = ("__init__", "__call__")


def public_functions(body, inside=""):
    """(name, function, whether its first parameter is the object or the class) of what other modules may call."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, f"{inside}{node.name}.")
        elif isinstance(node, ast.If | ast.Try):
            yield from public_functions([*node.body, *node.orelse], inside)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
            if node.name in CALLED or not node.name.startswith("_"):
                yield inside + node.name, node, bool(inside) and not static


def hint_problems(path, source):
    """One sentence for each public parameter in a file that has no hint."""
    for name, function, bound in public_functions(ast.parse(source, str(path)).body):
        said = function.args
        ordered = [*said.posonlyargs, *said.args][bound:]
        for parameter in filter(None, (*ordered, said.vararg, *said.kwonlyargs, said.kwarg)):
            if parameter.annotation is None:
                yield f"{path}:{function.lineno}: {name} does not say what type {parameter.arg} has"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_public_parameter_has_a_hint(folder):
    files = [(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py")]
    found = [problem for file in files for problem in hint_problems(*file)]
    assert files and not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("def f(x): ...", 1),
        ("async def f(x: int, *y, z, **w): ...", 3),
        ("def f(x, /, y=1): ...", 2),
        ("class A:\n    def f(self, x): ...", 1),
        ("class A:\n    def __init__(self, x): ...", 1),
        ("class A:\n    @classmethod\n    def f(cls, x): ...", 1),
        ("class A:\n    @staticmethod\n    def f(x): ...", 1),
        ("class A:\n    class B:\n        def f(self, x): ...", 1),
        ("if True:\n    def f(x): ...\nelse:\n    def f(x): ...", 2),
        ("def f(x: int, *y: int, z: int = 0, **w: int): ...", 0),
        ("class A:\n    def f(self): ...\n    def _f(self, x): ...\n    def __eq__(self, x): ...", 0),
        ("def _f(x): ...\nclass _A:\n    def f(self, x): ...", 0),
        ("def f():\n    def g(x): ...\n    return g", 0),
    ],
)
def test_checker_finds_what_has_no_hint(source, count):
    assert len(list(hint_problems("core/a.py", source))) == count
