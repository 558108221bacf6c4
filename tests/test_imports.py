"""Which folder may import what, no address on the network in what is served, a docstring in every module.

    pages → ui → viz          core computes and knows nothing of the screen; viz draws arrays and knows
              └→ core         nothing of Keras; only ui and pages know Streamlit; nothing imports a page.
                              All of them say what they say in `words`, which knows none of them.

Within core the rooms (its folders) have an order, and arrows run down only; no modules import each other in a circle.
The sources are parsed, not run, so an import inside a function counts as much as one at the top; but for threads that
could wait for each other, where only what is imported at once counts.
"""

import ast
import re
import sys
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("words", "core", "viz", "ui", "pages")
DOCUMENTED = ("words", "core", "viz", "ui")

STANDARD = frozenset(sys.stdlib_module_names)
ALLOWED = {
    # babel: makes the catalogues, which nobody does at run time
    "words": STANDARD | {"words", "babel"},
    "viz": STANDARD | {"viz", "words", "numpy", "plotly", "PIL"},
    # uvicorn: what serves Streamlit's app; ui/server bounds its connections
    "ui": STANDARD | {"ui", "viz", "core", "words", "streamlit", "numpy", "PIL", "pygments", "uvicorn"},
    "pages": STANDARD | {"ui", "viz", "core", "words", "streamlit", "numpy"},
}
# core may use what it computes with, so for it there is a list of what it must not know.
FORBIDDEN = {"core": ("streamlit", "plotly", "PIL.ImageDraw", "viz", "ui", "pages", "dashboard")}

# From the bottom up: a room may import the ones before it. Files beside the rooms import none of them.
ROOMS = (
    "libraries",
    "storage",
    "tensors",
    "data",
    "layers",
    "drawing",
    "augmentation",
    "network",
    "classes",
    "training",
    "live",
    "runs",
    "pretrained",
    "scripts",
    "lessons",
)

SERVED = {".py", ".js", ".css", ".html"}
# With a scheme, or without one ("//host/file"), which takes the scheme of the page.
ADDRESS = re.compile(r"""(?:(?:https?|wss?):|(?<=["'(`]))//[A-Za-z0-9\[][^\s"'`<>)]*""", re.IGNORECASE)
# The names of XML namespaces look like addresses, but nobody fetches them.
HARMLESS = re.compile(r"http://www\.w3\.org/|(?:https?|wss?)://(?:localhost|127\.0\.0\.1)(?![\w.-])")


@cache  # three tests ask it of each file of core
def imported(path, source):
    """(line, dotted name) of each import in a file; `from a import b` gives a.b, for b may be a module."""
    return tuple(_imported(path, source))


