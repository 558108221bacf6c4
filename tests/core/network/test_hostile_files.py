"""Files that nobody should trust: each is refused in one sentence that names what was found, whatever is in it."""

import copy
import io
import json
import struct
import subprocess
import sys
import warnings
import zipfile

import h5py
import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers

from core.network import importing, keras_file, notation
from core.network.network import MOST_LAYERS, NetworkError
from core.network.saved import FILE

TEXT = "Conv2D 2 3 2 same - MaxPool2D 7 - Flatten - Dense 10 softmax"
DENSE, CONV = "layers/dense/vars/0", "layers/conv2d/vars/0"


def small():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(2, 3, strides=2, padding="same", name="edges"),
            layers.MaxPooling2D(7, name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation="softmax", name="scores"),
        ],
        name="Small",
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A small `.keras` file that Keras wrote: {name: bytes} of what is in its archive."""
    path = tmp_path_factory.mktemp("good") / "small.keras"
    small().save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def config(good):
    return json.loads(good["config.json"])


def packed(good, config=None, weights=None, **options) -> bytes:
    """The archive again, with another config (a dict, or bytes) or other weights."""
    config = good["config.json"] if config is None else config
    content = {
        **good,
        "config.json": config if isinstance(config, bytes) else json.dumps(config).encode(),
        "model.weights.h5": good["model.weights.h5"] if weights is None else weights,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    return out.getvalue()


def of_model(model, tmp_path) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(tmp_path / "model.keras")
    return (tmp_path / "model.keras").read_bytes()


def refused(data: bytes, says: str, what="keras", text="") -> None:
    """Reading in this process, for it is the sentence that counts; the last tests read as people's files are read."""
    with pytest.raises(NetworkError, match=says) as caught:
        importing.read_here(what, text, data)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_the_good_file_is_good(good):
    header, arrays = importing.read_here("keras", "", packed(good))
    assert notation.parse(header["text"]).names == ("edges", "pool", "flat", "scores")
    assert [array.shape for array in arrays] == [(3, 3, 1, 2), (2,), (8, 10), (10,)]
    assert header["title"] == "Small"
    importing.read_here("keras", "", packed(good, compression=zipfile.ZIP_DEFLATED))
    importing.read_here("weights", TEXT, good["model.weights.h5"])


# --- the archive


