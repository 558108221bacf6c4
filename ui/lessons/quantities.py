"""The named numbers of a view, by the functions and the caches of the page that shows it.

A page says here which of core's quantities it has. What is asked of is the view, not the session: a lesson's answer is
that of its step, wherever the learner is meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

import ui.evaluate.settings
import ui.home.settings
import ui.predict.settings  # noqa: F401  (with those below, these declare what the addresses of views can say)
from core.data import mnist, preprocessing
from core.lessons import quantities, trainings
from core.lessons.lesson import Lesson
from core.lessons.quantities import AwaitedError, NotYetError, Quantities, Source
from core.network.activations import LayerResult
from core.network.evaluation import EvaluationError
from core.network.network import NetworkError
from core.runs.folders import RunError
from core.tensors import random_numbers
from core.tensors.literals import TensorInputError
from core.training import loss_terms
from core.training.late_tape import late_gradient
from ui.basics import cached as basics
from ui.basics import prepare
from ui.basics import settings as basics_settings
from ui.evaluate import jobs
from ui.layers import current, faces, pin
from ui.lessons import view as views
from ui.lessons.view import View
from ui.predict import answer
from ui.shared import digit, navigation, networks, warmup
from ui.shared.networks import Chosen
from ui.train import settings as train_settings
from ui.train.hand import cached as hand
from ui.train.hand import weight
from ui.train.hand.cached import Question
from words import _


def of(view: View) -> Quantities:
    """All that there is to ask of this view. A number that cannot be had now raises NotYetError with a sentence, and so
    does this where the view's network is gone."""
    sources = _foreseen(lambda: _sources(view))()
    return Quantities(*({name: _foreseen(make) for name, make in source.items()} for source in sources))


def _sources(view: View) -> list[Source]:
    if view.page in navigation.SECTIONS["Layers"]:
        return [*_of_network(view), *_of_layer(view)]
    match view.page:
        case "tensors":
            return [_of_tensor(view), _of_draw(view)]
        case "dataset":
            return [*_of_data(view)]
        case "evaluate":
            return [*_of_network(view), quantities.of_evaluation(lambda: _evaluation(_chosen(view)))]
        case "train":
            return [*_of_network(view), _of_hand(view) if view.get("train_part") == "hand" else _of_training(view)]
    return _of_network(view)


def for_paper(lesson: Lesson, patience_s: float = 0.0) -> Callable[[int], Quantities]:
    """The numbers of each step's view, for a sheet of paper; of -1, -2 …: of where what a step asks for is done.
    patience_s: how long an evaluation is waited for."""

    def of_step(number: int) -> Quantities:
        step = lesson.steps[abs(number) - 1]
        address = step.view or next((each.view for each in reversed(lesson.steps[: abs(number)]) if each.view), "/")
        if number < 0 and step.question:
            address = step.question.solution
        try:
            view = views.parse(address)
        except views.ViewError as error:
            raise NotYetError(str(error)) from error
        if view.page == "evaluate" and patience_s:
            with contextlib.suppress(TimeoutError, NetworkError, RunError, EvaluationError):
                jobs.wait(_chosen(view), patience_s)
        return of(view)

    return of_step


def _foreseen(make: Callable[[], Any]) -> Callable[[], Any]:
    """What a page would say in words is said in words here too."""

    def value() -> Any:
        try:
            return make()
        except (NetworkError, RunError, TensorInputError) as error:
            raise NotYetError(str(error)) from error

    return value


def _loaded() -> None:
    if not warmup.ready():
        raise NotYetError(_("TensorFlow is loading, once for this server: a few seconds."))


def _chosen(view: View) -> Chosen:
    key = view.get("net") or networks.default(view.path, view.get)
    return networks.named(key, view.get("net_epoch"))


# -- a layer, the network, its answer ------------------------------------------------------------------------


def _of_network(view: View) -> list[Source]:
    chosen, sample = _chosen(view), digit.of_view(view.path, view.get)
    return [
        quantities.of_network(chosen.network),
        quantities.of_answer(lambda: _probabilities(chosen, sample, view), sample.label),
    ]


def _probabilities(chosen: Chosen, sample: mnist.Sample, view: View) -> np.ndarray:
    _loaded()
    image = sample.image if view.get("conv_pixels") == "0-1" else sample.image.astype(np.float32)
    return answer.probabilities(chosen, image)


