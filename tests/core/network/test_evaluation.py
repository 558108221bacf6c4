"""Keras, tf.math.confusion_matrix and naive loops are the oracles; the scripts of the page are run as well."""

import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.data import mnist
from core.network import evaluation, saved
from core.network.evaluation import Evaluation, EvaluationError
from core.network.presets import Blocks
from core.runs import folders
from core.scripts import evaluation as evaluation_script
from core.storage import files
from core.training.spec import TrainingSpec

ROOT = Path(__file__).resolve().parents[3]
SMALL = Blocks(filters=(4,), convolutions=1, dense_units=8).network()
# of the first 60 the one that is surest of its answers: for every test image the first two lie 3e-5 apart or more, a
# thousand times what rounding on one processor or another changes, so that all of them name the same digits
SEED = 8
IMAGES, LABELS = (array[:1100] for array in (mnist.half("test").images, mnist.half("test").labels))


@pytest.fixture(scope="module")
def model():
    return SMALL.seeded(SEED).build()


@pytest.fixture(scope="module")
def found(model):
    return evaluation.evaluate(model, IMAGES, LABELS)


def keras_says(model, images=IMAGES, labels=LABELS):
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.evaluate(saved.as_batch(images), labels, batch_size=500, verbose=0)


def made(labels, predictions, confidence=0.9):
    """An evaluation that gave these answers, each with `confidence`."""
    predictions, confidence = np.asarray(predictions), np.broadcast_to(confidence, len(predictions))
    probabilities = np.repeat((1 - confidence[:, np.newaxis]) / 9, 10, axis=1)
    probabilities[np.arange(len(predictions)), predictions] = confidence
    labels, probabilities = np.asarray(labels, np.int64), probabilities.astype(np.float32)
    return Evaluation(labels, probabilities, evaluation.cross_entropy(probabilities, labels, from_logits=False))


def test_loss_and_accuracy_are_those_of_keras(model, found):
    loss, accuracy = keras_says(model)
    assert found.loss == pytest.approx(loss, rel=1e-5)
    assert found.accuracy == pytest.approx(accuracy, abs=1e-6)
    np.testing.assert_allclose(found.probabilities, saved.predict(model, IMAGES), atol=1e-6)
    np.testing.assert_array_equal(found.predictions, np.argmax(saved.predict(model, IMAGES), axis=-1))


@pytest.mark.parametrize("scale", [50, 1e4])
def test_loss_of_a_network_that_is_wrong_beyond_float32_is_that_of_keras(scale):
    model = SMALL.seeded(SEED).build()
    model.set_weights([weights * scale for weights in model.get_weights()])
    loss, accuracy = keras_says(model)
    found = evaluation.evaluate(model, IMAGES, LABELS)
    assert found.loss == pytest.approx(loss, rel=1e-4)
    assert found.loss > 16.2  # more than clipped probabilities could ever give
    assert found.accuracy == pytest.approx(accuracy, abs=1e-6)


def test_loss_of_a_network_whose_softmax_is_part_of_its_last_layer_is_that_of_keras():
    image = keras.Input((28, 28, 1))
    model = keras.Model(image, keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(image)))
    found = evaluation.evaluate(model, IMAGES, LABELS)
    assert found.loss == pytest.approx(keras_says(model)[0], rel=1e-5)


def test_cross_entropy_of_probabilities_is_that_of_keras():
    probabilities = np.array([[1, 0, 0], [0.2, 0.3, 0.5], [1e-9, 0.5, 0.5], [0, 0, 0]], np.float32)
    labels = np.array([1, 2, 0, 0])
    expected = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
    found = evaluation.cross_entropy(probabilities, labels, from_logits=False)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_confusion_is_that_of_tensorflow(found):
    expected = tf.math.confusion_matrix(found.labels, found.predictions, num_classes=10).numpy()
    np.testing.assert_array_equal(found.confusion, expected)
    assert found.confusion.sum() == len(LABELS)


