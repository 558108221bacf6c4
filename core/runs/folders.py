"""Training runs as folders: what was asked for, how far it got, what was measured and learned.

    runs/20261124-101500-2c1b2/
        spec.json        the TrainingSpec, its name and when it was made; never changed
        state.json       where it stands
        batches.f64      a row a batch (see BATCH_COLUMNS), appended
        epochs.jsonl     a line an epoch, appended
        weights/0000.npz the weights after each epoch; 0 are those it started from
        latest.npz       weights of the last seconds, while it trains
        checkpoint.npz   what resuming needs besides the weights: the optimizer's state
        final.keras      the network that was learned
        lock             held by the process that trains
        command          what a page asks of that process: pause, resume or stop
        class            the class whose drawings it sees, where it sees some; never changed

Who holds the lock is the only one that writes: the training process (core.runs.writer), or a page for a moment, where
no process trains (`Run.put_state`). An order in `command` may come from anybody. All files but the appended ones are
replaced in one step, and readers of those drop a half-written last row: a kill at any moment leaves a readable run.
What else may be wrong with a file is found by `core.runs.schema`. No TensorFlow here.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import secrets
import shutil
import time
from pathlib import Path

from core.classes import keys
from core.runs.run import (
    BATCHES,
    CHECKPOINT,
    CLASS,
    COMMAND,
    EPOCHS,
    LATEST,
    LOCK,
    SPEC,
    STATE,
    Run,
    RunError,
    changed,
    put_whole_state,
    recorded_ids,
    root,
    write_state,
)
from core.runs.schema import (
    BY_ITSELF,
    ENDED,
    LIVE,
    LONGEST_NAME,
    RESUMABLE,
    WAITING,
    DamageError,
    State,
    content,
)
from core.storage import disk, files, locks
from core.training.spec import TrainingSpec
from words import _

# what is said of runs elsewhere goes by this module
__all__ = [
    "BATCHES",
    "BY_ITSELF",
    "CHECKPOINT",
    "CLASS",
    "COMMAND",
    "ENDED",
    "EPOCHS",
    "LATEST",
    "LIVE",
    "LOCK",
    "LONGEST_NAME",
    "RESUMABLE",
    "SPEC",
    "STATE",
    "WAITING",
    "Run",
    "RunError",
    "State",
    "changed",
    "put_whole_state",
    "root",
    "write_state",
]

MOST_RUNS = 200
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{5}")
_TRIES = 200


def create(spec: TrainingSpec, name: str, owner: str = "") -> Run:
    """A new, queued run. Raises RunError where the spec is impossible or the disk holds too many runs.

    name: another run's may be the same; then this one is called "name (2)", for by their names they are told apart.
    owner: says who made it, to those who know how; what tells nothing to others.
    """
    if problem := spec.problem():
        raise RunError(problem)
    if len(listed()) >= MOST_RUNS:
        raise RunError(_("At most {most} runs are kept: delete some to start another.", most=MOST_RUNS))
    now = time.time()
    asked = {
        "name": _not_taken(name.strip()[:LONGEST_NAME] or spec.title()),
        "created": now,
        "owner": owner,
        "training": spec.as_dict(),
    }
    hidden = root() / f".new-{os.getpid()}-{secrets.token_hex(8)}"
    try:
        # made under another name first: a run in the list is always complete
        (hidden / "weights").mkdir(parents=True)
        if spec.class_drawings:
            files.write_bytes(hidden / CLASS, spec.class_drawings.encode(), lasting=True)
        files.write_json(hidden / SPEC, asked, lasting=True)
        files.write_json(hidden / STATE, vars(State(queued=now)), lasting=True)
        return _named(hidden, now)
    except OSError as error:
        shutil.rmtree(hidden, ignore_errors=True)
        raise RunError(_("The run cannot be written to the disk: {reason}", reason=disk.reason(error))) from error


def _not_taken(name: str) -> str:
    taken = {*names(listed()).values()}
    ends = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    return next(new for end in ends if (new := f"{name[: LONGEST_NAME - len(end)]}{end}") not in taken)


def _named(hidden: Path, now: float) -> Run:
    """Give a new run its id, which no other has: it sorts by time, and its last digits tell apart those of one
    millisecond."""
    moment = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{int(now % 1 * 1000):03x}"
    for _attempt in range(_TRIES):
        run = Run(f"{moment}{secrets.token_hex(1)}")
        if not run.folder.exists():
            try:
                # fails where another server has just made one of this name, for a run is no empty folder
                hidden.rename(run.folder)
                return run
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                    raise
    raise FileExistsError(errno.EEXIST, _("too many runs were started in this very moment"))


def is_id(name: str) -> bool:
    """Whether a run could have this id."""
    return _ID.fullmatch(name) is not None


def find(run_id: str) -> Run | None:
    """The run of this id, None where there is none."""
    return Run(run_id) if _ID.fullmatch(run_id) and os.path.isdir(Run(run_id).folder) else None


def listed() -> list[Run]:
    """All runs that were made here, newest first, damaged ones as well."""
    try:
        names = [entry.name for entry in os.scandir(root()) if _ID.fullmatch(entry.name) and entry.is_dir()]
    except OSError:  # there is no folder yet, or it may not be read
        return []
    return [Run(name) for name in sorted(names, reverse=True)]


def recorded() -> list[Run]:
    """The runs that come with the project, see `core.runs.recorded`, in the order in which they were made."""
    return [Run(run_id) for run_id in recorded_ids()]


def usable() -> list[Run]:
    """The runs whose settings can be read: those that pages offer. Those made here first, the newest of them first of
    all."""
    return [run for run in (*listed(), *recorded()) if run.readable]


def names(runs: list[Run]) -> dict[str, str]:
    """The names of runs by their ids; those that are gone by now are left out."""
    found = {}
    for run in runs:
        with contextlib.suppress(RunError):
            found[run.id] = run.name
    return found


def made_by(runs: list[Run], owner: str) -> int:
    """How many of these runs somebody made."""
    found = 0
    for run in runs:
        with contextlib.suppress(RunError):
            found += run.owner == owner
    return found


def class_of(run: Run) -> str:
    """The key of the class whose drawings a run sees (`core.classes.keys`), "" where it sees none.

    It stands in a file of its own as well: weights that remember a class must not stay because the settings beside them
    cannot be read any more.
    """
    with contextlib.suppress(OSError, DamageError):
        said = content(run.folder / CLASS).decode(errors="replace")
        if keys.is_key(said):
            return said
    with contextlib.suppress(RunError):
        return run.spec.class_drawings
    return ""


def turn() -> Path:
    """The lock that is held by whoever trains."""
    return root() / ".turn"


def turns() -> Path:
    """The folder of such locks of a cluster's workers, see `core.runs.worker`; there is none without a cluster."""
    return root() / ".turns"