def test_no_archive(good):
    data = packed(good)
    for broken in (b"", b"PK", b"\0" * 99, data[:100], data[: len(data) // 2], data[:-30], FILE.read_bytes()[:-50_000]):
        refused(broken, "zip archive, and this one is none, damaged, or cut short")
    refused(good["model.weights.h5"], "zip archive, and this is an HDF5 file")


def test_an_archive_without_its_parts(good):
    for name in ("config.json", "model.weights.h5"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for other in set(good) - {name}:
                archive.writestr(other, good[other])
            archive.writestr(f"folder/{name}", good[name])
        refused(out.getvalue(), f"one {name} in its archive, and this one has none")


def test_a_part_that_is_there_twice(good):
    out = io.BytesIO(packed(good))
    with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("config.json", b"{}")
    refused(out.getvalue(), "one config.json in its archive, and this one has 2")


def patched(data: bytes, name: bytes, offset_here: int, offset_there: int, value: bytes) -> bytes:
    """The archive with a field of one entry changed, in its own header and in the directory."""
    data = bytearray(data)
    here = data.index(name) - 30
    there = data.index(name, data.index(b"PK\1\2")) - 46
    for start in (here + offset_here, there + offset_there):
        data[start : start + len(value)] = value
    return bytes(data)


def test_an_encrypted_part(good):
    refused(patched(packed(good), b"config.json", 6, 8, struct.pack("<H", 1)), "config.json must not be encrypted")


def test_a_part_packed_in_another_way(good):
    refused(packed(good, compression=zipfile.ZIP_LZMA), "config.json must be stored or deflated, .* method 14")


def test_a_part_that_unpacks_to_too_much(good):
    bomb = packed(good, b" " * (100 * 2**20), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 2**20
    refused(bomb, "config.json may have up to 1 MB, and here it has 100")
    refused(
        patched(packed(good), b"model.weights.h5", 22, 24, struct.pack("<I", 2**30)),
        "model.weights.h5 may have up to 256 MB, and here it has 1,024",
    )


def test_a_part_that_lies_about_its_size(good):
    bomb = packed(good, b" " * (100 * 2**20), compression=zipfile.ZIP_DEFLATED)
    refused(patched(bomb, b"config.json", 22, 24, struct.pack("<I", 1000)), "damaged, or cut short")


def test_what_else_is_in_the_archive_is_left_alone(good):
    out = io.BytesIO(packed(good))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../evil.py", b"raise SystemExit")
        archive.writestr("assets/notes.txt", b"hello")
    importing.read_here("keras", "", out.getvalue())


# --- config.json


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b'{"a": NaN}', b'{"a": Infinity}', b"9" * 5000, b"'a'"])
def test_no_json(good, content):
    refused(packed(good, content), "config.json must be JSON")


@pytest.mark.parametrize("content", [b"[]", b"3", b"null", b'"Sequential"'])
def test_no_object(good, content):
    refused(packed(good, content), "config.json must be a JSON object")


@pytest.mark.parametrize("depth", [40, 2000, 150_000])
def test_deep_nesting(good, depth):
    refused(packed(good, b'{"a":' + b"[" * depth + b"]" * depth + b"}"), "may be nested 32 levels deep")
    refused(packed(good, b'{"a":' * depth + b"1" + b"}" * depth), "may be nested 32 levels deep")


def changed(model, **layer):
    """config.json with other entries in the last layer, or (config__name) in its config."""
    model = copy.deepcopy(model)
    last = model["config"]["layers"][-1]
    for key, value in layer.items():
        if key.startswith("config__"):
            last["config"][key.removeprefix("config__")] = value
        else:
            last[key] = value
    return model


CODE = {"class_name": "__lambda__", "config": {"value": "4wEAAAA=\n"}}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"class_name": "Lambda", "config": {"name": "sly", "function": CODE}}, "and sly is of the kind Lambda"),
        ({"class_name": "Lambda", "config": None}, "and layer is of the kind Lambda"),
        ({"class_name": "Mine", "module": "my_package.layers"}, "scores is Mine from my_package.layers, a class"),
        ({"module": "os"}, "scores is Dense from os, a class of its author's own"),
        ({"module": "keras_tricks"}, "scores is Dense from keras_tricks"),
        ({"registered_name": "mine>Dense"}, "scores is Dense from keras.layers, a class of its author's own"),
        ({"class_name": ["Dense"]}, "and scores is of the kind .'Dense'."),
        ({"class_name": "Sequential", "module": "keras"}, "scores is of the kind Sequential"),
        ({"class_name": "LSTM"}, "Layer Lab knows the layers Conv2D, .*, and scores is of the kind LSTM"),
        ({"config": 3}, "The config of layer must be a JSON object"),
        ({"config__activation": CODE}, "Dense scores must be made of Keras' own parts, and it uses __lambda__"),
        ({"config__activation": FUNCTION}, "Dense scores must be made of Keras' own parts, and it uses mine"),
        ({"config__kernel_initializer": FUNCTION}, "and it uses mine"),
        ({"config__units": 11}, "must end in 10 values, one for each digit, and scores gives 11"),
        ({"config__units": 10**9}, "units of Dense scores must be from 1 to 4096, not 1000000000"),
        ({"config__surprise": 1}, "Dense scores has surprise=1, an argument that Layer Lab does not know"),
        ({"config__dtype": "int8"}, "its dtype is int8"),
    ],
)  # fmt: skip
def test_a_layer_that_is_none_of_ours(good, config, change, says):
    refused(packed(good, changed(config, **change)), says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"class_name": "Mine", "module": "mine"}, "a Sequential or Functional of Keras itself, and it is Mine"),
        ({"module": "mine"}, "of Keras itself, and it is Sequential"),
        ({"registered_name": "mine>Sequential"}, "of Keras itself"),
        ({"class_name": {}}, "of Keras itself"),
        ({"config": []}, "config must be a JSON object"),
        ({"config": {"layers": []}}, "must have layers"),
        ({"config": {"layers": [3]}}, "Each layer must be a JSON object"),
        ({"config": {"layers": [{}] * (MOST_LAYERS + 2)}}, f"at most {MOST_LAYERS} layers, and this one has 65"),
    ],
)
def test_a_model_that_is_none(good, config, change, says):
    refused(packed(good, {**config, **change}), says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"batch_shape": [None, 28, 28]}, "one image of 28 × 28 × 1, and it is 28 × 28"),
        ({"batch_shape": [None, 32, 32, 3]}, "and it is 32 × 32 × 3"),
        ({"batch_shape": [None, None, None, 1]}, "and it is None × None × 1"),
        ({"batch_shape": [None]}, "and it is one number"),
        ({"batch_shape": 3}, "and it is 3"),
        ({"dtype": "uint8"}, "floating numbers, and its dtype is uint8"),
        ({"sparse": True}, "plain numbers, and it is sparse"),
    ],
)
def test_another_input(good, config, change, says):
    other = copy.deepcopy(config)
    other["config"]["layers"][0]["config"].update(change)
    refused(packed(good, other), says)


