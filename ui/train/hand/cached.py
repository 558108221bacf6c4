"""What is computed for one step by hand, once for all sessions: keys are specs and indexes, all is bounded by bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.data import mnist
from core.network.network import FLOAT_BYTES
from core.training import by_hand, cost
from core.training.by_hand import Bench, Pass, Slopes, State
from core.training.spec import TrainingSpec
from ui.shared import cache, digit, models, networks
from ui.shared.networks import Chosen

# of each of the three kinds of things that weigh as much as a network
_MOST_BYTES = 96 * 2**20
# of a model's objects, beside its weights
_MODEL_BYTES = 8 * 2**20
# a few numbers each, and so they are counted instead of weighed
_MOST_OUTCOMES = 512
# images of the test half, which no network here was trained on; fewer where they would take longer than this
_MOST_OTHERS = 50
_PATIENCE_S = 1.5
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
    """What a step of all weights does. before, after: the loss of the image; promised: by how much it would change if
    its slope went on as it is; others: how many other images were looked at, others_before, others_after: their mean
    loss."""

    before: float
    after: float
    promised: float
    others: int = 0
    others_before: float = 0.0
    others_after: float = 0.0


@dataclass(frozen=True)
class Alone:
    """The loss after the step of one weight alone, and the slopes beside that weight before the step."""

    loss: float
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


def outcome(question: Question) -> Outcome:
    """What the step of all weights does to the image and to others."""
    return _outcomes.get(question, lambda: _stepped(question))


def alone(question: Question, place: int, position: int) -> Alone:
    """place: of the weight's array in `get_weights()`; position: in it, in reading order."""
    return _outcomes.get((question, place, position), lambda: _one_stepped(question, place, position))


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
        return State(tuple(models.weights(question.wanted)))
    last = replace(question, step=question.step - 1)
    return by_hand.stepped(state(last), found(last), question.spec)


def _stepped(question: Question) -> Outcome:
    bench, loss = _bench(question), question.spec.loss
    before, later, made = state(question), after(question), found(question)
    outcome = Outcome(
        made.loss,
        bench.loss(later.weights, digit.image(question.split, question.index), question.label, loss),
        by_hand.promised(before, later, made),
    )
    half, places = mnist.half("test"), _others(question)
    if not places:
        return outcome
    images, labels = half.images[places], half.labels[places]
    means = [bench.mean_loss(weights, images, labels, loss) for weights in (before.weights, later.weights)]
    return replace(outcome, others=len(places), others_before=means[0], others_after=means[1])


def _others(question: Question) -> list[int]:
    """The first images of the test half without this one."""
    count = min(_MOST_OTHERS, int(_PATIENCE_S / max(cost.step_seconds(question.spec.network, 1), 1e-9)))
    return [place for place in range(count + 1) if (question.split, question.index) != ("test", place)][:count]


def _one_stepped(question: Question, place: int, position: int) -> Alone:
    pixels, bench, loss = digit.image(question.split, question.index), _bench(question), question.spec.loss
    before = state(question).weights
    moved = by_hand.with_one(before, place, position, float(after(question).weights[place].flat[position]))
    return Alone(
        bench.loss(moved, pixels, question.label, loss),
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
