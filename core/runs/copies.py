"""Copies of runs at an address that is no folder of this machine: LAYER_LAB_RUNS=s3://bucket/runs, or whatever fsspec
knows.

An object store has no locks, nothing can be appended there, and no folder takes another name in one step. So a run that
trains is always in a folder of this machine; after each epoch, and at its end, what has changed is copied to the
address, and a server that starts fetches the runs that others have left there. Copying never holds a training up, nor
ends it: a copy that fails is made with the next epoch. Nor does an address that answers nothing hold a page up.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import words
from core.runs import folders, schema, turn
from core.runs.folders import Run, RunError
from core.runs.packages import MISSING
from core.storage.kept import elsewhere
from words import _

# of a machine that copied an epoch and then no other: it is lost, and so is the training
_SILENT_S = 3600.0
_OWN = (folders.LOCK, folders.COMMAND)
# what a page waits for an address that a run is deleted from; a process that has trained, for its last copy
_DELETED_S = 4.0
_LAST_S = 600.0
# beside the runs, a file for each one that is deleted here and perhaps not at the address
_GONE = ".deleted-elsewhere"
_deleting = threading.Lock()


class Copies:
    """Of one run, from inside the process that trains it."""

    def __init__(self, run: Run):
        self.run = run
        # what depends on a class's drawings leaves no machine, for it must go with the class
        self._wanted = bool(elsewhere()) and not folders.class_of(run)
        self._copied: dict[str, tuple[int, int]] = {}
        self._thread: threading.Thread | None = None

    def soon(self) -> None:
        """Copy what has changed, beside the training; nothing while an earlier copy is still on its way."""
        if self._wanted and not (self._thread and self._thread.is_alive()):
            self._thread = threading.Thread(target=self._try, name="copy", daemon=True)
            self._thread.start()

    def last(self) -> None:
        """The run has ended: copy what has changed since, and wait for it, though not for ever, where the address says
        nothing. The next run trains meanwhile."""
        if not self._wanted:
            return
        turn.give()
        end = time.monotonic() + _LAST_S
        self._wait(end)
        self.soon()
        self._wait(end)

    def _wait(self, end: float) -> None:
        if self._thread:
            self._thread.join(max(0.0, end - time.monotonic()))

    def _try(self) -> None:
        with contextlib.suppress(Exception):  # the network has many errors, and none is worth a training
            self._copy()

    def _copy(self) -> None:
        store, base = _store()
        target = f"{base}/{self.run.id}"
        there = {path.relative_to(self.run.folder).as_posix(): path for path in _files(self.run.folder)}
        # the state comes last: what has one there is complete
        for name in sorted(there, key=lambda name: (name == folders.STATE, name)):
            with contextlib.suppress(FileNotFoundError):  # replaced or dropped at this moment
                found = there[name].stat()
                stamp = (found.st_mtime_ns, found.st_size)
                if self._copied.get(name) != stamp:
                    store.makedirs(f"{target}/{name}".rpartition("/")[0], exist_ok=True)
                    store.put_file(str(there[name]), f"{target}/{name}")
                    self._copied[name] = stamp
        for name in [*self._copied]:
            if name not in there:
                store.rm_file(f"{target}/{name}")
                del self._copied[name]


def fetch() -> list[Run]:
    """Bring the runs here that others have left at the address, those that have ended; the ones that came. Nothing
    where there is no address. Raises RunError where it does not answer."""
    if not elsewhere():
        return []
    _delete("", {}, words.language())  # what could not be deleted when somebody wanted it
    came: list[Run] = []
    try:
        store, base = _store()
        room = folders.MOST_RUNS - len(folders.listed())
        if not store.exists(base):
            return []
        for name in sorted((each.rpartition("/")[2] for each in store.ls(base, detail=False)), reverse=True):
            wanted = len(came) < room and folders.is_id(name) and not folders.find(name)
            if wanted and not (_notes() / name).exists() and _is_over(store, f"{base}/{name}/{folders.STATE}"):
                came.append(_fetched(store, f"{base}/{name}", name))
    except Exception as error:
        raise RunError(
            _("Runs should be fetched from {address}, and cannot be: {error}", address=elsewhere(), error=error)
        ) from error
    return came


def forget(run: Run) -> None:
    """Delete the copy of a run; nothing where there is none.

    Raises RunError where the address refuses, or does not answer in time: the copy is deleted as soon as it does, and
    never comes back here.
    """
    if not elsewhere():
        return
    note = _notes() / run.id
    note.parent.mkdir(exist_ok=True)
    note.touch()
    failed: dict[str, Exception] = {}
    thread = threading.Thread(target=_delete, args=(run.id, failed, words.language()), name="delete", daemon=True)
    thread.start()
    thread.join(_DELETED_S)
    if error := failed.get(run.id):
        raise RunError(
            _("The run is deleted here; its copy at {address} cannot be: {error}", address=elsewhere(), error=error)
        ) from error
    if note.exists():
        raise RunError(
            _(
                "The run is deleted here; its copy at {address} is not yet, for nothing answers there. It will be as "
                "soon as something does.",
                address=elsewhere(),
            )
        )


def _notes() -> Path:
    return folders.root() / _GONE


def _noted() -> list[str]:
    try:
        return [name for name in os.listdir(_notes()) if folders.is_id(name)]
    except OSError:  # nothing was ever deleted here
        return []


def _delete(first: str, failed: dict[str, Exception], language: str) -> None:
    """Delete the copies of all runs that were deleted here, that of `first` before the others. One thread at a time is
    at it, however long it waits for an answer.

    failed: is given what went wrong, by the run's id, in this language.
    """
    if not _deleting.acquire(timeout=_DELETED_S):
        return
    try:
        with words.using(language):
            for run_id in sorted(_noted(), key=lambda each: each != first):
                try:
                    _delete_copy(run_id)
                except Exception as error:  # the network has many
                    failed[run_id] = error
    finally:
        _deleting.release()


def _delete_copy(run_id: str) -> None:
    store, base = _store()
    if store.exists(f"{base}/{run_id}"):
        store.rm(f"{base}/{run_id}", recursive=True)
    (_notes() / run_id).unlink(missing_ok=True)


def _store() -> tuple[Any, str]:
    """fsspec's file system, and the path of all runs in it."""
    try:
        import fsspec
    except ImportError as error:
        raise RunError(_(MISSING)) from error
    store, base = fsspec.core.url_to_fs(elsewhere(), use_listings_cache=False)
    return store, base.rstrip("/")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "." and path.name not in _OWN]


def _is_over(store: Any, path: str) -> bool:
    if not store.exists(path):
        return False
    try:
        said = schema.state(store.cat_file(path, end=schema.MOST_TEXT))
    except schema.DamageError:
        return True  # it is shown as damaged, as it would be there
    return said.status in folders.ENDED or time.time() - said.updated > _SILENT_S


def _fetched(store: Any, path: str, name: str) -> Run:
    # made under another name first: a run in the list is always complete
    hidden = folders.root() / f".new-{os.getpid()}-{secrets.token_hex(8)}"
    try:
        for each in store.find(path):
            target = hidden / Path(each).relative_to(path)
            if target.resolve().is_relative_to(hidden.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                store.get_file(each, str(target))
        (hidden / "weights").mkdir(parents=True, exist_ok=True)
        hidden.rename(folders.root() / name)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    return Run(name)