def test_no_input(good, config):
    other = copy.deepcopy(config)
    del other["config"]["layers"][0]
    refused(packed(good, other), "first layer must be an Input of 28 × 28 × 1, and it is Conv2D")


def test_layers_that_do_not_fit_together(good, config):
    other = copy.deepcopy(config)
    del other["config"]["layers"][3]  # Flatten
    refused(packed(good, other), "must end in 10 values")
    del other["config"]["layers"][1:]
    refused(packed(good, other), "has from 1 to 64 layers, this one has 0")
    other = copy.deepcopy(config)
    other["config"]["layers"][2]["config"]["pool_size"] = [20, 20]
    refused(packed(good, other), "pool: With valid padding the pool must fit")


def test_plain_keras_models_that_are_no_line(tmp_path):
    one, two = keras.Input((28, 28, 1), name="one"), keras.Input((28, 28, 1), name="two")
    flat = layers.Flatten(name="flat")(one)
    end = layers.Dense(10, name="end")
    skip = layers.Add(name="sum")([layers.ReLU(name="a")(flat), flat])
    branch = layers.Dense(10, name="side")(layers.ReLU(name="left")(flat))
    shared = layers.ReLU(name="again")
    for model, says in [
        (keras.Model(one, layers.Dense(10)(skip)), "without branches, and sum reads a and flat instead of a alone"),
        (keras.Model([one, two], end(flat)), "one input, its first layer, one, and it has one, two"),
        (keras.Model(one, [end(flat), branch]), "one output, its last layer, .*, and it has end, side"),
        (keras.Model(one, layers.Dense(10)(shared(shared(flat)))), "used once, .*, and again is used 2 times"),
        (
            keras.Model(one, layers.Dense(10)(layers.Dropout(0.5, name="drop")(flat, training=True))),
            "called with its input alone, and drop is called with training",
        ),
        (keras.Model(one, keras.ops.relu(layers.Dense(10)(flat))), "is of the kind Relu|is Relu from"),
        (keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)]), "and it is 28 × 28"),
        (keras.Sequential([one, keras.Sequential([layers.Flatten()]), layers.Dense(10)]), "of the kind Sequential"),
        (keras.Sequential([one, layers.Flatten(), layers.Lambda(lambda x: x, name="sly"), layers.Dense(10)]),
            "sly is of the kind Lambda"),
        (keras.Sequential([one, layers.Conv2D(4, 3, groups=1), layers.Conv2D(4, 3, groups=2, name="g")]),
            "Conv2D g has groups=2, and Layer Lab knows only groups=1"),
        (keras.Sequential([one, layers.Flatten(), layers.Dense(10, activation=lambda x: x)]),
            "must be one of relu, .*, not an object"),
    ]:  # fmt: skip
        refused(of_model(model, tmp_path), says)


def test_a_class_of_ones_own(tmp_path):
    @keras.saving.register_keras_serializable("tests")
    class Mine(layers.Dense):
        pass

    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), Mine(10, name="mine")])
    refused(of_model(model, tmp_path), "mine is Mine from .*, a class of its author's own")


def test_a_quantized_model(tmp_path):
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, name="scores")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.quantize("int8")
    refused(
        of_model(model, tmp_path), "Dense scores must compute in a floating type .* its dtype is QuantizedDTypePolicy"
    )


# --- the weights


