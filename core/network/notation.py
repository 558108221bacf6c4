"""A network as a short text that a person can read, type and send; the address carries it.

    Conv2D 32 3 same relu - MaxPool2D 2 - Flatten - Dense 10 softmax

Layers stand one after another with " - " between them (a new line, > and → do as well). A layer is Keras' name for it,
then its arguments: first the ones that everybody writes without a name, in Keras' order, then words and pairs of a
name and a value, such as `strides 2` or `use_bias false`. What is left out is what Keras takes where nothing is said.
3 stands for (3, 3), 3x5 for (3, 5). `edges=Conv2D 8 3` gives a layer a name; otherwise Keras' rule does: conv2d,
conv2d_1, … The name of a preset stands for all of its layers.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from core.layers.kinds import KINDS
from core.layers.layer import Layer
from core.layers.tables import expected
from core.network.network import MOST_LAYERS, Network, snake
from core.network.presets import PRESETS
from words import _

LONGEST = 8000
_LONGEST_NAME = 40
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_SEPARATOR = re.compile(r"\s+(?:-|>|→)\s+|\s*\n\s*")
_SHOWN = 24


class NotationError(ValueError):
    """A text that is no network; the message is one sentence for the person who typed it."""


def as_text(network: Network) -> str:
    """The inverse of `parse`: as short as it can be."""
    for name, preset in PRESETS.items():
        if preset == network:
            return name
    return " - ".join(lines(network))


def as_design(network: Network) -> str:
    """The same without the seeds, for where start weights do not matter: a training draws its own."""
    plain = network.unseeded()
    named = next((name for name, preset in PRESETS.items() if preset.unseeded() == plain), None)
    return named or " - ".join(lines(plain))


def lines(network: Network) -> list[str]:
    """A network as text, a line a layer; also a preset's."""
    automatic = automatic_names(layer for _name, layer in network)
    return [
        ("" if other == name else f"{name}=") + " ".join(_words(layer))
        for (name, layer), other in zip(network, automatic, strict=True)
    ]


def parse(text: str) -> Network:
    """The network that a text describes; layers that do not fit together are the business of `Network.problem`.

    Raises NotationError with one sentence that names what was not understood.
    """
    if len(text) > LONGEST:
        raise NotationError(
            _("A network as text has at most {most:,} characters, this one {count:,}.", most=LONGEST, count=len(text))
        )
    text = text.strip()
    if text in PRESETS:
        return PRESETS[text]
    parts = [part for part in _SEPARATOR.split(text) if part.strip(" -")]
    if not parts:
        raise NotationError(_("A network needs at least one layer, such as Dense 10 softmax, and the text is empty."))
    if len(parts) > MOST_LAYERS:
        raise NotationError(
            _("A network has at most {most} layers, this text has {count}.", most=MOST_LAYERS, count=len(parts))
        )
    named = [_layer(part.strip(" -")) for part in parts]
    automatic = automatic_names(layer for _name, layer in named)
    return Network(tuple((name or other, layer) for (name, layer), other in zip(named, automatic, strict=True)))


def usable_name(name: str, taken: Iterable[str] = ()) -> str:
    """A layer's name as it is where a text can have it, else the nearest that a text can have and is not `taken`."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    plain = f"_{plain}" if plain[0].isdigit() else plain
    taken = set(taken)
    ends = itertools.chain([""], (f"_{number}" for number in itertools.count(1)))
    return next(made for end in ends if (made := plain[: _LONGEST_NAME - len(end)] + end) not in taken)


def layer_as_text(layer: Layer) -> str:
    """One layer, without a name."""
    return " ".join(_words(layer))


def automatic_names(layers: Iterable[Layer]) -> list[str]:
    """Keras' rule: the class in small letters with underscores, numbered from the second on."""
    counts: dict[str, int] = {}
    names = []
    for layer in layers:
        base = snake(layer.keras_name)
        count = counts[base] = counts.get(base, -1) + 1
        names.append(f"{base}_{count}" if count else base)
    return names


