"""The recipe and the script that makes the shipped network, on a recipe of a few images; and the network itself."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from core.augmentation.distort import LEFT_ALONE
from core.augmentation.stroke_forms import ADDED, ALL_FORMS, FORMS
from core.data import mnist
from core.network import saved
from core.network.presets import BASIC_CNN, Blocks
from core.pretrained import recipe, train


def test_an_epoch_shows_every_image_nearly_as_it_is_and_once_redrawn(monkeypatch):
    whole = mnist.half("train")
    plain = replace(whole, images=whole.images[::6], labels=whole.labels[::6])
    monkeypatch.setattr(mnist, "half", {"train": plain}.__getitem__)
    images, labels = recipe.epoch_images(recipe.SEED, 0)
    assert images.shape == (20_000, 28, 28) and images.dtype == np.uint8
    np.testing.assert_array_equal(np.bincount(labels), 2 * np.bincount(plain.labels))
    known = {image.tobytes() for image in plain.images}
    assert sum(image.tobytes() in known for image in images) / 10_000 == pytest.approx(LEFT_ALONE, abs=0.01)


def test_added_forms_are_written_in_the_second_half_of_the_way_that_is_averaged(monkeypatch):
    shown = {}
    monkeypatch.setattr(recipe, "nudged", lambda images, rng: images)
    monkeypatch.setattr(recipe, "drawn", lambda images, labels, rng, forms: shown.setdefault(epoch, forms) and images)
    for epoch in (0, recipe.ADDED_AT - 1, recipe.ADDED_AT, recipe.EPOCHS - 1):
        recipe.epoch_images(recipe.SEED, epoch)
    assert list(shown.values()) == [FORMS, FORMS, ALL_FORMS, ALL_FORMS]
    assert recipe.EPOCHS - recipe.ADDED_AT == recipe.AVERAGED / 2
    assert all(ALL_FORMS[digit] == (*FORMS[digit], *ADDED.get(digit, ())) for digit in range(10))


def test_the_rate_rises_then_falls_and_ends_near_nothing_in_every_round():
    assert sum(recipe.ROUNDS) + recipe.AVERAGED == recipe.EPOCHS
    start = 0
    for length in recipe.ROUNDS:
        shares = np.linspace(0, 1, 2001)[:-1]
        rates = np.array([recipe.learning_rate((start + share * length) / recipe.EPOCHS) for share in shares])
        top = int(rates.argmax())
        assert rates[top] == pytest.approx(recipe.PEAK, rel=1e-3)
        assert shares[top] == pytest.approx(recipe.WARM_UP, abs=1e-3)
        assert (np.diff(rates[: top + 1]) > 0).all() and (np.diff(rates[top:]) < 0).all()
        assert rates[0] < recipe.PEAK / 2 and 0 < rates[-1] < recipe.PEAK / 50
        # half of the way down, half of the height: a cosine
        half = (start + length * (1 + recipe.WARM_UP) / 2) / recipe.EPOCHS
        assert recipe.learning_rate(half) == pytest.approx(recipe.PEAK / 2, rel=0.01)
        start += length
    for share in np.linspace(start / recipe.EPOCHS, 1, 50)[1:]:
        assert recipe.learning_rate(share) == recipe.WANDERING
    for outside in (-0.1, 1.01, float("nan")):
        with pytest.raises(ValueError, match="from 0 to 1"):
            recipe.learning_rate(outside)


def test_the_mean_is_taken_over_the_last_epochs_only_and_evenly():
    for per_epoch in (938, 10, 4):
        steps = per_epoch * recipe.EPOCHS
        taken = [step for step in range(1, steps + 1) if recipe.averages(step, steps)]
        assert taken[-1] == steps
        assert taken[0] > per_epoch * sum(recipe.ROUNDS)
        assert len(set(np.diff(taken))) == 1
        assert len(taken) == pytest.approx(recipe.AVERAGED * recipe.TIMES, rel=0.3)
    assert [step for step in range(1, 4) if recipe.averages(step, 3)] == [3]


def test_weights_are_averaged_one_after_the_other():
    rng = np.random.default_rng(0)
    all_weights = [[rng.normal(size=(3, 2)).astype(np.float32), rng.normal(size=4).astype(np.float32)] for _ in "12345"]
    kept = [[array.copy() for array in weights] for weights in all_weights]
    rate = train._Rate(10)
    for weights in all_weights:
        rate.collect(weights)
    for i, mean in enumerate(rate.mean):
        np.testing.assert_allclose(mean, np.mean([weights[i] for weights in kept], axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(all_weights[0][0], kept[0][0])


def test_the_script_trains_by_the_recipe_and_saves_without_optimizer(monkeypatch, tmp_path, capsys):
    plain = mnist.half("train")
    rates = []

    def few(seed, epoch):
        order = np.random.default_rng([seed, epoch]).permutation(256)
        return plain.images[order], plain.labels[order]

    def rate(progress):
        rates.append(progress)
        return 0.001 * (1 - progress)

    monkeypatch.setattr(recipe, "epoch_images", few)
    monkeypatch.setattr(recipe, "learning_rate", rate)
    # what the script does with a network is the same for a small one; that it took this one is seen of what is shipped
    small = Blocks(filters=(4, 8), convolutions=1, dense_units=16).network()
    monkeypatch.setattr(train, "PRESETS", {BASIC_CNN: small})
    monkeypatch.setattr(train, "_REPORT", 2)
    monkeypatch.setattr(train.precision, "choose", lambda spec: "float32")
    accuracy = train.train_and_save(tmp_path / "made.keras", epochs=2)
    assert rates[1:] == [0, 0.25, 0.5, 0.75]  # two epochs of two batches; the first one asks for the optimizer's start
    assert "step 4 of 4" in capsys.readouterr().out
    stored = keras.models.load_model(tmp_path / "made.keras")
    assert getattr(stored, "optimizer", None) is None
    assert [path.name for path in tmp_path.iterdir()] == ["made.keras"]
    # the same steps by hand
    model = small.seeded(recipe.SEED).build()
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy")
    step, averaged = 0, []
    for epoch in range(2):
        images, labels = few(recipe.SEED, epoch)
        for at in (0, 128):
            model.optimizer.learning_rate.assign(0.001 * (1 - step / 4))
            model.train_on_batch(saved.as_batch(images[at : at + 128]), labels[at : at + 128])
            step += 1
            if recipe.averages(step, 4):
                averaged.append(model.get_weights())
    for left, right in zip(
        stored.get_weights(), (np.mean(each, axis=0) for each in zip(*averaged, strict=True)), strict=True
    ):
        np.testing.assert_allclose(left, right, rtol=1e-3, atol=1e-5)
    test = mnist.half("test")
    assert accuracy == pytest.approx((saved.predict(stored, test.images).argmax(axis=1) == test.labels).mean())


def test_the_shipped_network_reads_what_the_readme_says():
    model = saved.load_pretrained()
    assert model.count_params() == Blocks().network().parameter_count() == 1_676_266
    assert [layer.name for layer in model.layers[1:]] == [layer.name for layer in Blocks().network().stages()]
    assert getattr(model, "optimizer", None) is None
    test = mnist.half("test")
    accuracy = (saved.predict(model, test.images).argmax(axis=1) == test.labels).mean()
    readme = (saved.FILE.parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"{accuracy:.2%}".replace("%", " %") in readme
    assert accuracy >= 0.996