@pytest.fixture
def hdf5(good, tmp_path):
    """Changes a copy of the good weights and gives its bytes."""

    def change(how):
        path = tmp_path / "weights.h5"
        path.write_bytes(good["model.weights.h5"])
        with h5py.File(path, "r+") as file:
            how(file)
        return path.read_bytes()

    return change


def replaced(file, name, **how):
    """A dataset made anew, with what `create_dataset` is told beside or instead of the old numbers."""
    old = file[name][()]
    del file[name]
    file.create_dataset(name, **{"data": old, **how})


def external_link(file):
    del file[DENSE]
    file[DENSE] = h5py.ExternalLink("/etc/hostname", "/secret")


def soft_link(file):
    file["other"] = file[DENSE][()]
    del file[DENSE]
    file[DENSE] = h5py.SoftLink("/other")


def soft_link_to_a_group(file):
    file.move("layers/dense", "moved")
    file["layers/dense"] = h5py.SoftLink("/moved")


def linked_layers(file):
    file.move("layers", "moved")
    file["layers"] = h5py.ExternalLink("other.h5", "/layers")


def virtual(file):
    layout = h5py.VirtualLayout((8, 10), np.float32)
    layout[:] = h5py.VirtualSource("/etc/hostname", "data", (8, 10))
    del file[DENSE]
    file.create_virtual_dataset(DENSE, layout)


def external(file):
    del file[DENSE]
    file.create_dataset(DENSE, (8, 10), np.float32, external=[("/etc/hostname", 0, 320)])


def nothing_written(file):
    del file[DENSE]
    file.create_dataset(DENSE, (8, 10), np.float32)


def of_type(dtype):
    return lambda file: replaced(file, DENSE, data=np.zeros((8, 10), dtype))


def endless_cycle(file):
    file["layers/loop"] = file["layers"]


def with_value(value):
    def put(file):
        file[DENSE][3, 4] = value

    return put


