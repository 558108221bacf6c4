"""What the operating system says of a disk, as people say it."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from words import N_, _

# why something could not be written; said with `_`
ERRORS = {
    errno.ENOSPC: N_("it is full. Delete runs or other files and try again."),
    errno.EDQUOT: N_("the space that this account may use is full. Delete runs or other files and try again."),
    errno.EROFS: N_("it can only be read."),
    errno.EACCES: N_("the account of this dashboard may not write there."),
    errno.EPERM: N_("the account of this dashboard may not write there."),
    errno.EIO: N_("it does not work."),
}


def reason(error: OSError) -> str:
    """Why something could not be written, as the end of a sentence."""
    known = ERRORS.get(error.errno or 0)
    return _(known) if known else f"{(error.strerror or str(error)).lower().rstrip('.')}."


def reason_behind(error: BaseException | None) -> str | None:
    """The reason where the disk is behind an error, however many others were raised because of it; else None."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in ERRORS:
            return reason(error)
        error = error.__cause__ or error.__context__
    return None


def written(path: Path) -> int | None:
    """When a file was written last, in nanoseconds since 1970; None where it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def size(folder: Path) -> int:
    """Bytes of all files below a folder; what goes away meanwhile does not count."""
    found = 0
    for where, _folders, names in os.walk(folder):  # Path.rglob raises where a folder goes
        for name in names:
            with contextlib.suppress(OSError):
                found += os.lstat(os.path.join(where, name)).st_size
    return found
