"""axe-core over a page that is open: which rules it breaks, and where. See the README beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "axe.min.js"
# Two rules that axe leaves off by itself: targets far enough apart for a finger, names that begin with what is seen.
MORE_RULES = ("target-size", "label-content-name-mismatch")
# the same beside every page: looked at once
SIDEBAR = ("[data-testid=stSidebar]",)
# What a narrow window or other colours can break; all else is the same in every window.
OF_A_WINDOW = ("color-contrast", "target-size", "scrollable-region-focusable", "region")
_RUN = """async ([more, only, outside]) => {
  const rules = Object.fromEntries(more.map((rule) => [rule, { enabled: true }]));
  const which = only.length ? { runOnly: only } : { rules };
  const options = { ...which, resultTypes: ["violations"], elementRef: false };
  const found = await axe.run(outside.length ? { exclude: outside } : document, options);
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => [
    id, node.target.flat().join(" "), node.html.slice(0, 300),
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join(" ").slice(0, 300),
  ]));
}"""


@dataclass(frozen=True)
class Violation:
    """One element that breaks a rule: the rule's name, a selector, its HTML, and what axe says of it."""

    rule: str
    where: str
    html: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}\n    {self.html}\n    {self.why}"


def inject(page) -> None:
    """Once a page, before `violations`."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(path=str(SCRIPT))


def violations(page, only: tuple[str, ...] = (), outside: tuple[str, ...] = ()) -> list[Violation]:
    """What the page breaks as it stands now, its shadow roots too.

    only: these rules, otherwise all; outside: selectors of parts that are left out.
    """
    return [Violation(*found) for found in page.evaluate(_RUN, [MORE_RULES, only, outside])]


@dataclass(frozen=True)
class Known:
    """What is not mended here: a rule, a part of the element's HTML, and why."""

    rule: str
    html: str
    why: str


STREAMLIT = (
    Known("presentation-role-conflict", "stFileUploaderDropzone", "its box for files has a role that its name undoes"),
    Known("scrollable-region-focusable", "stSidebarContent", "its sidebar scrolls, and the links in it have the focus"),
    Known("scrollable-region-focusable", "<table", "its tables from Markdown scroll sideways where they are wide"),
)


def _ours(found: Violation) -> bool:
    return not any(known.rule == found.rule and known.html in found.html for known in STREAMLIT)


def assert_accessible(page, only: tuple[str, ...] = (), outside: tuple[str, ...] = ()) -> None:
    """Nothing of ours breaks a rule on the page as it stands now; only, outside: see `violations`."""
    inject(page)
    broken = [str(found) for found in violations(page, only, outside) if _ours(found)]
    assert not broken, "\n".join(broken)
