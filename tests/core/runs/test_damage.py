"""A damaged run never raises more than a RunError, says what is wrong, and keeps what can still be used."""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.runs import diagnosis, folders, history, queue
from core.runs.damage import damages
from core.runs.folders import RunError
from tests.core.runs import sample_runs
from tests.core.runs.sample_runs import DAMAGES, SPEC, trained

FILES = (
    "spec.json",
    "state.json",
    "epochs.jsonl",
    "batches.f64",
    "checkpoint.npz",
    "latest.npz",
    "weights/0001.npz",
    "weights/0002.npz",
)


def use(run):
    """All that pages ask of a run; the weights only where they can be read."""
    assert folders.find(run.id) == run and run in folders.listed()
    folders.queue(), folders.at_work(), folders.usable(), run.size(), run.saved_epochs(), damages(run)
    state, rows, epochs = run.state, run.batches(), run.epochs()
    assert state.status in (*folders.WAITING, *folders.LIVE, *folders.ENDED)
    assert rows.shape[1] == 6 and np.isfinite(rows).all()
    history.epochs_csv(run), history.batches_csv(run), queue.needs_start_over(run)
    if run.readable:
        spec = run.spec
        assert all({"epoch", "seconds", *spec.measures} <= {*line} for line in epochs)
        assert 0 <= history.progress(run) <= 1
        history.seconds_left(run), history.differences([run])
        diagnosis.diagnose(spec, rows, epochs, state.status)
        for measure in ("loss", "accuracy"):
            history.batch_curve(rows, spec.batches, measure)
            history.epoch_curve(epochs, f"val_{measure}")
        for epoch in (None, *run.saved_epochs()):
            try:
                weights = run.weights(epoch)
            except RunError as error:
                assert str(error).endswith((".", "?"))
            else:
                assert [array.shape for array in weights] == spec.network.weight_shapes()
    else:
        with pytest.raises(RunError):
            _ = run.name


@pytest.mark.usefixtures("own_runs")
def test_a_sound_run_is_not_called_damaged():
    run = trained()
    assert damages(run) == [] and queue.needs_start_over(run) is None
    assert damages(folders.create(SPEC, "waits")) == []
    use(run)


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.usefixtures("own_runs")
def test_named_damages_are_said_and_the_rest_is_used(name):
    run, sound = trained(), trained("sound")
    DAMAGES[name](run)
    use(run)
    said = damages(run)
    assert said and all(sentence.endswith(".") and "deleted" not in sentence for sentence in said), said
    assert damages(sound) == []
    queue.delete(run)
    assert folders.listed() == [sound]


@pytest.mark.parametrize(
    ("name", "epochs", "batches"),
    [("half a line and a newline", 1, 8), ("zero bytes behind the epochs", 2, 8), ("zero bytes in the batches", 2, 2)],
)
@pytest.mark.usefixtures("own_runs")
def test_what_stands_before_the_damage_is_kept(name, epochs, batches):
    run = trained()
    DAMAGES[name](run)
    assert (len(run.epochs()), len(run.batches())) == (epochs, batches)


@pytest.mark.usefixtures("own_runs")
def test_rows_that_are_missing_hide_none_that_come_later():
    """A run whose batches were damaged goes on after its last whole epoch."""
    run = trained()
    rows = run.batches()
    (run.folder / "batches.f64").write_bytes(rows[[0, 1, 4, 5, 6]].tobytes())
    np.testing.assert_array_equal(run.batches(), rows[[0, 1, 4, 5, 6]])
    assert damages(run) == []
    (run.folder / "batches.f64").write_bytes(rows[[0, 1, 4, 4, 5, 6]].tobytes())
    assert len(run.batches()) == 3 and "Row 4" in damages(run)[0]


@pytest.fixture(scope="module")
def sound():
    """A folder of a sound run, to be copied."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", folder)
        yield trained().folder


changes = st.lists(
    st.one_of(
        st.tuples(st.just("byte"), st.floats(0, 1), st.integers(0, 255)),
        st.tuples(st.just("cut"), st.floats(0, 1), st.just(0)),
        st.tuples(st.just("zeros"), st.floats(0, 1), st.integers(1, 600)),
        st.tuples(st.just("twice"), st.floats(0, 1), st.integers(1, 60)),
    ),
    min_size=1,
    max_size=4,
)


def damaged(content, changes):
    content = bytearray(content)
    for kind, place, value in changes:
        at = int(place * max(0, len(content) - 1))
        match kind:
            case "byte" if content:
                content[at] = value
            case "cut":
                del content[at:]
            case "zeros":
                content[at : at + value] = bytes(value)
            case "twice":
                content[at:at] = content[at : at + value]
    return bytes(content)


@settings(max_examples=250)
@given(st.sampled_from(FILES), changes)
def test_no_byte_in_a_folder_takes_a_reader_down(sound, name, changes):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", folder)
        run = folders.Run(sound.name)
        shutil.copytree(sound, run.folder)
        (run.folder / name).write_bytes(damaged((run.folder / name).read_bytes(), changes))
        use(run)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=250)
@given(st.sampled_from(("spec.json", "state.json", "epochs.jsonl")), st.integers(0, 40), json_values)
def test_no_value_in_a_folder_takes_a_reader_down(sound, name, place, value):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", folder)
        run = folders.Run(sound.name)
        shutil.copytree(sound, run.folder)
        path = Path(run.folder / name)
        first, *rest = path.read_text().splitlines()
        values = json.loads(first)
        held = values["training"] if name == "spec.json" and place % 2 else values
        held[list(held)[place % len(held)]] = value
        path.write_text("\n".join([json.dumps(values), *rest, ""]))
        use(run)


@pytest.mark.usefixtures("own_runs")
def test_a_file_that_says_it_is_enormous_is_not_believed():
    """A header of 10^12 numbers in front of a few: numpy would make room for all of them."""
    run = trained()
    path = run.folder / "latest.npz"
    header = np.lib.format.magic(1, 0)
    words = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("000.npy", header + len(words).to_bytes(2, "little") + words + bytes(16))
    with pytest.raises(RunError, match="fit its layers"):
        run.weights()
    shutil.copy(path, run.folder / "checkpoint.npz")
    assert "damaged" in queue.needs_start_over(run)


@pytest.mark.usefixtures("own_runs")
def test_only_its_own_folder_is_ever_deleted(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("kept")
    run = trained()
    shutil.rmtree(run.folder / "weights")
    (run.folder / "weights").symlink_to(outside)
    queue.delete(run)
    assert (outside / "precious").read_text() == "kept" and not run.folder.exists()


def test_the_sample_is_as_a_run_is():
    assert set(sample_runs.MEASURED) == set(SPEC.measures)
