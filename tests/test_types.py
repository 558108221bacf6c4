"""What the hints of all modules promise each other holds. A test, so that it takes its time beside the others."""

import subprocess
import sys
from pathlib import Path


def test_the_hints_of_all_modules_agree():
    root = Path(__file__).parents[1]
    checked = subprocess.run([sys.executable, "-m", "mypy"], cwd=root, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
