"""Weights out of a `.weights.h5` file, without following anything in it that leads elsewhere.

HDF5 can point out of a file (external and soft links, external and virtual storage) and load code to unpack one
(filters). Keras needs none of that, so each is looked for in the file's structure and refused before a number is read.
Where the weights of a layer stand follows `_save_container_state` in keras/src/saving/saving_lib.py: in
layers/CLASS_NUMBER/vars/0, 1, …, the class in small letters and numbered as automatic names are. The layer's own name
plays no part.
"""

from __future__ import annotations

import math

import h5py
import numpy as np
from h5py import h5d, h5f, h5g, h5l, h5o, h5t

from core.layers.keras_config import shown
from core.layers.layer import Shape
from core.network.keras_file import HDF5_START, MOST_BYTES
from core.network.network import Network, NetworkError
from core.network.notation import automatic_names
from words import N_, _

_LAYERS, _VARIABLES = "layers", "vars"
_MOST_MEMBERS = 1000
_OTHER_LINK = N_("a link of another kind")
_LINKS = {h5l.TYPE_SOFT: N_("a soft link"), h5l.TYPE_EXTERNAL: N_("an external link")}
# as Keras writes them: in one piece, unpacked
_LAYOUTS = {h5d.COMPACT, h5d.CONTIGUOUS}


def read(data: bytes, network: Network) -> list[np.ndarray]:
    """float32 weights of all layers in the order of `model.get_weights()`, each of the shape that its layer has.

    The file may hold more beside the layers, such as an optimizer. Raises NetworkError with one sentence.
    """
    if not data.startswith(HDF5_START):
        raise NetworkError(_("A file of weights must be an HDF5 file as Keras 3 writes it, and this one is not."))
    if len(data) > MOST_BYTES:
        raise NetworkError(
            _(
                "Weights may have up to {most} MB, and these have {found:,.0f}.",
                most=MOST_BYTES >> 20,
                found=len(data) / 2**20,
            )
        )
    try:
        return _read(data, network)
    except NetworkError:
        raise
    except Exception as error:  # what HDF5 says of a damaged file is many things
        raise NetworkError(
            _("The weights must be an HDF5 file as Keras 3 writes it, and this one is damaged.")
        ) from error


def _read(data: bytes, network: Network) -> list[np.ndarray]:
    file = h5g.open(h5f.open_file_image(data), b"/")
    layers = _group(file, _LAYERS, _("the file"))
    stages = network.stages()
    groups = automatic_names(stage.spec for stage in stages)
    expected = [
        (group, stage.name, shapes)
        for group, stage in zip(groups, stages, strict=True)
        if (shapes := stage.spec.weight_shapes(stage.input_shape))
    ]
    _check_nothing_is_over(layers, {group for group, _name, _shapes in expected})
    return [array for group, name, shapes in expected for array in _layer(layers, group, name, shapes)]


def _check_nothing_is_over(layers: h5g.GroupID, expected: set[str]) -> None:
    if layers.get_num_objs() > _MOST_MEMBERS:
        raise NetworkError(
            _(
                "A file of weights has up to {most} layers, this one {count:,}.",
                most=_MOST_MEMBERS,
                count=layers.get_num_objs(),
            )
        )
    for key in layers:
        name = key.decode("utf-8", "replace")
        group = _group(layers, name, _("the layers"))
        if name in expected or not group.links.exists(_VARIABLES.encode()):
            continue
        if count := _group(group, _VARIABLES, name).get_num_objs():
            raise NetworkError(
                _(
                    "The weights must be those of the network's layers, and {name} has {count} others.",
                    name=shown(name),
                    count=count,
                )
            )


def _layer(layers: h5g.GroupID, group: str, name: str, shapes: list[Shape]) -> list[np.ndarray]:
    variables = _group(_group(layers, group, _("the layers")), _VARIABLES, group)
    if (count := variables.get_num_objs()) != len(shapes):
        raise NetworkError(
            _(
                "{name} has {arrays} arrays of weights, and the file has {count} for it ({group}).",
                name=name,
                arrays=len(shapes),
                count=count,
                group=group,
            )
        )
    return [_array(variables, str(number), f"{name} ({group}, {number})", shape) for number, shape in enumerate(shapes)]


