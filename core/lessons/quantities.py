"""The named numbers of a view (`names` says what each is), computed when a check asks for them and by what the page
itself shows: layers' results, evaluations, runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from core.data import mnist
from core.data.input_pipeline import Mixing, PipelineSpec
from core.data.preprocessing import Step, missing
from core.layers import steps
from core.lessons import names
from core.lessons.names import KNOWN, LAYER
from core.network.activations import LayerResult
from core.network.evaluation import Evaluation
from core.network.network import Network, Stage
from core.runs.folders import Run, RunError
from core.tensors import statistics
from core.tensors.casting import CastReport
from core.tensors.tensor import TensorReport
from core.training.spec import TrainingSpec
from words import _

Source = Mapping[str, Callable[[], Any]]
_ECE_BINS = 10


class NotYetError(RuntimeError):
    """A number that is not there yet: the message says what the learner has to do, or wait for."""


class AwaitedError(NotYetError):
    """It is being computed, and comes by itself."""


class Quantities(Mapping[str, Any]):
    """The numbers of a view by name; each is computed at most once, when it is asked for.

    Asking for one that this view does not have raises NotYetError with a sentence.
    """

    def __init__(self, *sources: Source):
        self._sources = {name: make for source in sources for name, make in source.items()}
        assert self._sources.keys() <= KNOWN.keys(), self._sources.keys() - KNOWN.keys()
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._sources:
            what = names.said(name) if name in KNOWN else _("no lesson knows it")
            raise NotYetError(_("This page has no {name}: {what}. Go back to the step's view.", name=name, what=what))
        if name not in self._found:
            self._found[name] = self._sources[name]()
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def of_layer(stage: Stage, result: Callable[[], LayerResult], cell: tuple[int, int, int]) -> Source:
    """A layer at its place, called as its page calls it, and what it did to the digit. cell: the map, row and column
    that are chosen."""
    settings = {each.name: getattr(stage.spec, each.name) for each in fields(stage.spec) if each.name in LAYER}

    def outputs() -> np.ndarray:
        return result().outputs

    def before(name: str) -> Callable[[], Any]:
        return lambda: getattr(statistics.summary(result().inputs), name)

    def after(name: str) -> Callable[[], Any]:
        return lambda: getattr(statistics.summary(outputs()), name)

    measured = ("zeros", "negatives", "minimum", "maximum", "mean")
    return {
        **{name: _constant(value) for name, value in settings.items()},
        "input_shape": lambda: stage.input_shape,
        "output_shape": lambda: _shape(stage),
        "parameters": lambda: stage.parameters,
        "multiply_adds": lambda: stage.multiply_adds,
        "input": lambda: result().inputs,
        "output": outputs,
        "kernel": lambda: _first_weights(result()),
        **{name: after(name) for name in measured},
        **{f"input_{name}": before(name) for name in measured},
        "dead_maps": lambda: int(result().dead_maps.sum()),
        "map": lambda: _cell(outputs(), cell)[0],
        "row": lambda: _cell(outputs(), cell)[1],
        "column": lambda: _cell(outputs(), cell)[2],
        "value": lambda: _value(outputs(), cell),
        "kept": lambda: int(steps.dropout_mask(result().spec, stage.input_shape).sum()),  # type: ignore[arg-type]
        "winners": lambda: _winners(stage, result()),
    }


def of_pinned(result: Callable[[], LayerResult], pinned: Callable[[], LayerResult]) -> Source:
    """This output beside the pinned one, value by value."""

    def apart() -> np.ndarray:
        one, other = result().outputs, pinned().outputs
        if one.shape != other.shape:
            raise NotYetError(
                _(
                    "Both outputs should have one shape, these have {one} and {other}.",
                    one=one.shape,
                    other=other.shape,
                )
            )
        return np.abs(one - other)

    return {
        "difference": lambda: float(apart().max()),
        "changed": lambda: float((apart() > 0).mean()),
        "changed_values": lambda: int((apart() > 0).sum()),
    }


def of_network(network: Network) -> Source:
    """All layers together, by formula."""

    def parameters() -> list[int]:
        return [stage.parameters for stage in _stages(network)]

    return {
        "layers": lambda: len(network),
        "network_parameters": lambda: sum(parameters()),
        "network_multiply_adds": lambda: sum(stage.multiply_adds for stage in _stages(network)),
        "largest_layer": lambda: max(parameters()) / max(1, sum(parameters())),
        "final_shape": lambda: _shape(_stages(network)[-1]),
    }


def of_answer(probabilities: Callable[[], np.ndarray], label: int | None) -> Source:
    """What the network reads. probabilities: (10,); label: None of a drawing."""
    return {
        "reads": lambda: int(probabilities().argmax()),
        "probability": probabilities,
        "confidence": lambda: float(probabilities().max()),
        "label": lambda: -1 if label is None else label,
        "drawn": lambda: label is None,
    }


def of_evaluation(found: Callable[[], Evaluation]) -> Source:
    """A network judged by the test images."""
    return {
        "images": lambda: len(found().labels),
        "test_accuracy": lambda: found().accuracy,
        "test_loss": lambda: found().loss,
        "errors": lambda: int((~found().correct).sum()),
        "confusion": lambda: found().confusion,
        "precision": lambda: found().precision,
        "recall": lambda: found().recall,
        "test_confidence": lambda: float(found().confidences.mean(dtype=np.float64)),
        "wrong_confidence": lambda: float(found().confidences[~found().correct].mean(dtype=np.float64)),
        "calibration_error": lambda: found().calibration(_ECE_BINS).error,
        "worst_true": lambda: found().confusions()[0][0],
        "worst_read": lambda: found().confusions()[0][1],
    }


def of_tensor(made: Callable[[], TensorReport], cast: Callable[[], CastReport]) -> Source:
    """A tensor, and what a cast does to it."""
    return {
        "shape": lambda: made().shape,
        "rank": lambda: made().rank,
        "size": lambda: made().values.size,
        "dtype": lambda: made().dtype,
        "itemsize": lambda: made().itemsize,
        "bytes": lambda: made().nbytes,
        "values": lambda: made().values,
        "cast_values": lambda: cast().after,
        "cast_bytes": lambda: cast().after.nbytes,
        "lost": lambda: int(cast().lost.sum()),
    }


def of_draw(count: int, mean: float, stddev: float, minimum: float, maximum: float) -> Source:
    """Random numbers."""
    values = {"size": count, "mean": mean, "stddev": stddev, "minimum": minimum, "maximum": maximum}
    return {f"draw_{name}": _constant(value) for name, value in values.items()}


def of_data(split: str, image: np.ndarray) -> Source:
    """A half of MNIST, and one image (28, 28)."""
    return {
        "half_shape": lambda: mnist.half(split).images.shape,
        "digit_counts": lambda: mnist.class_counts(split),
        "pixels": lambda: image,
        "pixel_zeros": lambda: float((image == 0).mean()),
    }


def of_preparation(done: Callable[[], list[Step]]) -> Source:
    """An array after its steps of preparation; at least one."""

    def last(name: str) -> Callable[[], Any]:
        def value() -> Any:
            if not (made := done()):
                raise NotYetError(_("There is no step yet: add one."))
            return getattr(made[-1].after, name)

        return value

    named = {"shape": "shape", "dtype": "dtype", "minimum": "minimum", "maximum": "maximum", "bytes": "nbytes"}
    return {
        **{f"prepared_{name}": last(field) for name, field in named.items()},
        "prepared_distinct": last("distinct"),
        "missing": lambda: len(missing(done()[-1].after)) if done() else 1,
    }


def of_pipeline(spec: PipelineSpec, mixed: Callable[[], Mixing]) -> Source:
    """tf.data: batches, and how well it mixes."""
    sizes = spec.batches()
    return {
        "batches": lambda: sizes.count,
        "last_batch": lambda: sizes.last,
        "examples": lambda: spec.examples,
        "batch_size": lambda: spec.batch_size,
        "buffer_size": lambda: spec.buffer_size,
        "within_buffer": lambda: mixed().within_buffer,
        "order_kept": lambda: mixed().rank_correlation,
    }


def of_training(spec: TrainingSpec, run: Callable[[], Run]) -> Source:
    """A training as it is set, and what the ended run of these very settings measured. run: as `trainings.ended`
    gives it."""

    def last(name: str) -> Callable[[], float]:
        return lambda: float(_epochs(run())[-1][name])

    def val_losses() -> list[float]:
        return [float(epoch["val_loss"]) for epoch in _epochs(run())]

    return {
        "learning_rate": lambda: spec.learning_rate,
        "epochs": lambda: spec.epochs,
        "batch_size": lambda: spec.batch_size,
        "examples": lambda: spec.examples,
        "steps_per_epoch": lambda: spec.batches,
        "steps": lambda: spec.batches * spec.epochs,
        "train_loss": last("loss"),
        "train_accuracy": last("accuracy"),
        "val_loss": last("val_loss"),
        "val_accuracy": last("val_accuracy"),
        "best_val_loss": lambda: min(val_losses()),
        "best_epoch": lambda: 1 + int(np.argmin(val_losses())),
        "diverged": lambda: run().state.status == "diverged",
    }


def _epochs(run: Run) -> list[dict]:
    try:
        found = run.epochs()
    except RunError as error:
        raise NotYetError(str(error)) from error
    if not found or not math.isfinite(float(found[-1].get("loss", math.nan))):
        raise NotYetError(_("This training ended before its first epoch was measured."))
    return found


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value


def _stages(network: Network) -> list[Stage]:
    if problem := network.problem():
        raise NotYetError(problem)
    return network.trace()


def _shape(stage: Stage) -> tuple[int, ...]:
    if stage.output_shape is None:
        raise NotYetError(stage.problem or _("This layer gives nothing."))
    return stage.output_shape


def _first_weights(result: LayerResult) -> np.ndarray:
    if not result.weights:
        raise NotYetError(_("This layer has no weights."))
    return result.weights[0]


def _cell(outputs: np.ndarray, cell: tuple[int, int, int]) -> tuple[int, int, int]:
    """The nearest cell that there is, as the page shows it: map, row, column."""
    if outputs.ndim != 3:
        return min(cell[0], outputs.size - 1), 0, 0
    height, width, maps = outputs.shape
    return min(cell[0], maps - 1), min(cell[1], height - 1), min(cell[2], width - 1)


def _value(outputs: np.ndarray, cell: tuple[int, int, int]) -> float:
    channel, row, column = _cell(outputs, cell)
    return float(outputs[row, column, channel] if outputs.ndim == 3 else outputs[channel])


def _winners(stage: Stage, result: LayerResult) -> int:
    axes = result.spec.axes(stage.input_shape)
    if axes is None or getattr(result.spec, "kind", "") != "max":
        raise NotYetError(_("Only a maximum has a pixel that won."))
    chosen = steps.winners(result.inputs, axes)
    return sum(len(np.unique(chosen[..., channel])) for channel in range(chosen.shape[-1]))