def _words(layer: Layer) -> Iterator[str]:
    word, said = next((word, said) for word, said in layer.words.items() if _has(layer, said))
    yield word
    unsaid = layer.unsaid(vars(layer))
    places = [key for key in layer.positional if key not in said]
    for key in places:
        if key in unsaid and getattr(layer, key) == unsaid[key]:
            continue
        value = _value_as_text(getattr(layer, key))
        # a word can stand anywhere, a number only at its place: the first one, or where no default may be left out
        yield value if key == places[0] or key not in unsaid or _owner(layer, value) == key else f"{key} {value}"
    for field in fields(layer):
        key, value = field.name, getattr(layer, field.name)
        if key in said or key in layer.positional or value == unsaid.get(key, _NOTHING):
            continue
        text = _value_as_text(value)
        yield text if _owner(layer, text) == key else f"{key} {text}"


_NOTHING = object()


def _has(layer: Layer, said: dict[str, object]) -> bool:
    return all(getattr(layer, key) == value for key, value in said.items())


def _value_as_text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case (int(first), int(second)):
            return str(first) if first == second else f"{first}x{second}"
        case tuple():
            return "|".join(each if isinstance(each, str) else repr(each) for each in value)
    return str(value)


def _owner(layer: Layer | type[Layer], word: str) -> str | None:
    """The one setting that has this word among its options."""
    owners = [key for key, options in layer.options.items() if word in options]
    return owners[0] if len(owners) == 1 else None


def _layer(text: str) -> tuple[str | None, Layer]:
    words = text.split()
    name, equals, first = words[0].rpartition("=")
    if equals and not _NAME.fullmatch(name):
        raise NotationError(
            _(
                "A layer's name is up to 40 letters, digits and underscores, not starting with a digit; "
                "“{name}” is not.",
                name=_cut(name),
            )
        )
    kind, said = _kind(first)
    return name or None, _with_arguments(kind, first, said, words[1:])


def _kind(word: str) -> tuple[type[Layer], dict[str, object]]:
    for kind in KINDS:
        for known, said in {**kind.words, **kind.aliases}.items():
            if known.lower() == word.lower():
                return kind, said
    known = ", ".join(word for kind in KINDS for word in kind.words)
    raise NotationError(
        _(
            "A layer is one of {known}, or a whole network {networks}; “{word}” is neither.",
            known=known,
            networks=", ".join(PRESETS),
            word=_cut(word),
        )
    )


def _with_arguments(kind: type[Layer], word: str, said: dict[str, object], words: list[str]) -> Layer:
    types = {field.name: field.default for field in fields(kind)}
    given = dict(said)
    free = [key for key in kind.positional if key not in said]
    words = list(words)
    while words:
        token = words.pop(0)
        if key := _owner(kind, token):
            text = token
        elif token in types and words:
            key, text = token, words.pop(0)
        elif free and not token[0].isalpha():
            key, text = free[0], token
        else:
            raise NotationError(
                _(
                    "{word} takes {keys}; “{token}” is none of them.",
                    word=word,
                    keys=", ".join(key for key in types if key not in said),
                    token=_cut(token),
                )
            )
        if key in given:
            raise NotationError(_("{word} takes {key} once, and here it stands twice.", word=word, key=key))
        given[key] = _value(kind, word, key, text, types[key])
        free = [key for key in free if key not in given]
    for key in types:
        if key not in given and key not in kind.unsaid(given):
            raise NotationError(_("{word} needs {key}, and it is missing.", word=word, key=key))
    own = {key: value for key, value in kind.unsaid(given).items() if key in types}
    return kind(**{**own, **given})


def _value(kind: type[Layer], word: str, key: str, text: str, example: object) -> object:
    found = f"“{_cut(text)}”"
    try:
        value = (
            text if key in kind.options else (kind.readers[key](text) if key in kind.readers else _read(text, example))
        )
    except ValueError:
        raise NotationError(_(expected(example), key=key, who=word, found=found)) from None
    if refusal := kind.refusal(word, key, value, found):
        raise NotationError(refusal)
    return value


def _read(text: str, example: object) -> object:
    """Raises ValueError."""
    match example:
        case bool():
            return _yes_or_no(text)
        case int():
            return _whole(text)
        case float():
            return _finite(text)
        case (int(), int()):
            first, _x, second = text.partition("x")
            return (_whole(first), _whole(second or first))
    return text


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


def _finite(text: str) -> float:
    if not re.fullmatch(r"[-+.0-9e]{1,24}", text) or not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
