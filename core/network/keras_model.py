"""From what Keras says of a whole model to a network: layers by the list of our kinds, in one straight line.

What comes in is config.json of a `.keras` file as plain values; nothing in it is built, imported or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.layers.keras_config import FLOATING, ConfigError, is_keras_own, left_out, shown
from core.layers.kinds import KINDS
from core.layers.layer import Layer
from core.network import output
from core.network.network import INPUT_SHAPE, MOST_LAYERS, Network, NetworkError
from core.network.notation import usable_name
from words import N_, _

_LONGEST_TITLE = 60
_ONE_INPUT = N_("The model must have one input, its first layer, {name}, and it has {found}.")
_ONE_OUTPUT = N_("The model must have one output, its last layer, {name}, and it has {found}.")


def from_config(model: dict) -> tuple[Network, list[str]]:
    """The network that the config.json of a Sequential or Functional model describes, and what of it is left out."""
    kind = model.get("class_name")
    # Functional is the one class of Keras that is written as if it were registered
    known = {**model, "registered_name": None} if model.get("registered_name") == kind else model
    if kind not in ("Sequential", "Functional") or not is_keras_own(known):
        raise NetworkError(
            _("The model must be a Sequential or Functional of Keras itself, and it is {found}.", found=shown(kind))
        )
    config = as_object(model.get("config"), "config")
    entries = config.get("layers")
    if not isinstance(entries, list) or not entries:
        raise NetworkError(_("The model must have layers, and config.json lists none."))
    if len(entries) > MOST_LAYERS + 1:
        raise NetworkError(
            _(
                "A network has at most {most} layers, and this one has {count}.",
                most=MOST_LAYERS,
                count=len(entries) - 1,
            )
        )
    entries = [as_object(entry, _("Each layer")) for entry in entries]
    _check_input(entries[0])
    if kind == "Functional":
        _check_line(config, entries)
    layers: dict[str, Layer] = {}
    dropped: list[str] = []
    for entry in entries[1:]:
        layer, words = _layer(entry)
        name = usable_name(_name(entry), layers)
        layers[name] = layer
        dropped += [f"{name}: {word}" for word in words]
    network = Network(tuple(layers.items()), title(config.get("name")))
    check(network)
    return network, dropped


def check(network: Network) -> None:
    """Raises NetworkError where a network cannot be built here, or does not end in ten values."""
    if problem := network.problem():
        raise NetworkError(problem)
    if problem := output.size_problem(network):
        raise NetworkError(problem)


def title(name: object) -> str:
    """A model's name as Keras, a script and a page can have it."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name if isinstance(name, str) else "")[:_LONGEST_TITLE]
    return plain if plain[:1].isalnum() else f"network{plain}"


def as_object(value: object, what: str) -> dict:
    """A part of the file that must be an object of JSON. Raises NetworkError."""
    if not isinstance(value, dict):
        raise NetworkError(
            _("{what} must be a JSON object, as Keras 3 writes it, not {found}.", what=what, found=shown(value))
        )
    return value


def _name(entry: dict) -> str:
    config = entry.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return name if isinstance(name, str) else "layer"


def _layer(entry: dict) -> tuple[Layer, list[str]]:
    """A layer by the list of our kinds, and what of it is left out."""
    word, name = entry.get("class_name"), shown(_name(entry))
    if not is_keras_own(entry):
        raise NetworkError(
            _(
                "Each layer must be one of Keras itself, and {name} is {word} from {module}, a class of its "
                "author's own.",
                name=name,
                word=shown(word),
                module=shown(entry.get("module")),
            )
        )
    kind = next((kind for kind in KINDS for known in (*kind.words, *kind.aliases) if known == word), None)
    if kind is None or not isinstance(word, str):
        known = ", ".join(word for kind in KINDS for word in kind.words)
        raise NetworkError(
            _(
                "Layer Lab knows the layers {known}, and {name} is of the kind {word}.",
                known=known,
                name=name,
                word=shown(word),
            )
        )
    config = as_object(entry.get("config"), _("The config of {name}", name=name))
    try:
        return kind.from_keras(word, config), left_out(config)
    except ConfigError as error:
        raise NetworkError(str(error)) from error