def _member(parent: h5g.GroupID, name: str, where: str) -> h5g.GroupID | h5d.DatasetID | h5t.TypeID:
    """Opens what is in the file itself under this name, and follows nothing."""
    key = name.encode()
    if not parent.links.exists(key):
        raise NetworkError(
            _(
                "The weights must have {name} in {where}, as Keras 3 writes it, and it is missing.",
                name=shown(name),
                where=where,
            )
        )
    if (kind := parent.links.get_info(key).type) != h5l.TYPE_HARD:
        found = _(_LINKS.get(kind, _OTHER_LINK))
        raise NetworkError(
            _(
                "The weights must be in the file itself, and {name} in {where} is {found}.",
                name=shown(name),
                where=where,
                found=found,
            )
        )
    return h5o.open(parent, key)


def _group(parent: h5g.GroupID, name: str, where: str) -> h5g.GroupID:
    member = _member(parent, name, where)
    if not isinstance(member, h5g.GroupID):
        raise NetworkError(
            _(
                "{name} in {where} must be a group, and it is a {found}.",
                name=shown(name),
                where=where,
                found=type(member).__name__[:-2],
            )
        )
    return member


def _array(variables: h5g.GroupID, number: str, who: str, shape: Shape) -> np.ndarray:
    member = _member(variables, number, who)
    if not isinstance(member, h5d.DatasetID):
        raise NetworkError(
            _(
                "The weights {who} must be a dataset, and they are a {found}.",
                who=who,
                found=type(member).__name__[:-2],
            )
        )
    _check_storage(member, who)
    if member.shape != shape:
        raise NetworkError(
            _(
                "The weights {who} must have the shape {shape}, and the file has {found}.",
                who=who,
                shape=shape,
                found=member.shape,
            )
        )
    size = _number_size(member.get_type(), who)
    if member.get_storage_size() != math.prod(shape) * size:
        raise NetworkError(
            _(
                "The weights {who} must be {count:,} numbers, and the file does not hold them all.",
                who=who,
                count=math.prod(shape),
            )
        )
    return _as_float32(h5py.Dataset(member)[()], who)


def _check_storage(dataset: h5d.DatasetID, who: str) -> None:
    plan = dataset.get_create_plist()
    if plan.get_layout() == h5d.VIRTUAL:
        raise NetworkError(_("The weights must be in the file itself, and {who} is a virtual dataset.", who=who))
    if plan.get_external_count():
        raise NetworkError(
            _("The weights must be in the file itself, and {who} is stored in an external file.", who=who)
        )
    if plan.get_nfilters() or plan.get_layout() not in _LAYOUTS:
        raise NetworkError(
            _("The weights must be stored plainly, as Keras does, and {who} is in chunks or packed.", who=who)
        )


def _number_size(kind: h5t.TypeID, who: str) -> int:
    """Bytes of one number. bfloat16, which HDF5 does not know, is what Keras writes as two opaque bytes."""
    size = kind.get_size()
    if isinstance(kind, h5t.TypeFloatID) and size in (2, 4, 8):
        return size
    if isinstance(kind, h5t.TypeOpaqueID) and size == 2:
        return size
    raise NetworkError(
        _(
            "The weights {who} must be floating numbers of 16, 32 or 64 bits, and they are {found} of {bits}.",
            who=who,
            found=type(kind).__name__[4:-2],
            bits=8 * size,
        )
    )


def _as_float32(array: np.ndarray, who: str) -> np.ndarray:
    if array.dtype.kind == "V":
        # the upper half of a float32
        array = (np.frombuffer(array.tobytes(), "<u2").astype(np.uint32) << 16).view(np.float32).reshape(array.shape)
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if not np.isfinite(array).all():
        raise NetworkError(_("Weights must be finite numbers, and among those of {who} is one that is not.", who=who))
    return array