def _imported(path, source):
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(ast.parse(source, str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            # One dot is the package itself, each further one the package around it.
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += (node.module,) if node.module else ()
            for alias in node.names:
                yield node.lineno, ".".join((*base, alias.name))
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in ("__import__", "import_module", "importlib.import_module"):
                yield node.lineno, str(node.args[0].value)


def import_problems(path, source):
    """One sentence for each import that the rule does not allow in the file at `path` (from the root)."""
    parts = PurePosixPath(path).parts
    folder = parts[0] if len(parts) > 1 else ""
    for line, name in imported(path, source):
        top = name.partition(".")[0]
        forbidden = any((name + ".").startswith(f"{each}.") for each in FORBIDDEN.get(folder, ()))
        if forbidden or top == "pages" or (folder in ALLOWED and top not in ALLOWED[folder]):
            yield f"{path}:{line}: {folder or path} must not import {name}"


def module(path):
    """The dotted name of the file at `path`; a package is its __init__.py."""
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def arrows(files):
    """(path, line, module, imported module) of each import from one file of `files` to another."""
    known = {module(path) for path, _ in files}
    for path, source in files:
        for line, name in imported(path, source):
            while name and name not in known:
                name = name.rpartition(".")[0]
            if name and name != module(path):
                yield path, line, module(path), name


def room_problems(files, rooms):
    """One sentence for each arrow in core that runs up, and for each room whose place is not known."""
    heights = {f"core.{room}": height for height, room in enumerate(rooms)}

    def room(name):
        return ".".join(name.split(".")[:2])

    for path, line, here, there in arrows(files):
        if room(here) == room(there) or there == "core":
            continue
        if heights.get(room(there), len(rooms)) > heights.get(room(here), -1):
            yield f"{path}:{line}: {room(here)} lies below {room(there)} and must not import it"
    folders = {room(module(path)) for path, _ in files if len(PurePosixPath(path).parts) > 2}
    yield from (f"{folder} has no place in the order of rooms" for folder in sorted(folders - {*heights}))
    yield from (f"{folder} is in the order of rooms, and there is no such folder" for folder in {*heights} - folders)


def ways(files):
    """Module → the modules that it imports, for each module of `files`."""
    found = {}
    for _, _, here, there in arrows(files):
        found.setdefault(here, []).append(there)
    return found


def waits(files):
    """Module → the modules whose locks a thread comes to want while it holds this one's, for each module of `files`.

    Python locks a module while it is imported: for `a.b.c` the packages a and a.b, too. What is imported later, in a
    function, is imported with no lock held.
    """
    known = {module(path) for path, _ in files}
    found = {}
    for path, source in files:
        here = module(path)
        names = {here, *(name for _, name in imported(path, at_once(source)))}
        wanted = {".".join(name.split(".")[:depth]) for name in names for depth in range(1, name.count(".") + 2)}
        found[here] = sorted(wanted & known - {here})
    return found


class AtOnce(ast.NodeTransformer):
    """Leaves out what does not run when a module is imported."""

    def visit_FunctionDef(self, _node):
        """Runs when it is called."""
        return ast.Pass()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (so ast wants it)

    def visit_If(self, node):
        """Of `if TYPE_CHECKING`, what stands in `else`."""
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return [ast.Pass(), *map(self.visit, node.orelse)]
        return self.generic_visit(node)


def at_once(source):
    """The part of a module's source that runs when it is imported."""
    return ast.unparse(AtOnce().visit(ast.parse(source)))


def circles(ways):
    """One sentence for each circle of modules that a walk along the ways comes back in."""
    done = set()

    def walk(name, behind):
        if name in behind:
            yield " → ".join([*behind[behind.index(name) :], name])
        elif name not in done:
            for there in ways.get(name, ()):
                yield from walk(there, [*behind, name])
            done.add(name)

    for name in sorted(ways):
        yield from walk(name, [])


def private_problems(path, source):
    """One sentence for each private name of one of our modules that the file at `path` reaches for."""
    tree = ast.parse(source, str(path))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or node.module.partition(".")[0] in FOLDERS):
            modules.update(alias.asname or alias.name for alias in node.names)
            for alias in node.names:
                if is_private(alias.name):
                    yield f"{path}:{node.lineno}: imports {alias.name}, which is private"
    for node in ast.walk(tree):
        reached = isinstance(node, ast.Attribute) and is_private(node.attr) and node.value
        if isinstance(reached, ast.Name) and reached.id in modules:
            yield f"{path}:{node.lineno}: uses {ast.unparse(node)}, which is private"


def is_private(name):
    # `_` is gettext's name for "say this"
    return name.startswith("_") and not name.startswith("__") and name != "_"


def address_problems(path, text):
    """One sentence for each address in a file that is not on this machine."""
    for number, line in enumerate(text.splitlines(), 1):
        for match in ADDRESS.finditer(line):
            if not HARMLESS.match(match.group()):
                yield f"{path}:{number}: refers to {match.group()}"


def docstring_problems(path, source):
    """One sentence if the module says nothing about itself."""
    if not (ast.get_docstring(ast.parse(source, str(path))) or "").strip():
        yield f"{path}:1: has no docstring"


def sources(folders, suffixes):
    """(path relative to the root, text) of the files; a folder that does not exist has none."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def dashboard():
    path = ROOT / "dashboard.py"
    return [(path.name, path.read_text(encoding="utf-8"))] if path.exists() else []


def assert_none(problems):
    found = list(problems)
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_imports_only_what_it_may(folder):
    assert_none(found for file in sources([folder], {".py"}) for found in import_problems(*file))


def test_arrows_between_the_rooms_of_core_run_down():
    assert_none(room_problems(list(sources(["core"], {".py"})), ROOMS))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_modules_import_each_other_in_a_circle(folder):
    assert_none(circles(ways(list(sources([folder], {".py"})))))


def test_no_two_threads_that_import_wait_for_each_other():
    """Each would hold the lock that the other one wants, and Python then gives one of them a module that is not whole:
    so a package whose __init__.py imports from its own modules once made a server's first page an error."""
    assert_none(circles(waits(list(sources(FOLDERS, {".py"})))))


def test_nothing_else_imports_a_page():
    files = [*dashboard(), *sources(["bench", "assets", "classroom"], {".py"})]
    assert_none(found for file in files for found in import_problems(*file))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_reaches_for_a_private_name_of_another(folder):
    assert_none(found for file in sources([folder], {".py"}) for found in private_problems(*file))


def test_nothing_is_fetched_from_the_network():
    files = [*dashboard(), *sources(FOLDERS, SERVED)]
    assert_none(found for file in files for found in address_problems(*file))


def test_every_module_has_a_docstring():
    assert_none(found for file in sources(DOCUMENTED, {".py"}) for found in docstring_problems(*file))


# The checker itself: it has to find what it is there for, and nothing else.


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "import streamlit as st"),
        ("core/a.py", "import plotly.graph_objects as go"),
        ("core/a.py", "from PIL import Image, ImageDraw"),
        ("core/a.py", "import PIL.ImageDraw"),
        ("core/a.py", "from PIL.ImageDraw import Draw"),
        ("core/a.py", "from viz.maps import draw"),
        ("core/a.py", "from .. import ui"),
        ("core/deep/a.py", "from ...viz import maps"),
        ("core/a.py", "def late():\n    import streamlit"),
        ("core/a.py", "import importlib\nimportlib.import_module('ui.state')"),
        ("core/a.py", "__import__('dashboard')"),
        ("viz/a.py", "import streamlit"),
        ("viz/a.py", "import tensorflow as tf"),
        ("viz/a.py", "from keras import layers"),
        ("viz/a.py", "from core.mnist import read"),
        ("viz/a.py", "from ui import state"),
        ("viz/a.py", "import pandas"),
        ("ui/a.py", "import keras"),
        ("ui/panels/a.py", "from tensorflow import keras"),
        ("ui/a.py", "import plotly.express"),
        ("ui/a.py", "if TYPE_CHECKING:\n    import plotly"),
        ("pages/a.py", "import tensorflow"),
        ("pages/a.py", "from PIL import Image"),
        ("pages/a.py", "import pages.home"),
        ("ui/a.py", "from pages import home"),
        ("dashboard.py", "from pages.home import show"),
        ("bench/a.py", "import pages"),
    ],
)
def test_checker_finds_a_forbidden_import(path, source):
    assert len(list(import_problems(path, source))) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "core/a.py",
            "from __future__ import annotations\nimport keras, numpy\nfrom PIL import Image, ImageOps",
        ),
        ("core/a.py", "from . import shapes\nfrom core.mnist import read\nimport uuid, vizier"),
        ("viz/a.py", "import numpy as np\nimport plotly.graph_objects as go\nfrom PIL import ImageDraw"),
        ("viz/deep/a.py", "from ..palette import table\nfrom . import b"),
        (
            "ui/panels/a.py",
            "import json\nimport streamlit as st\nfrom core import mnist\nfrom ..state import x",
        ),
        ("pages/a.py", "from ui.panels import home\nimport streamlit as st\nimport numpy as np"),
        ("dashboard.py", "import os\nimport streamlit as st"),
        ("core/a.py", "x = 'import streamlit'  # import streamlit"),
    ],
)
def test_checker_allows_the_rest(path, source):
    assert list(import_problems(path, source)) == []


