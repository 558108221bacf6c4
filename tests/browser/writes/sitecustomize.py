"""Writes down which files a Python process opens for writing, from its start on; and it cannot import pandas, which
nothing that a page does may want (core/libraries/hidden.py).

This folder goes on the PYTHONPATH of that process, the path of the log into WRITES_LOG.
"""

import os
import sys

_WRITING = os.O_WRONLY | os.O_RDWR
_log = os.open(os.environ["WRITES_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _note(event, details):
    # a temporary file without a name is opened as its folder; what has no path here was opened before
    if event == "open" and isinstance(details[0], str | bytes) and details[2] & _WRITING:
        os.write(_log, f"{os.fsdecode(details[0])}\n".encode())


sys.addaudithook(_note)
sys.modules["pandas"] = None
