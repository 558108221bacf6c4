"""The settings of the Train page, and the spec they make; the network comes from the Network page's settings."""

from __future__ import annotations

from dataclasses import replace

from core.network import notation
from core.network.network import CLASSES, Network
from core.network.presets import BASIC_CNN, SMALL_CNN
from core.runs import folders
from core.scripts.training import FORMS
from core.training.optimizers import OPTIMIZERS
from core.training.spec import (
    AUGMENTATIONS,
    ENGINES,
    IMAGES,
    LIMITS,
    LOSSES,
    METRICS,
    PRECISIONS,
    SCHEDULES,
    TrainingSpec,
)
from core.training.update_rules import RULES
from ui.classes.settings import DRAWINGS
from ui.shared import networks, state, visitor
from words import N_, _

PARTS = {"setup": N_("Set up"), "watch": N_("Watch"), "runs": N_("Runs"), "hand": N_("One step by hand")}
RATES = ("0.00001", "0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10")
BATCH_SIZES = ("8", "16", "32", "64", "128", "256", "512")
EXAMPLES = ("500", "1000", "2000", "5000", "10000", "20000", "30000", "50000")
VALIDATIONS = ("500", "1000", "2000", "5000", "10000")
MEASURES = {"loss": N_("Loss"), "accuracy": N_("Accuracy")}
VIEWS = {"curves": N_("All at once"), "replay": N_("As it happened")}
AXES = {"epoch": N_("Epochs"), "seconds": N_("Seconds"), "seen": N_("Images")}
DEFAULT = TrainingSpec()
# of the longest run that can be set up
MOST_BATCHES = LIMITS["epochs"][1] * -(-int(EXAMPLES[-1]) // int(BATCH_SIZES[0]))
MOST_COMPARED = 8
# what a digit is said to be, where that is what its label says
OWN_LABEL = "own"
HAND_STEPS = ("1", "2")


def said(names: dict[str, str]) -> dict[str, str]:
    """Names of options in the language of whoever asks."""
    return {key: _(name) for key, name in names.items()}


def _known(run_id: str) -> None:
    if run_id and folders.find(run_id) is None:
        raise ValueError(_("the id of a run on this machine"))


def _no_check(text: str) -> None:
    """Another network has other layers: the page then shows the first one that there is."""


def _place(text: str) -> None:
    """No text is the place with the largest gradient."""
    if text and not all(part.isdecimal() for part in text.split(",")):
        raise ValueError(_("whole numbers with commas between them, such as 0,2,0,5"))


def _largest_gradient() -> None:
    """A callback: with another layer, or other weights of it, the place is that of the largest gradient again."""
    state.put({"hand_at": ""})


def _several(key: str) -> state.Param:
    """Ids of some runs; those that were deleted since a link was made are left out."""

    def read(text: str) -> list[str]:
        wanted = text.split(",")[:MOST_COMPARED] if text else []
        return [run_id for run_id in dict.fromkeys(wanted) if folders.find(run_id)]

    return state.Param(key, [], read)


state.declare(
    state.choice("train_part", "setup", tuple(PARTS)),
    state.text("train_run", "", _known, most=40),
    state.integer("train_epoch", LIMITS["epochs"][1], 0, LIMITS["epochs"][1]),
    _several("train_compare"),
    state.choice("train_measure", "accuracy", tuple(MEASURES)),
    state.choice("train_view", "curves", tuple(VIEWS)),
    state.choice("train_axis", "epoch", tuple(AXES)),
    state.integer("train_page", 1, 1, folders.MOST_RUNS),
    state.choice("train_metric", "loss", tuple(MEASURES)),
    state.flag("train_reset", True),
    state.integer("train_batch", MOST_BATCHES, 1, MOST_BATCHES),
    state.choice("train_code", DEFAULT.engine, FORMS),
    # one step by hand
    state.choice("hand_label", OWN_LABEL, (OWN_LABEL, *map(str, range(CLASSES)))),
    state.choice("hand_loss", DEFAULT.loss, LOSSES),
    state.choice("hand_optimizer", "sgd", RULES),
    state.choice("hand_rate", "0.01", RATES),
    state.choice("hand_step", HAND_STEPS[0], HAND_STEPS),
    replace(state.text("hand_layer", "", _no_check, most=40), on_change=_largest_gradient),
    replace(state.text("hand_weight", "", _no_check, most=40), on_change=_largest_gradient),
    state.text("hand_at", "", _place, most=40),
    # what is trained
    state.choice("fit_optimizer", DEFAULT.optimizer, tuple(OPTIMIZERS)),
    state.choice("fit_rate", f"{DEFAULT.learning_rate:g}", RATES),
    state.choice("fit_schedule", DEFAULT.schedule, SCHEDULES),
    state.number("fit_momentum", DEFAULT.momentum, 0.0, 0.95, 0.05),
    state.choice("fit_loss", DEFAULT.loss, LOSSES),
    replace(state.names("fit_metrics", METRICS[1:]), default=[]),
    state.integer("fit_epochs", DEFAULT.epochs, *LIMITS["epochs"]),
    state.choice("fit_batch", str(DEFAULT.batch_size), BATCH_SIZES),
    state.choice("fit_examples", str(DEFAULT.examples), EXAMPLES),
    state.choice("fit_validation", str(DEFAULT.validation), VALIDATIONS),
    state.integer("fit_seed", DEFAULT.seed, *LIMITS["seed"]),
    state.choice("fit_augmentation", DEFAULT.augmentation, AUGMENTATIONS),
    state.choice("fit_engine", DEFAULT.engine, ENGINES),
    state.choice("fit_precision", DEFAULT.precision, PRECISIONS),
)


def training_spec(get: state.Get = state.get, network: Network | None = None) -> TrainingSpec:
    """The training as it is set now, or as an address sets it. network: by itself the one of all pages."""
    examples, validation = int(get("fit_examples")), int(get("fit_validation"))
    return TrainingSpec(
        network=network or networks.chosen().network,
        optimizer=get("fit_optimizer"),
        learning_rate=float(get("fit_rate")),
        schedule=get("fit_schedule"),
        momentum=get("fit_momentum"),
        loss=get("fit_loss"),
        metrics=("accuracy", *get("fit_metrics")),
        epochs=get("fit_epochs"),
        batch_size=int(get("fit_batch")),
        examples=min(examples, IMAGES - validation),
        validation=validation,
        seed=get("fit_seed") or 0,
        augmentation=get("fit_augmentation"),
        engine=get("fit_engine"),
        precision=get("fit_precision"),
        class_drawings=get(DRAWINGS),
    )


def hand_spec(network: Network, get: state.Get = state.get) -> TrainingSpec:
    """The one step that is taken by hand."""
    return TrainingSpec(
        network=network,
        optimizer=get("hand_optimizer"),
        learning_rate=float(get("hand_rate")),
        momentum=0.0,
        loss=get("hand_loss"),
        batch_size=1,
    )


def settings_of(spec: TrainingSpec) -> dict[str, state.Value]:
    """The inverse: the settings that make this spec, the network's among them; for presets and "use these again"."""
    key = notation.as_design(spec.network)
    return {
        "net": networks.setting_of(networks.SHIPPED) if key == BASIC_CNN else key,
        "net_epoch": networks.NEWEST,
        "fit_optimizer": spec.optimizer,
        "fit_rate": _closest(RATES, spec.learning_rate),
        "fit_schedule": spec.schedule,
        "fit_momentum": spec.momentum,
        "fit_loss": spec.loss,
        "fit_metrics": [name for name in spec.metrics if name != "accuracy"],
        "fit_epochs": spec.epochs,
        "fit_batch": _closest(BATCH_SIZES, spec.batch_size),
        "fit_examples": _closest(EXAMPLES, spec.examples),
        "fit_validation": _closest(VALIDATIONS, spec.validation),
        "fit_seed": spec.seed,
        "fit_augmentation": spec.augmentation,
        "fit_engine": spec.engine,
        "fit_precision": spec.precision,
        DRAWINGS: spec.class_drawings,
    }


def _closest(options: tuple[str, ...], value: float) -> str:
    return min(options, key=lambda option: abs(float(option) - value))


def _before_any_training(get: state.Get) -> str | None:
    """A step is seen best where there is something to learn: a trained network is so sure that it hardly moves. A class
    begins with a network that leaves the queue soon."""
    if get("train_part") == "hand":
        return BASIC_CNN
    return SMALL_CNN if visitor.in_class() else None


networks.prefer("train", _before_any_training)