LOW = ("core/low/__init__.py", "")


@pytest.mark.parametrize(
    ("path", "source", "count"),
    [
        ("core/low/a.py", "from core import high", 1),
        ("core/low/a.py", "import core.high.b", 1),
        ("core/low/a.py", "def late():\n    from core.high.b import f", 1),
        ("core/low/a.py", "if TYPE_CHECKING:\n    from core.high import b", 1),
        ("core/low/a.py", "import_module('core.high')", 1),
        ("core/low/a.py", "from ..high import b", 1),
        ("core/a.py", "from core import low", 1),
        ("core/new/a.py", "x = 1", 1),
        ("core/high/c.py", "import core\nfrom core.low import x\nfrom core.high.b import f\nimport low", 0),
        ("core/low/a.py", "from core.low import x\nimport numpy", 0),
    ],
)
def test_checker_finds_an_arrow_that_runs_up(path, source, count):
    files = [LOW, ("core/high/__init__.py", ""), ("core/high/b.py", ""), (path, source)]
    assert len(list(room_problems(files, ("low", "high")))) == count


def test_checker_finds_a_room_that_is_gone():
    assert list(room_problems([LOW], ("low", "high"))) == [
        "core.high is in the order of rooms, and there is no such folder"
    ]


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["from core import b", "from core.b import x", ""], []),
        (["from core import b", "from core import c", "from core import b"], ["core.b → core.c → core.b"]),
        (["", "def late():\n    import core.c", "if TYPE_CHECKING:\n    from core.a import X"], []),
        (
            ["import core.b", "def late():\n    import core.c", "if TYPE_CHECKING:\n    from core.a import X"],
            ["core.a → core.b → core.c → core.a"],
        ),
        (["from core.a import x", "", ""], []),
    ],
)
def test_checker_finds_a_circle(sources, found):
    assert list(circles(ways(list(zip(["core/a.py", "core/b.py", "core/c.py"], sources, strict=True))))) == found