def _check_input(entry: dict) -> None:
    """One image of 28 × 28 × 1 in floating numbers."""
    if entry.get("class_name") != "InputLayer":
        raise NetworkError(
            _(
                "The first layer must be an Input of {sizes}, and it is {found}.",
                sizes=_sizes(INPUT_SHAPE),
                found=shown(entry.get("class_name")),
            )
        )
    config = as_object(entry.get("config"), _("The config of the Input"))
    shape = config.get("batch_shape")
    if not isinstance(shape, list) or tuple(shape[1:]) != INPUT_SHAPE:
        found = _sizes(shape[1:]) if isinstance(shape, list) else shown(shape)
        raise NetworkError(
            _("The input must be one image of {sizes}, and it is {found}.", sizes=_sizes(INPUT_SHAPE), found=found)
        )
    if (dtype := config.get("dtype")) not in (None, *FLOATING):
        raise NetworkError(_("The input must be floating numbers, and its dtype is {dtype}.", dtype=shown(dtype)))
    if said := next((key for key in ("sparse", "ragged", "optional") if config.get(key)), None):
        raise NetworkError(_("The input must be plain numbers, and it is {found}.", found=said))


def _sizes(shape: Iterable) -> str:
    return shown(" × ".join(map(str, shape)) or _("one number"))


def _check_line(config: dict, entries: list[dict]) -> None:
    """Raises NetworkError where the layers of a Functional model are no straight line in the order of the file."""
    names = [_name(entry) for entry in entries]
    for end, name, sentence in (("input_layers", names[0], _ONE_INPUT), ("output_layers", names[-1], _ONE_OUTPUT)):
        if (found := list(_tensors(config.get(end)))) != [name]:
            raise NetworkError(_(sentence, name=shown(name), found=shown(", ".join(found)) or _("none")))
    for before, name, entry in zip(names, names[1:], entries[1:], strict=False):
        nodes = entry.get("inbound_nodes")
        if not isinstance(nodes, list) or len(nodes) != 1:
            times = len(nodes) if isinstance(nodes, list) else 0
            raise NetworkError(
                _(
                    "Each layer must be used once, one after the other, and {name} is used {times} times.",
                    name=shown(name),
                    times=times,
                )
            )
        node = as_object(nodes[0], _("The input of {name}", name=shown(name)))
        if (found := list(_sources(node.get("args")))) != [before]:
            raise NetworkError(
                _(
                    "The layers must follow one another without branches, and {name} reads {found} instead of "
                    "{before} alone.",
                    name=shown(name),
                    found=shown(_(" and ").join(found)) or _("nothing"),
                    before=shown(before),
                )
            )
        if said := next((key for key, value in as_object(node.get("kwargs", {}), "kwargs").items() if value), None):
            raise NetworkError(
                _(
                    "A layer must be called with its input alone, and {name} is called with {argument}.",
                    name=shown(name),
                    argument=shown(said),
                )
            )


def _tensors(ends: object) -> Iterator[str]:
    """Names of layers in `input_layers`: ["a", 0, 0], or a list or an object of such."""
    if isinstance(ends, dict):
        ends = list(ends.values())
    if not isinstance(ends, list):
        return
    if ends and isinstance(ends[0], str):
        yield ends[0]
        return
    for end in ends:
        yield from _tensors(end)


def _sources(args: object) -> Iterator[str]:
    """Names of the layers whose output is among the arguments of a call."""
    if isinstance(args, list):
        for each in args:
            yield from _sources(each)
    elif isinstance(args, dict) and args.get("class_name") == "__keras_tensor__":
        history = as_object(args.get("config"), _("A tensor")).get("keras_history")
        yield history[0] if isinstance(history, list) and history and isinstance(history[0], str) else _("nothing")
    elif args is not None:
        yield shown(args)