HOSTILE = {
    "external link": (external_link, "in the file itself, and 0 in scores .* is an external link"),
    "soft link": (soft_link, "in the file itself, and 0 in scores .* is a soft link"),
    "soft link to a group": (soft_link_to_a_group, "in the file itself, and dense in the layers is a soft link"),
    "linked layers": (linked_layers, "in the file itself, and layers in the file is an external link"),
    "virtual dataset": (virtual, "in the file itself, and scores .* is a virtual dataset"),
    "external storage": (external, "in the file itself, and scores .* is stored in an external file"),
    "nothing written": (nothing_written, "scores .* must be 80 numbers, and the file does not hold them all"),
    "packed": (lambda file: replaced(file, DENSE, compression="gzip"), "stored plainly, .* in chunks or packed"),
    "chunks": (lambda file: replaced(file, DENSE, chunks=(8, 10)), "stored plainly, .* in chunks or packed"),
    "huge": (
        lambda file: replaced(file, DENSE, data=None, shape=(10**9, 10**9), dtype="f4"),
        "stored plainly|the shape",
    ),
    "huge and packed": (
        lambda file: replaced(file, DENSE, data=None, shape=(10**6, 10**6), dtype="f4", chunks=(999, 999)),
        "stored plainly",
    ),
    "another shape": (
        lambda file: replaced(file, DENSE, data=np.zeros((10, 8), "f4")),
        r"shape \(8, 10\), .*\(10, 8\)",
    ),
    "a number": (lambda file: replaced(file, DENSE, data=np.float32(3)), r"the shape \(8, 10\), and the file has \(\)"),
    "no numbers": (lambda file: replaced(file, DENSE, data=h5py.Empty("f4")), "the shape"),
    "whole numbers": (of_type("i4"), "must be floating numbers of 16, 32 or 64 bits, and they are Integer of 32"),
    "texts": (of_type("S4"), "must be floating numbers .* String of 32"),
    "opaque": (of_type("V4"), "must be floating numbers .* Opaque of 32"),
    "records": (of_type([("a", "f4")]), "must be floating numbers .* Compound of 32"),
    "complex": (of_type("c8"), "must be floating numbers"),
    "not a number": (with_value(np.nan), "finite numbers, and among those of scores .* is one that is not"),
    "infinity": (with_value(-np.inf), "finite numbers"),
    "too large": (lambda file: replaced(file, DENSE, data=np.full((8, 10), 1e300)), "finite numbers"),
    "a group for numbers": (
        lambda file: (file.pop(DENSE), file.create_group(DENSE)),
        "a dataset, and they are a Group",
    ),
    "numbers for a group": (
        lambda file: (file.pop("layers/dense"), file.create_dataset("layers/dense", data=3.0)),
        "dense in the layers must be a group, and it is a Dataset",
    ),
    "a layer missing": (lambda file: file.pop("layers/dense"), "must have dense in the layers, .*, and it is missing"),
    "an array missing": (lambda file: file.pop("layers/dense/vars/1"), "scores has 2 arrays of weights, and .* has 1"),
    "an array more": (
        lambda file: file.create_dataset("layers/dense/vars/2", data=3.0),
        "scores has 2 arrays of weights, and the file has 3",
    ),
    "a layer more": (
        lambda file: file.create_dataset("layers/dense_1/vars/0", data=3.0),
        "those of the network's layers, and dense_1 has 1 others",
    ),
    "no layers": (lambda file: file.pop("layers"), "must have layers in the file, as Keras 3 writes it, .* missing"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_weights_that_are_none(good, hdf5, case):
    how, says = HOSTILE[case]
    weights = hdf5(how)
    refused(packed(good, weights=weights), says)
    refused(weights, says.replace("scores", "dense"), "weights", TEXT)


def test_a_group_within_itself_is_not_walked_around_in(good, hdf5):
    importing.read_here("keras", "", packed(good, weights=hdf5(endless_cycle)))


def test_too_many_layers_of_weights(hdf5):
    def many(file):
        for number in range(1001):
            file.create_group(f"layers/x{number}")

    refused(hdf5(many), r"up to 1000 layers, this one 1,00\d", "weights", TEXT)


def test_other_number_formats_are_read(good, hdf5):
    expected = importing.read_here("keras", "", packed(good))[1]
    for dtype in ("f2", ">f4", "f8", ">f8"):
        weights = hdf5(lambda file, dtype=dtype: replaced(file, CONV, data=file[CONV][()].astype(dtype)))
        arrays = importing.read_here("keras", "", packed(good, weights=weights))[1]
        np.testing.assert_allclose(arrays[0], expected[0], rtol=1e-3)
        assert all(array.dtype == np.float32 for array in arrays)


def test_weights_of_another_network(good):
    refused(good["model.weights.h5"], "must have dense_1 in the layers", "weights", f"{TEXT} - Dense 10")
    refused(good["model.weights.h5"], "must have the shape", "weights", TEXT.replace("2 3 2", "2 5 2"))
    refused(good["model.weights.h5"], "conv2d has 1 others|conv2d has 2 others", "weights", "Flatten - Dense 10")


def test_no_hdf5(good):
    for broken in (b"", b"\x89HDF", packed(good), b"\0" * 1000):
        refused(broken, "must be an HDF5 file as Keras 3 writes it, and this one is not", "weights", TEXT)
    whole = good["model.weights.h5"]
    for broken in (whole[:8], whole[:500], whole[: len(whole) // 2], whole[:-1000]):
        refused(broken, "HDF5 file as Keras 3 writes it, and this one is damaged", "weights", TEXT)


# --- in a process of its own


def test_a_layer_with_thousands_of_arguments(good, config):
    more = {f"config__{number}_regularizer": "L2" for number in range(20_000)}
    with pytest.raises(NetworkError, match="reading it broke off"):
        importing.import_keras(packed(good, changed(config, **more)))


def test_the_process_answers_with_the_same_sentence(good, config, hdf5):
    with pytest.raises(NetworkError, match="and scores is of the kind Lambda"):
        importing.import_keras(packed(good, changed(config, class_name="Lambda")))
    with pytest.raises(NetworkError, match="must be an HDF5 file"):
        importing.import_weights(b"nothing", TEXT)
    with pytest.raises(NetworkError, match="is an external link"):
        importing.import_weights(hdf5(external_link), TEXT)


def test_a_file_that_is_too_large_starts_no_process(monkeypatch):
    monkeypatch.setattr(keras_file, "MOST_BYTES", 1000)
    monkeypatch.setattr(subprocess, "run", None)
    with pytest.raises(NetworkError, match="A file may have up to 0 MB"):
        importing.import_keras(b"x" * 1001)


def ends_with(code):
    """What the process would be: one that runs `code`."""
    real = subprocess.run

    def run(command, **options):
        return real([sys.executable, "-c", code], **options)

    return run


def answer(**changes):
    """Code that prints the first line of an answer."""
    header = {"problem": "", "text": "Flatten - Dense 10", "title": "x", "left_out": [], **changes}
    return f"import json, sys; print(json.dumps({header!r}))"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "reading it broke off"),
        ("raise SystemExit(1)", "reading it broke off"),
        ("import time; time.sleep(60)", "must be read within"),
        ("print('no JSON')", "reading it broke off"),
        ("print('{}')", "reading it broke off"),
        ("print('[' * 9999)", "reading it broke off"),
        (answer(text=3), "reading it broke off"),
        (answer(left_out=[3]), "reading it broke off"),
        (answer(left_out=["x" * 99] * 999), "reading it broke off"),
        (answer(problem="It must be so, and it is not."), "It must be so"),
        (answer(text="Dense 10 oops"), "Dense takes units, .* “oops” is none of them"),
        (answer(text="Dense 10"), "must end in 10 values"),
        (answer() + "; print('1234')", "must hold 7,850 weights"),
        (answer() + "; sys.stdout.flush(); sys.stdout.buffer.write(b'\\xff' * 31400)", "finite numbers"),
    ],
)
def test_a_process_that_breaks_is_one_sentence(code, says, monkeypatch, good):
    monkeypatch.setattr(importing, "_PATIENCE_S", 2 if "sleep" in code else 120)
    monkeypatch.setattr(subprocess, "run", ends_with(code))
    with pytest.raises(NetworkError, match=says):
        importing.import_keras(packed(good))


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of memory is certain on Linux only")
def test_the_process_has_a_limit_of_memory():
    code = (
        "from core.network import importing; importing._MEMORY_BYTES = 256 * 2**20; "
        "importing.main('weights', 'Flatten - Dense 10')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=bytes(200 * 2**20), cwd=FILE.parents[1], stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout)["problem"].startswith("A file must fit in the memory set aside for it")


# --- any bytes


def read_or_refused(what, text, data):
    try:
        header, arrays = importing.read_here(what, text, data)
    except NetworkError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
        return
    network = notation.parse(header["text"])
    shapes = [shape for stage in network.stages() for shape in stage.spec.weight_shapes(stage.input_shape)]
    assert [array.shape for array in arrays] == shapes
    assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays)


flips = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4)
bounded = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def flipped(data: bytes, changes) -> bytes:
    data = bytearray(data)
    for place, value in changes:
        data[int(place * len(data))] = value
    return bytes(data)