def naive(labels, predictions):
    rows = []
    for digit in range(10):
        right = sum(t == p == digit for t, p in zip(labels, predictions, strict=True))
        named, real = sum(p == digit for p in predictions), sum(t == digit for t in labels)
        rows.append(
            (
                right / named if named else np.nan,
                right / real if real else np.nan,
                2 * right / (named + real) if named + real else np.nan,
                real,
                real - right,
                named - right,
            )
        )
    return np.array(rows).T


@pytest.mark.parametrize("classes", [10, 3])
def test_measures_of_each_digit_are_those_of_naive_loops(classes):
    draw = np.random.default_rng(classes)
    labels, predictions = draw.integers(0, classes, 200), draw.integers(0, classes, 200)
    found = made(labels, predictions)
    measures = (found.precision, found.recall, found.f1, found.support, found.missed, found.mistaken_for)
    np.testing.assert_allclose(measures, naive(labels, predictions))


def test_a_digit_that_is_never_predicted_has_no_precision_and_gives_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = made([1, 2, 2, 3], [1, 1, 1, 1])
        assert np.isnan(found.precision[2]) and found.recall[2] == 0 and found.f1[2] == 0
        assert np.isnan(found.recall[0]) and np.isnan(found.f1[0])
        assert found.precision[1] == 0.25 and found.recall[1] == 1


def test_mistakes_and_cells_are_sorted_by_confidence():
    found = made([4, 4, 4, 9, 4], [9, 4, 9, 9, 9], [0.7, 0.8, 0.9, 0.95, 0.7])
    assert found.mistakes().tolist() == [2, 0, 4]
    assert found.cell(4, 9).tolist() == [2, 0, 4]
    assert found.cell(9, 9).tolist() == [3]
    assert found.cell(0, 1).tolist() == []
    assert found.hesitant().tolist() == [1, 3]
    assert found.confusions() == [(4, 9, 3)]


def test_cells_hold_every_image_once(found):
    cells = [found.cell(true, predicted) for true in range(10) for predicted in range(10)]
    assert [len(cell) for cell in cells] == found.confusion.ravel().tolist()
    assert sorted(np.concatenate(cells)) == list(range(len(LABELS)))


@pytest.mark.parametrize("bins", [1, 2, 10, 25])
def test_calibration_is_that_of_naive_loops(found, bins):
    measured, error = found.calibration(bins), 0.0
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = [n for n, c in enumerate(found.confidences) if low < c <= high]
        assert measured.count[i] == len(inside)
        if not inside:
            assert np.isnan(measured.accuracy[i]) and np.isnan(measured.confidence[i])
            continue
        accuracy, confidence = found.correct[inside].mean(), found.confidences[inside].mean(dtype=float)
        assert measured.accuracy[i] == pytest.approx(accuracy)
        assert measured.confidence[i] == pytest.approx(confidence)
        error += len(inside) / len(LABELS) * abs(accuracy - confidence)
    assert measured.error == pytest.approx(error)


def test_calibration_of_sure_answers():
    right = made([1, 2], [1, 2], 1.0).calibration(10)
    assert right.count.tolist() == [0] * 9 + [2] and right.error == 0
    assert made([1, 2], [1, 3], 1.0).calibration(10).error == 0.5
    with pytest.raises(ValueError, match="at least 1"):
        made([1], [1]).calibration(0)


def test_progress_counts_every_image(model):
    seen = []
    evaluation.evaluate(model, IMAGES, LABELS, lambda *done: seen.append(done))
    assert [done for done, _ in seen] == [250, 500, 750, 1000, 1100]
    assert {total for _, total in seen} == {1100}


def test_a_diverged_network_gets_one_sentence():
    model = SMALL.build()
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    with pytest.raises(EvaluationError, match=r"not a number.* for image 0: its training diverged"):
        evaluation.evaluate(model, IMAGES[:3], LABELS[:3])