def _of_layer(view: View) -> list[Source]:
    face = faces.of_page(view.page)
    here = current.place(face.kind, _chosen(view), view.get("layer"))
    stage = here.stage
    if stage is None:
        return []
    seen = face.seen(here.layer, view.get)
    stage = replace(stage, spec=seen)

    def result() -> LayerResult:
        _loaded()
        sample = digit.of_view(view.path, view.get)
        return current.result(here.chosen, here.name, seen, view.get("conv_pixels") == "0-1", sample)

    cell = tuple(_setting(view, f"{face.prefix}_{end}") for end in ("map", "row", "col"))
    sources = [quantities.of_layer(stage, result, cell)]
    if pinned := view.get("pin"):
        sources.append(quantities.of_pinned(result, lambda: pin.result(pinned, view.get)))
    return sources


def _setting(view: View, key: str) -> int:
    try:
        return int(view.get(key) or 0)
    except KeyError:  # this kind has no cell to choose
        return 0


# -- tensors and data ----------------------------------------------------------------------------------------


def _of_tensor(view: View) -> Source:
    part = view.get("tensor_part")
    said = view.get("tensor_dtype")
    asked = (
        view.get("tensor_text"),
        view.get("tensor_way"),
        None if part != "dtype" or said == basics_settings.INFERRED else said,
    )

    def made() -> Any:
        _loaded()
        return basics.built(*asked)

    def cast() -> Any:
        _loaded()
        return basics.casted(*asked, view.get("tensor_cast"))

    return quantities.of_tensor(made, cast)


def _of_draw(view: View) -> Source:
    if view.get("tensor_part") != "random":
        return {}
    _loaded()
    try:
        shape = random_numbers.parse_shape(view.get("random_shape"))
    except ValueError as error:
        raise NotYetError(str(error)) from error
    spec = basics_settings.random_spec(shape, view.get)
    if problem := spec.problem():
        raise NotYetError(problem)
    found = basics.draw(spec, view.get("random_bins"))
    return quantities.of_draw(found.count, found.mean, found.stddev, found.minimum, found.maximum)


def _of_data(view: View) -> list[Source]:
    sample, split = digit.of_view(view.path, view.get), view.get("data_split")
    pipeline = basics_settings.pipeline_spec(len(mnist.half(split).labels), view.get)

    def mixing() -> Any:
        _loaded()
        return basics.stream(pipeline).mixing

    return [
        quantities.of_data(split, sample.image),
        quantities.of_preparation(
            lambda: preprocessing.steps(prepare.start_with(sample, view.get)[1], tuple(view.get("data_steps")))
        ),
        quantities.of_pipeline(pipeline, mixing),
    ]


# -- judging and training --------------------------------------------------------------------------------------


def _evaluation(chosen: Chosen) -> Any:
    _loaded()
    job = jobs.job(chosen)
    if not job.future.done():
        raise AwaitedError(_("The network is reading 10,000 test images: a few seconds, the page shows how far it is."))
    if problem := jobs.problem(job):
        raise NotYetError(problem)
    return job.future.result()


def _of_training(view: View) -> Source:
    spec = train_settings.training_spec(view.get, _chosen(view).network)
    return quantities.of_training(spec, lambda: trainings.ended(spec))


def _of_hand(view: View) -> Source:
    chosen, sample = _chosen(view), digit.of_view(view.path, view.get)
    said = view.get("hand_label")
    label = sample.label if said == train_settings.OWN_LABEL else int(said)
    if label is None:
        raise NotYetError(_("A drawing has no label: say which digit it is meant to be."))
    spec = train_settings.hand_spec(chosen.network, view.get)
    question = Question(chosen, sample.split, sample.index, label, spec, int(view.get("hand_step")))

    def found() -> Any:
        _loaded()
        return hand.found(question)

    def outcome(name: str) -> Callable[[], float]:
        return lambda: getattr(hand.outcome(question), name)

    def picked() -> weight.Weight:
        return weight.of_view(found(), view.get)

    def late() -> str:
        _loaded()
        return late_gradient()

    def probability() -> float:
        return float(loss_terms.loss_sum(found().logits, label, spec.loss).probabilities[label])

    return {
        "learning_rate": lambda: spec.learning_rate,
        "loss": lambda: found().loss,
        "loss_after": outcome("after"),
        "promised": outcome("promised"),
        "others_before": outcome("others_before"),
        "others_after": outcome("others_after"),
        "weight": lambda: picked().value,
        "gradient": lambda: picked().gradient,
        "new_weight": lambda: float(hand.after(question).weights[picked().place][picked().at]),
        "label_probability": probability,
        "late_gradient": late,
    }
