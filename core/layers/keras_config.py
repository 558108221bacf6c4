"""From what Keras says of a layer back to the layer: the inverse of `Layer.config()`.

What comes in is the answer of `get_config()`, or the same out of a file that anybody may have written: it is compared
with the tables of the kind, and nothing in it is imported, called or built.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import TypeGuard, TypeVar

from core.layers.initializers import INITIALIZERS, Constant, Random
from core.layers.tables import Tables, expected
from words import _

Kind = TypeVar("Kind", bound=Tables)

# Keras' names of the dtypes that a layer may compute in; what it computes here is float32 or its own policy
FLOATING = ("float32", "mixed_bfloat16", "mixed_float16", "bfloat16", "float16", "float64")
_SHOWN = 40
_CONSTANTS = {"Zeros": 0.0, "Ones": 1.0}


class ConfigError(ValueError):
    """A layer of Keras that no kind here stands for; the message is one sentence that names what was found."""


def read(kind: type[Kind], word: str, config: dict[str, object]) -> Kind:
    """See `Layer.from_keras`."""
    said = {**kind.words, **kind.aliases}[word]
    own = kind(**said).config()
    readable = {*own, *kind.positional} - {*said}
    who = _who(word, config)
    if found := foreign(config):
        raise ConfigError(_("{who} must be made of Keras' own parts, and it uses {found}.", who=who, found=found))
    given = dict(said)
    for key, value in config.items():
        if key == "dtype":
            _check_dtype(who, value)
        elif value is None or key == "name" or _is_about_training(key):
            continue
        elif key.endswith("_initializer"):
            given.update(_initializer(kind, key, own.get(key), value))
        elif key in readable:
            given[key] = _value(kind, who, key, value)
        elif not _same(value, kind.fixed.get(key)):
            raise ConfigError(_unknown(kind, who, key, value))
    names = [field.name for field in fields(kind)]
    unsaid = kind.unsaid(given)
    if missing := next((name for name in names if name not in given and name not in unsaid), None):
        raise ConfigError(_("{who} needs {missing}, and it is missing.", who=who, missing=missing))
    return kind(**{**{name: unsaid[name] for name in names if name in unsaid}, **given})


def left_out(config: dict[str, object]) -> list[str]:
    """Arguments that say how a layer is trained, not what it answers: `from_keras` goes on without them."""
    return [shown(key) for key, value in config.items() if _is_about_training(key) and value not in (None, True)]


def foreign(value: object) -> str | None:
    """The first object anywhere in a configuration that is not one of Keras' own, by its name, or None."""
    if isinstance(value, dict):
        if "class_name" in value and not is_keras_own(value):
            called = value.get("config")
            return shown(called if isinstance(called, str) else value["class_name"])
        value = list(value.values())
    if isinstance(value, list | tuple):
        return next(filter(None, map(foreign, value)), None)
    return None


def is_keras_own(value: dict[str, object]) -> bool:
    """Whether an object in a configuration says that it is Keras' own: not registered, and from a module of Keras."""
    module = value.get("module")
    return value.get("registered_name") is None and isinstance(module, str) and f"{module}.".startswith("keras.")


def shown(value: object) -> str:
    """A value of a file for people: on one line and not long."""
    if isinstance(value, dict):
        value = value.get("class_name", _("an object"))
    text = "".join(c if c.isprintable() else "?" for c in (value if isinstance(value, str) else repr(value)))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _who(word: str, config: dict[str, object]) -> str:
    return f"{word} {shown(config['name'])}" if isinstance(config.get("name"), str) else word


def _is_about_training(key: str) -> bool:
    return key == "trainable" or key.endswith(("_regularizer", "_constraint"))


def _check_dtype(who: str, value: object) -> None:
    """A layer may compute in any floating type. Raises ConfigError for integers, and for quantized layers."""
    name = value
    if isinstance(value, dict):
        config = value.get("config")
        name = config.get("name") if isinstance(config, dict) and value.get("class_name") == "DTypePolicy" else None
    if value is not None and name not in FLOATING:
        raise ConfigError(
            _(
                "{who} must compute in a floating type such as float32, and its dtype is {found}.",
                who=who,
                found=shown(value),
            )
        )


def _unknown(kind: type[Tables], who: str, key: str, value: object) -> str:
    if key in kind.fixed:
        return _(
            "{who} has {key}={found}, and Layer Lab knows only {key}={known}.",
            who=who,
            key=key,
            found=shown(value),
            known=shown(kind.fixed[key]),
        )
    return _(
        "{who} has {key}={found}, an argument that Layer Lab does not know.",
        who=who,
        key=shown(key),
        found=shown(value),
    )


def _same(value: object, fixed: object) -> bool:
    return value == fixed and isinstance(value, bool) == isinstance(fixed, bool)


def _initializer(kind: type[Tables], key: str, own: object, value: object) -> Iterator[tuple[str, object]]:
    """Fields that an initializer stands for. One that no field can hold is left out: weights replace what it draws."""
    types = {field.name for field in fields(kind)}
    settings = value.get("config") if isinstance(value, dict) else None
    settings = settings if isinstance(settings, dict) else {}
    name = value.get("class_name") if isinstance(value, dict) else value
    if isinstance(own, Random):
        ours = next((each for each, theirs in INITIALIZERS.items() if name in (each, theirs)), None)
        seed, (low, high) = settings.get("seed"), kind.limits.get("seed", (0, math.inf))
        if ours and key in types:
            yield key, ours
        if ours and "seed" in types and _is_whole(seed) and low <= seed <= high:
            yield "seed", seed
    elif isinstance(own, Constant) and (field := key.removesuffix("_initializer")) in types:
        number = settings.get("value") if name == "Constant" else _CONSTANTS.get(shown(name))
        if _is_number(number):
            yield field, float(number)


def _value(kind: type[Tables], who: str, key: str, value: object) -> object:
    """A field's value, as its default is one: a word, yes or no, a whole number, a number, or two whole numbers."""
    example = next(field.default for field in fields(kind) if field.name == key)
    if key not in kind.options:
        fits, value = _as(example, value)
        if not fits:
            raise ConfigError(_(expected(example), key=key, who=who, found=shown(value)))
    if refusal := kind.refusal(who, key, value, shown(value)):
        raise ConfigError(refusal)
    return value


def _as(example: object, value: object) -> tuple[bool, object]:
    """Whether it is a value such as `example`, and then that value."""
    match example:
        case bool():
            return isinstance(value, bool), value
        case int():
            return _is_whole(value), value
        case float():
            return _is_number(value), float(value) if _is_number(value) else value
    value = (value, value) if _is_whole(value) else value
    value = tuple(value) if isinstance(value, list) else value
    return isinstance(value, tuple) and len(value) == 2 and all(map(_is_whole, value)), value


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[float]:
    # a whole number of a thousand digits is no float
    return (isinstance(value, float) and math.isfinite(value)) or (_is_whole(value) and abs(value) < 2**63)
