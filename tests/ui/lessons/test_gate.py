"""A server whose visitors open no lesson does not wait for what lessons need."""

import ast
from pathlib import Path

from ui.lessons import gate

LIGHT = {"settings", "navigation", "rounds", "state"}


def test_without_a_lesson_nothing_more_of_them_is_imported():
    tree = ast.parse(Path(gate.__file__).read_text())
    ours = [node for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ui")]
    assert {alias.name for node in ours for alias in node.names} == LIGHT
    frame = ast.parse((Path(gate.__file__).parents[1] / "frame.py").read_text())
    asked = [node for node in ast.walk(frame) if isinstance(node, ast.ImportFrom) and node.module == "ui.lessons"]
    assert [alias.name for node in asked for alias in node.names] == ["gate"]
