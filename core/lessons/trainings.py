"""The run that a lesson's step asks about: the one with the step's very settings, and why it has no numbers yet."""

from __future__ import annotations

from core.lessons.quantities import AwaitedError, NotYetError
from core.runs import folders
from core.runs.folders import Run, RunError, State
from core.training.spec import TrainingSpec
from words import N_, _

_NONE = N_("No training with these settings has ended yet: press Start training, and wait for its end.")
_TURN = N_("A training with these settings waits for its turn, as “Watch” shows. The answer comes with its end.")
_AT_WORK = N_(
    "A training with these settings is at work, in epoch {epoch} of {epochs}: look at its curves under “Watch”. The "
    "answer comes with its end."
)
_PAUSED = N_("The training with these settings is paused: press Resume under “Watch”, and it goes on.")
_EARLY = N_(
    "The training with these settings ended before its last epoch: press Start training once more, and wait for its "
    "end."
)
# what is said by where a run stands; of any other one that it is at work
_SAID = {"queued": _TURN, "waiting": _TURN, "paused": _PAUSED} | dict.fromkeys(folders.RESUMABLE, _EARLY)


def ended(spec: TrainingSpec) -> Run:
    """The newest run with these very settings that is over, whoever started it: in a class one will do for all.

    Raises NotYetError where there is none, with what is to be done; where one is on its way, AwaitedError.
    """
    run = _newest(spec)
    if run is None:
        raise NotYetError(_(_NONE))
    state = run.state
    if state.status in folders.BY_ITSELF:
        return run
    said = _(_SAID.get(state.status, _AT_WORK), epoch=min(state.epoch + 1, spec.epochs), epochs=spec.epochs)
    raise (NotYetError if state.status in folders.ENDED else AwaitedError)(said)


def _newest(spec: TrainingSpec) -> Run | None:
    """One that is over comes before one that is not, and that before one that ended early."""
    found: dict[int, Run] = {}
    for run in folders.usable():
        try:
            if run.spec == spec:
                found.setdefault(_rank(run.state), run)
        except RunError:  # deleted at this moment
            continue
    return found[min(found)] if found else None


def _rank(state: State) -> int:
    return 0 if state.status in folders.BY_ITSELF else 1 if state.status not in folders.ENDED else 2
