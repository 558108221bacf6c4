"""`python -m words`: brings the catalogues up to date with the code. Needs Babel (requirements-dev.txt).

Messages of the code that a catalogue has not got are added, empty, for a person to translate; those that the code has
no more go. Then each `.po` is compiled to the `.mo` that the product reads. `--check` changes nothing and says what is
missing.
"""

from __future__ import annotations

import sys

from words import catalogues


def main() -> int:
    """The exit status: 1 where a message has no translation."""
    if "--check" not in sys.argv[1:]:
        catalogues.update()
    problems = catalogues.problems()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