def test_a_constant_network():
    model = SMALL.build()
    model.set_weights([np.zeros_like(weights) for weights in model.get_weights()])
    found = evaluation.evaluate(model, IMAGES, LABELS)
    assert found.loss == pytest.approx(np.log(10), rel=1e-6)
    assert (found.predictions == 0).all() and found.accuracy == (LABELS == 0).mean()
    assert np.isfinite(found.precision).tolist() == [True] + [False] * 9


@pytest.mark.parametrize(("images", "labels"), [(0, 0), (3, 2)])
def test_images_and_labels_must_fit(model, images, labels):
    with pytest.raises(ValueError, match="a label for each"):
        evaluation.evaluate(model, IMAGES[:images], LABELS[:labels])


# the scripts


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", str(tmp_path_factory.mktemp("runs")))
        run = folders.create(TrainingSpec(network=SMALL), "small")
        for epoch, seed in ((1, 1), (2, SEED)):
            files.write_arrays(run.folder / "weights" / f"{epoch:04d}.npz", SMALL.seeded(seed).build().get_weights())
        yield run


@pytest.fixture(scope="module")
def whole(run):
    half = mnist.half("test")
    return evaluation.evaluate(run.model(2), half.images, half.labels)


def executed(*parts):
    namespace = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)  # the scripts open assets/mnist.npz as a reader in that folder would
        exec("\n".join(parts), namespace)
    return namespace


@pytest.fixture(scope="module")
def loaded(run):
    return evaluation_script.load(run.id, 2)


def test_script_of_the_overview(loaded, whole):
    found = executed(loaded, evaluation_script.overview())
    assert found["loss"] == pytest.approx(whole.loss, rel=1e-5)
    assert found["accuracy"] == pytest.approx(whole.accuracy, abs=1e-6)
    for name in ("precision", "recall", "f1", "confusion"):
        np.testing.assert_allclose(found[name], getattr(whole, name))


def test_script_of_a_cell(loaded, whole):
    true, predicted, count = whole.confusions()[0]
    found = executed(loaded, evaluation_script.cell(true, predicted))
    np.testing.assert_array_equal(found["confusion"], whole.confusion)
    assert sorted(found["shown"]) == sorted(whole.cell(true, predicted))
    assert found["confusion"][true, predicted] == count


def test_script_of_the_rankings(loaded, whole):
    for right, most, expected in ((False, True, whole.mistakes()), (True, False, whole.hesitant())):
        found = executed(loaded, evaluation_script.ranking(right, most))
        assert sorted(found["shown"]) == sorted(expected)
        np.testing.assert_allclose(found["confidences"][found["shown"]], whole.confidences[expected], atol=1e-6)


@pytest.mark.parametrize("number", [1, 313])
def test_script_of_a_batch(loaded, whole, number, capsys):
    found = executed(loaded, evaluation_script.batch(number, 32))
    here = slice((number - 1) * 32, number * 32)
    np.testing.assert_allclose(found["preds"], whole.probabilities[here], atol=1e-6)
    np.testing.assert_array_equal(found["answers"], whole.predictions[here])
    np.testing.assert_array_equal(found["labels"], whole.labels[here])
    assert str(whole.probabilities[here].shape) in capsys.readouterr().out


def test_script_of_the_calibration(loaded, whole):
    found, expected = executed(loaded, evaluation_script.calibration(7)), whole.calibration(7)
    assert found["error"] == pytest.approx(expected.error, abs=1e-6)
    np.testing.assert_array_equal(found["count"], expected.count)
    np.testing.assert_allclose(found["accuracy"], expected.accuracy)


def test_scripts_load_the_shipped_network_and_the_newest_weights_of_a_run(run):
    shipped = executed(evaluation_script.load(None, None))["model"]
    for mine, theirs in zip(shipped.get_weights(), saved.load_pretrained().get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    newest = executed(evaluation_script.load(run.id, None))["model"]
    np.testing.assert_array_equal(newest.get_weights()[0], run.weights(2)[0])