@bounded
@given(changes=flips)
def test_any_archive_is_a_network_or_a_sentence(good, changes):
    read_or_refused("keras", "", flipped(packed(good), changes))


@bounded
@given(changes=flips)
def test_any_config_is_a_network_or_a_sentence(good, changes):
    read_or_refused("keras", "", packed(good, flipped(good["config.json"], changes)))


# the same bytes each time: HDF5 runs in this process here, and one that ends it must not come up by chance
@settings(bounded, derandomize=True)
@given(changes=flips)
def test_any_weights_are_weights_or_a_sentence(good, changes):
    read_or_refused("weights", TEXT, flipped(good["model.weights.h5"], changes))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 99)
    | st.text(max_size=4)
    | st.sampled_from(["Dense", "keras", "scores"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=5,
)


@bounded
@given(data=st.data())
def test_any_value_anywhere_in_the_config_is_a_network_or_a_sentence(good, config, data):
    other = copy.deepcopy(config)
    spots = []

    def find(value):
        for key in value if isinstance(value, dict) else range(len(value)):
            spots.append((value, key))
            if isinstance(value[key], dict | list):
                find(value[key])

    find(other)
    holder, key = spots[data.draw(st.integers(0, len(spots) - 1))]
    holder[key] = data.draw(plain)
    read_or_refused("keras", "", packed(good, other))


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=flips)
def test_the_process_too_answers_with_a_network_or_a_sentence(good, changes):
    try:
        imported = importing.import_weights(flipped(good["model.weights.h5"], changes), TEXT)
    except NetworkError as error:
        assert str(error).endswith(".")
    else:
        assert len(imported.weights) == 4
