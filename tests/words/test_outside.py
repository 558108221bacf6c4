"""Sentences that stand in the code of pages are messages: also those that no test of a page brings to the screen."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# two words of which the second is no name
PROSE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
MARKUP = re.compile(r"[<>{}]|`[^`]*`|\b\w+\(")
# what nobody reads on a page (log lines, tools of the command line, keys, errors of who calls wrongly), and what is the
# same in all languages (titles of papers)
SILENT = {
    "ui/evaluate/jobs.py": ("evaluation of %s failed", "The evaluation should end within"),
    "ui/evaluate/calibration.py": ("Naeini, Cooper",),
    "ui/predict/why.py": (
        "Smilkov et al.",
        "Simonyan et al.",
        "Zeiler and Fergus",
        "Draelos and Carin",
        "Selvaraju et al.",
    ),
    "ui/live/build.py": ("This needs ziglang",),
    "ui/server/handles.py": ("out of system resource",),
    "ui/shared/networks.py": ("The full CNN",),
    "ui/shared/source_code.py": ("lab-code wraps",),
    "ui/shared/state.py": ("setting ",),
    "ui/components/living_network/__init__.py": ("network now",),
    "ui/live/page.py": ("worker-src blob:",),
    "ui/live/scripts.py": ("const wasmBytes",),
    "ui/train/metric.py": ("| of the batch",),
}
# classes and selectors of CSS, and a font
CSS = {"cell right", "fill second", "share second", ".factor input", ".factor output", ".width input", "style, script"}
CSS |= {"11px sans-serif"}
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
COMMENT = re.compile(r"^\s*//.*$|(?<=\s)// .*$", re.MULTILINE)


def unsaid(source):
    """Texts with prose in them that are neither a message nor a docstring."""
    tree = ast.parse(source)
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                silent.add(first.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "plural"):
            silent.update(part for argument in node.args for part in ast.walk(argument))
        elif isinstance(node, ast.Assert) and node.msg:
            silent.update(ast.walk(node.msg))
        elif isinstance(node, ast.JoinedStr):
            silent.update(node.values)
    for node in ast.walk(tree):
        if node not in silent and (text := _text(node)) and PROSE.search(MARKUP.sub("|", text)):
            yield text


def _text(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "|" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_markup(text):
    return {"<", ">"} <= {*text} or {"{", "}", ";"} <= {*text}


@pytest.mark.parametrize("folder", ["ui", "pages"])
def test_sentences_of_pages_are_messages(folder):
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        known = SILENT.get(name, ())
        texts = [text for text in unsaid(path.read_text(encoding="utf-8")) if not _is_markup(text)]
        found += [f"{name}: {text}" for text in texts if not text.startswith(known or "\0")]
    assert not found, "\n".join(found)


def unsaid_by(script):
    """The same of a script for the browser: literals with prose that do not stand in `_(`."""
    plain = COMMENT.sub("", script)
    for found in LITERAL.finditer(plain):
        text = re.sub(r"\$\{[^}]*\}", "|", found[0][1:-1])
        is_message = re.search(r"(?<![\w.])(?:_|Said|Refusal)\(\s*$", plain[: found.start()])
        if not is_message and text not in CSS and "_(" not in text and PROSE.search(MARKUP.sub("|", text)):
            yield text


def test_sentences_of_scripts_are_messages():
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted((ROOT / "ui" / "components").rglob("*.js"))
        for text in unsaid_by(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


# The checker itself: it has to find what it is there for, and nothing else.


def test_the_checker_finds_a_sentence():
    source = 'def page():\n    """A page that says much."""\n    say("What it reads")\n    say(f"{n} maps are dead")\n'
    assert list(unsaid(source)) == ["What it reads", "| maps are dead"]
    assert list(unsaid('st.write(_("What it reads"), key="what_it", width="content")\nN_("Two words")')) == []
    script = 'say("Look at this"); say(`${n} maps are dead`); say(_("Look at this")); // a remark "on this line"\n'
    assert list(unsaid_by(script)) == ["Look at this", "| maps are dead"]