def at_work() -> Run | None:
    """A run that trains now, the newest where a cluster trains several; one look at each lock where none does."""
    if not any(locks.is_held(lock) for lock in (turn(), *_workers_turns())):
        return None
    return next(iter(all_at_work("starting", "running")), None)


def all_at_work(*statuses: str) -> list[Run]:
    """The runs that a process works on and whose state is one of these, newest first."""
    return [run for run in listed() if run.said().status in statuses and run.alive]


def _workers_turns() -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(turns()) if not entry.name.endswith(".worker")]
    except OSError:
        return []


def paused_after(run: Run) -> list[Run]:
    """The runs that stand still in the memory of the same machine and were paused later than this one."""
    mine = run.said()
    return [
        other
        for other in listed()
        if (said := other.said()).status == "paused"
        and said.host == mine.host
        and (said.updated, other.id) > (mine.updated, run.id)
        and other.alive
    ]


def queue() -> list[Run]:
    """Runs that wait for their turn, the next one first."""
    waiting = [(run.said().queued, run.id, run) for run in listed() if run.said().status in WAITING]
    return [run for *_moment, run in sorted(waiting)]


def remove(run: Run) -> None:
    """Delete all files of a run whose process has ended; nothing where somebody else has done so. Raises RunError."""
    gone = root() / f".gone-{run.id}-{secrets.token_hex(4)}"
    try:
        run.folder.rename(gone)  # in one step: half a run is never listed
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(_("The run cannot be deleted from the disk: {reason}", reason=disk.reason(error))) from error
    shutil.rmtree(gone, ignore_errors=True)


def tidy(older_s: float = 3600) -> None:
    """Delete what servers that were killed left half made or half deleted; older_s: seconds that nobody touched it."""
    for folder in [*root().glob(".gone-*"), *root().glob(".new-*")]:
        written = disk.written(folder)
        if written is not None and time.time() - written / 1e9 > older_s:
            shutil.rmtree(folder, ignore_errors=True)
