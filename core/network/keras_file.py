"""A `.keras` file without Keras: its zip archive is opened by hand, and its config.json read as plain JSON.

Nothing is unpacked to disk, and no size is believed. core.network.importing does this in a process of its own.
"""

from __future__ import annotations

import io
import json
import zipfile

from core.network.keras_model import as_object, from_config
from core.network.network import Network, NetworkError
from words import _

# Weights of the largest network allowed here are 80 MB; an optimizer such as Adam saves two more numbers for each.
MOST_BYTES = 256 * 2**20
HDF5_START = b"\x89HDF\r\n\x1a\n"
_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MOST_CONFIG_BYTES = 2**20
# a model of plain layers needs some 12
_DEEPEST = 32


def read(data: bytes) -> tuple[Network, list[str], bytes]:
    """The network in a `.keras` file, what of it is left out ("dense: kernel_regularizer"), and its weights as HDF5.

    Raises NetworkError with one sentence that names what was found.
    """
    if data.startswith(HDF5_START):
        raise NetworkError(_("A .keras file is a zip archive, and this is an HDF5 file, which holds weights at most."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            config = _entry(archive, _CONFIG, _MOST_CONFIG_BYTES)
            weights = _entry(archive, _WEIGHTS, MOST_BYTES)
    except (NetworkError, MemoryError):
        raise
    except Exception as error:  # a damaged archive trips the reader in many ways
        raise NetworkError(_("A .keras file is a zip archive, and this one is none, damaged, or cut short.")) from error
    network, dropped = from_config(_json(config))
    return network, dropped, weights


def _entry(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of the archive, its size known before it is unpacked."""
    found = [info for info in archive.infolist() if info.filename == name]
    if not found:
        raise NetworkError(_("A .keras file has one {name} in its archive, and this one has none.", name=name))
    if len(found) > 1:
        raise NetworkError(
            _("A .keras file has one {name} in its archive, and this one has {count}.", name=name, count=len(found))
        )
    info = found[0]
    if info.flag_bits & 0x1:
        raise NetworkError(_("{name} must not be encrypted, and in this archive it is.", name=name))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NetworkError(
            _(
                "{name} must be stored or deflated, and here it is packed by method {method}.",
                name=name,
                method=info.compress_type,
            )
        )
    if info.file_size > most:
        raise NetworkError(
            _(
                "{name} may have up to {most:g} MB, and here it has {found:,.0f}.",
                name=name,
                most=most / 2**20,
                found=info.file_size / 2**20,
            )
        )
    with archive.open(info) as file:
        return file.read(most)


def _json(content: bytes) -> dict:
    try:
        values = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise NetworkError(_("{name} must be JSON, and it cannot be read as such.", name=_CONFIG)) from error
    if _is_deeper(values, _DEEPEST):
        raise _too_deep()
    return as_object(values, _CONFIG)


def _is_deeper(values: object, levels: int) -> bool:
    """Whether lists and objects stand more than `levels` deep in each other; level by level, for they may be many."""
    level = [values]
    for _level in range(levels + 1):
        parts = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = [value for part in parts for value in part]
    return bool(level)


def _no_number(name: str) -> float:
    raise ValueError(name)


def _too_deep() -> NetworkError:
    return NetworkError(
        _("{name} may be nested {levels} levels deep, and this one is deeper.", name=_CONFIG, levels=_DEEPEST)
    )