@pytest.mark.parametrize(
    ("package", "source", "found"),
    [
        ("", "from core.low import b", []),
        ("from core.low.a import x", "", ["core.low → core.low.a → core.low"]),
        ("from core.low import a", "", ["core.low → core.low.a → core.low"]),
        ("from core import b", "", []),
        ("from core import b", "from core.b import x", []),
        ("if x:\n    import core.low.a", "", ["core.low → core.low.a → core.low"]),
        ("def late():\n    import core.low.a", "", []),
        ("async def late():\n    import core.low.a", "", []),
        ("if TYPE_CHECKING:\n    import core.low.a", "", []),
        ("if TYPE_CHECKING:\n    x = 1\nelse:\n    import core.low.a", "", ["core.low → core.low.a → core.low"]),
    ],
)
def test_checker_finds_threads_that_could_wait_for_each_other(package, source, found):
    files = [("core/low/__init__.py", package), ("core/low/a.py", source), ("core/b.py", "")]
    assert list(circles(waits(files))) == found


@pytest.mark.parametrize(
    "text",
    [
        "import x from 'https://cdn.example.com/x.js'",
        "@import url(http://fonts.example.com/a.css);",
        "@import url(//fonts.example.com/a.css);",
        '<script src="//cdn.example.com/x.js">',
        "new WebSocket('wss://example.com/')",
        "HTTPS://EXAMPLE.COM",
        "http://localhost.example.com/",
        "https://www.w3.org.example.com/",
    ],
)
def test_checker_finds_an_address(text):
    assert len(list(address_problems("ui/a.js", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "document.createElementNS('http://www.w3.org/2000/svg', 'path')",
        "fetch('http://localhost:8501/_stcore/health')",
        "http://127.0.0.1:8501",
        "const half = size // 2;  // a comment, and 'a // b'",
        "url(data:image/png;base64,AAAA//BBBB)",
    ],
)
def test_checker_allows_what_is_not_fetched(text):
    assert list(address_problems("ui/a.js", text)) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from core.runs import queue\nqueue._futures", 1),
        ("from core.runs.queue import _futures", 1),
        ("from . import queue as waiting\nwaiting._futures.clear()", 1),
        ("from core.runs import queue\ndef late():\n    return queue._submit(1)", 1),
        ("from core.runs import queue\nqueue.start(1)\nqueue.__name__\nself._x\nnp._x", 0),
        ("import os\nfrom ctypes import _SimpleCData\nos._exit(0)", 0),
    ],
)
def test_checker_finds_a_private_name(source, count):
    assert len(list(private_problems("core/a.py", source))) == count


def test_checker_finds_a_missing_docstring():
    assert len(list(docstring_problems("core/a.py", "x = 1"))) == 1
    assert len(list(docstring_problems("core/a.py", ""))) == 1
    assert len(list(docstring_problems("core/a.py", '"""  """'))) == 1
    assert list(docstring_problems("core/a.py", '"""Shapes."""')) == []
