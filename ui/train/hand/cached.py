"""What is computed for one step by hand, once for all sessions: keys are specs and indexes, all is bounded by bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.network.network import FLOAT_BYTES
from core.training import by_hand
from core.training.by_hand import Bench, Pass, Slopes, State
from core.training.spec import TrainingSpec
from ui.shared import cache, digit, networks
from ui.shared.networks import Chosen

# of each of the three kinds of things that weigh as much as a network
_MOST_BYTES = 96 * 2**20
# of a model's objects, beside its weights
_MODEL_BYTES = 8 * 2**20
_MOST_OUTCOMES = 512
# with which optimizer and rate the first pass is computed makes no difference
_ANY = TrainingSpec()


@dataclass(frozen=True)
class Question:
    """One image, its label, the network with its weights, and how learning steps. step: 1, or 2 for the one after it;
    spec: network, loss, optimizer and learning rate."""

    wanted: Chosen
    split: str
    index: int
    label: int
    spec: TrainingSpec
    step: int = 1


@dataclass(frozen=True)
class Outcome:
    """The loss after the step of all weights and of one alone, and the slopes beside that one before the step."""

    all_weights: float
    one_weight: float
    slopes: Slopes


def found(question: Question) -> Pass:
    """The image through the network and back, before the step. Raises NetworkError, RunError or ValueError."""
    key = _before(question)
    return _passes.get(key, lambda: _through(key))


def state(question: Question) -> State:
    """The weights, and Adam's moments, before the step."""
    key = _before(question)
    return _states.get(key, lambda: _reached(key))


def after(question: Question) -> State:
    """The same after it."""
    return state(replace(question, step=question.step + 1))


def outcome(question: Question, place: int, position: int) -> Outcome:
    """place: of the weight's array in `get_weights()`; position: in it, in reading order."""
    return _outcomes.get((question, place, position), lambda: _compared(question, place, position))


def _before(question: Question) -> Question:
    if question.step > 1:
        return question
    spec = question.spec
    return replace(question, spec=replace(spec, optimizer=_ANY.optimizer, learning_rate=_ANY.learning_rate))


def _bench(question: Question) -> Bench:
    network = question.spec.network
    return _benches.get(networks.key_of(network), lambda: _made(question))[0]


def _made(question: Question) -> tuple[Bench, int]:
    # one model in float32 and one in float64
    network = question.spec.network
    return Bench(network), 2 * _MODEL_BYTES + 3 * FLOAT_BYTES * network.parameter_count()


def _through(question: Question) -> Pass:
    pixels = digit.image(question.split, question.index)
    weights = state(question).weights
    return _bench(question).through(weights, pixels, question.label, question.spec.loss)


def _reached(question: Question) -> State:
    if question.step == 1:
        return State(tuple(networks.weights(question.wanted)))
    last = replace(question, step=question.step - 1)
    return by_hand.stepped(state(last), found(last), question.spec)


def _compared(question: Question, place: int, position: int) -> Outcome:
    pixels, bench, loss = digit.image(question.split, question.index), _bench(question), question.spec.loss
    before, later = state(question).weights, after(question).weights
    alone = by_hand.with_one(before, place, position, float(later[place].flat[position]))
    return Outcome(
        bench.loss(later, pixels, question.label, loss),
        bench.loss(alone, pixels, question.label, loss),
        bench.slopes(before, pixels, question.label, loss, place, position),
    )


def _pass_bytes(made: Pass) -> int:
    return cache.array_bytes(
        array
        for layer in made.layers.values()
        for array in (
            layer.inputs,
            layer.sums,
            layer.outputs,
            layer.deltas,
            *layer.weights,
            *layer.gradients.values(),
        )
    )


def _state_bytes(reached: State) -> int:
    moments = [array for each in reached.moments if each for array in (each.m, each.v)]
    return cache.array_bytes([*reached.weights, *moments])


_benches = cache.Cache(_MOST_BYTES, lambda made: made[1])
_passes = cache.Cache(_MOST_BYTES, _pass_bytes)
_states = cache.Cache(_MOST_BYTES, _state_bytes)
_outcomes = cache.Cache(_MOST_OUTCOMES, lambda made: 1)
