import subprocess
import sys

import numpy as np
import pytest

from core.augmentation import added_strokes, distort, stroke_forms
from core.augmentation.distort import CENTRE, drawn, moved, nudged, thicker, thinner, with_pen
from core.augmentation.stroke_forms import ALL_FORMS, ink_along, strokes_of, written
from core.data import mnist
from core.pretrained import recipe

COUNT = 1200


def some(digit=None, count=COUNT):
    half = mnist.half("train")
    chosen = mnist.positions("train", digit)[:count]
    return half.images[chosen], half.labels[chosen]


def rng(seed=0):
    return np.random.default_rng(seed)


def test_import_stays_free_of_tensorflow_and_scipy():
    code = "import sys; import core.pretrained.recipe; sys.exit('tensorflow' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_shape_type_and_use_of_the_range():
    images, labels = some()
    result = drawn(images, labels, rng())
    assert result.shape == images.shape
    assert result.dtype == np.uint8
    assert (result.max(axis=(1, 2)) > 120).all()
    assert (result.max(axis=(1, 2)) == 255).mean() > 0.5
    assert (result.min(axis=(1, 2)) == 0).all()


@pytest.mark.parametrize("count", [0, 1, 511, 513])
def test_any_number_of_images(count):
    images, labels = some(count=count)
    assert drawn(images, labels, rng()).shape == (count, 28, 28)


def test_same_generator_same_result():
    images, labels = some()
    first = drawn(images, labels, rng(7))
    assert np.array_equal(first, drawn(images, labels, rng(7)))
    assert not np.array_equal(first, drawn(images, labels, rng(8)))


def test_input_is_neither_changed_nor_returned():
    images, labels = some()
    copies = images.copy(), labels.copy()
    result = drawn(*copies, rng())
    assert np.array_equal(copies[0], images)
    assert np.array_equal(copies[1], labels)
    assert not np.shares_memory(result, copies[0])


def test_no_two_versions_are_alike():
    images, labels = some(3, 40)
    result = drawn(np.repeat(images[:1], 40, axis=0), np.repeat(labels[:1], 40), rng())
    assert len(np.unique(result, axis=0)) == 40


@pytest.mark.parametrize("digit", range(10))
def test_share_of_ink_stays_that_of_a_digit(digit):
    images, labels = some(digit, 400)
    plain, made = images.mean(axis=(1, 2)) / 255, drawn(images, labels, rng()).mean(axis=(1, 2)) / 255
    assert 0.7 < made.mean() / plain.mean() < 1.5
    assert np.quantile(made, 0.01) > 0.02
    assert np.quantile(made, 0.99) < 0.4


def test_empty_and_full_images_do_no_harm():
    images = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)] * 10)
    for digit in (0, 1, 7):
        assert np.isfinite(drawn(images, np.full(20, digit), rng()).astype(float)).all()


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (np.zeros((2, 28, 28), np.float32), np.zeros(2, int), r"uint8 with the shape \(n, 28, 28\), not float32"),
        (np.zeros((2, 28, 27), np.uint8), np.zeros(2, int), r"not uint8 \(2, 28, 27\)\.$"),
        (np.zeros((28, 28), np.uint8), np.zeros(28, int), r"not uint8 \(28, 28\)\.$"),
        (np.zeros((2, 28, 28), np.uint8), np.zeros(3, int), r"one label for each of the 2 images, not \(3,\)\.$"),
    ],
)
def test_other_arrays_are_refused(images, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        drawn(images, labels, rng())


def test_most_are_centred_and_sized_as_a_drawing_is():
    images, labels = some()
    result = drawn(images, labels, rng()).astype(np.float32)
    places, mass = np.arange(28), result.sum(axis=(1, 2))
    across, down = result.sum(axis=1) @ places / mass, result.sum(axis=2) @ places / mass
    off = np.hypot(across - CENTRE, down - CENTRE)
    assert np.median(off) < 0.7
    assert 0.7 < (off < 1.2).mean() < 0.95
    solid = result > 64
    sides = np.maximum(np.ptp(_reach(solid, 1), axis=0), np.ptp(_reach(solid, 2), axis=0)) + 1
    assert ((sides >= 18) & (sides <= 22)).mean() > 0.7


def _reach(solid, axis):
    line = solid.any(axis=axis)
    return np.stack([line.argmax(axis=1), 27 - line[:, ::-1].argmax(axis=1)])


def test_moving_only_leaves_the_digit_recognisable():
    images, _ = some(count=300)
    result = moved(images.astype(np.float32), rng())
    # the mean picture of all stays in the middle of the frame
    assert result.mean(axis=0)[6:22, 6:22].mean() > 4 * result.mean(axis=0)[[0, 1, 26, 27]].mean()


def test_pens_are_thinner_and_thicker_but_never_vanish():
    images, _ = some()
    inked = with_pen(images, rng())
    share = inked.sum(axis=(1, 2)) / images.sum(axis=(1, 2))
    assert share.min() > 0.4
    assert share.max() < 2.2
    assert 0.3 < (share < 1).mean() < 0.7
    assert inked.min() >= 0 and inked.max() <= 255


@pytest.mark.parametrize(
    ("digit", "rate"),
    [
        (0, added_strokes.SLASHED),
        (1, 1 - (1 - added_strokes.FLAGGED) * (1 - added_strokes.FOOTED - added_strokes.HOOKED)),
        (7, added_strokes.CROSSED),
        (4, 0),
    ],
)
def test_rate_of_added_strokes(digit, rate):
    images, labels = some(digit, 1000)
    before = images.astype(np.float32)
    after = added_strokes.added(before, labels, rng())
    assert (after >= before).all()
    assert np.any(after != before, axis=(1, 2)).mean() == pytest.approx(rate, abs=0.05)


def added_ink(digit, lines, monkeypatch):
    """Mean ink that one kind of stroke adds, and the digits it was added to."""
    for name in ("SLASHED", "FLAGGED", "FOOTED", "HOOKED", "CROSSED"):
        monkeypatch.setattr(added_strokes, name, float(name == lines))
    images, labels = some(digit, 500)
    before = images.astype(np.float32)
    gained = added_strokes.added(before, labels, rng()) - before
    assert (gained.sum(axis=(1, 2)) > 0).mean() > 0.97
    return gained.mean(axis=0)


def test_slashes_cross_the_hole_of_a_zero(monkeypatch):
    gained = added_ink(0, "SLASHED", monkeypatch)
    assert gained[11:17, 11:17].mean() > 60
    assert gained[3:9, 17:25].mean() > 2 * gained[3:9, 3:11].mean()  # leaning to the right, mostly


def test_flags_hang_to_the_left_of_a_one(monkeypatch):
    gained = added_ink(1, "FLAGGED", monkeypatch)
    assert gained[4:16, :14].sum() > 4 * gained[4:16, 15:].sum()
    assert gained[:18].sum() > 10 * gained[20:].sum()


def test_flags_never_lie_level_however_a_one_leans():
    for angle in (-0.5, 0, 0.4, 0.8):
        path = np.stack([14 + np.sin(angle) * np.linspace(10, -10, 96), np.linspace(4, 24, 96)], axis=1)
        ones = np.repeat(255 * ink_along(path[None].astype(np.float32), np.ones(96), np.array([2.5])), 50, axis=0)
        start, _, end = added_strokes._flags(ones, rng())
        across, down = (start - end)[:, 0], (end - start)[:, 1]
        assert (np.arctan2(across, down) < np.radians(60)).all()


def test_feet_stand_under_a_one(monkeypatch):
    gained = added_ink(1, "FOOTED", monkeypatch)
    assert gained[20:].sum() > 10 * gained[:18].sum()
    assert (gained[20:, :12].sum() > 500) and (gained[20:, 16:].sum() > 500)


def test_some_slashes_stand_upright(monkeypatch):
    monkeypatch.setattr(added_strokes, "UPRIGHT", 1)
    gained = added_ink(0, "SLASHED", monkeypatch)
    columns = gained.sum(axis=0)
    assert columns[11:18].sum() > 0.85 * columns.sum()
    assert (gained[:, 11:18].sum(axis=1)[8:20] > 100).all()


def test_hooks_end_a_one_to_the_right_mostly(monkeypatch):
    gained = added_ink(1, "HOOKED", monkeypatch)
    assert gained[17:].sum() > 0.95 * gained.sum()
    images, _ = some(1, 500)
    start, _, end = added_strokes._hooks(images.astype(np.float32), rng())
    assert (end[:, 0] > start[:, 0]).mean() == pytest.approx(0.75, abs=0.06)
    length = np.hypot(*(end - start).T)
    assert length.min() >= 2 and length.max() <= 6


def test_a_one_gets_one_kind_of_foot(monkeypatch):
    drawn_on = {"_feet": [], "_hooks": []}
    for name, seen in drawn_on.items():
        draw = getattr(added_strokes, name)

        def watched(ink, rng, draw=draw, seen=seen):
            seen.extend(image.tobytes() for image in ink)
            return draw(ink, rng)

        monkeypatch.setattr(added_strokes, name, watched)
    images, labels = some(1, 1000)
    added_strokes.added(images.astype(np.float32), labels, rng())
    assert drawn_on["_feet"] and drawn_on["_hooks"]
    assert not set(drawn_on["_feet"]) & set(drawn_on["_hooks"])


def test_bars_cross_a_seven_in_the_middle(monkeypatch):
    gained = added_ink(7, "CROSSED", monkeypatch)
    assert gained[11:20].sum() > 0.9 * gained.sum()


def test_every_form_is_drawn_with_its_ink_along_its_strokes():
    for digit, forms in ALL_FORMS.items():
        image = written(np.full(60, digit), np.full(60, 2.5), rng(digit))
        assert image.shape == (60, 28, 28)
        assert image.dtype == np.float32
        assert image.min() >= 0 and image.max() == 1
        inked = image.mean(axis=(1, 2))
        assert (inked > 0.04).all() and (inked < 0.3).all()
        assert len(forms) >= 3


def test_forms_lie_in_their_box():
    for form in (form for forms in ALL_FORMS.values() for form in forms):
        strokes = strokes_of(form)
        assert all(len(stroke) >= 2 for stroke in strokes)
        points = np.concatenate(strokes)
        assert points.min() >= -25 and points.max() <= 130
        assert np.ptp(points[:, 1]) >= 80


def test_some_drawings_begin_late_and_some_stop_early():
    down = stroke_forms._pen_down(4000, rng())
    late, early = ~down[:, 0], ~down[:, -1]
    # a cut of less than half a sample is none; the others come as often as asked for
    assert late.mean() == pytest.approx(stroke_forms.CUT_SHORT, abs=0.05)
    assert early.mean() == pytest.approx(stroke_forms.CUT_SHORT, abs=0.05)
    assert down.mean(axis=1).min() >= 1 - 2 * stroke_forms.LONGEST_CUT - 2 / stroke_forms.SAMPLES
    # never a gap in the middle
    assert (np.abs(np.diff(down.astype(int), axis=1)).sum(axis=1) <= late.astype(int) + early).all()


def test_uneven_drawings_keep_their_ends_and_their_order(monkeypatch):
    monkeypatch.setattr(stroke_forms, "LOOSE", 0)
    monkeypatch.setattr(stroke_forms, "UNEVEN", 10)
    paths, _ = stroke_forms._varied("0,0 50,25 50,50 50,75 100,100", 19, 300, rng())
    ends = paths[:, [0, -1], 1]
    np.testing.assert_allclose(ends, [[4, 23]] * 300, atol=0.01)
    assert (np.diff(paths[..., 1], axis=1) >= 0).all()
    middle = paths[:, len(paths[0]) // 2, 1]
    assert middle.min() < 11.5 and middle.max() > 15.5


def test_corners_are_doubled_points():
    assert strokes_of("0,1 2,3! 4,5 / 6,7 8,9")[0].tolist() == [[0, 1], [2, 3], [2, 3], [4, 5]]
    assert len(strokes_of("0,1 2,3! 4,5 / 6,7 8,9")) == 2


def test_the_pen_is_as_wide_as_asked_for_and_can_be_lifted():
    x = np.linspace(4, 24, 100, dtype=np.float32)
    path = np.stack([np.stack([x, np.full(100, 14, np.float32)], axis=1)] * 2)
    down = np.ones((2, 100), np.float32)
    down[1, 40:60] = 0
    image = ink_along(path, down, np.array([2.0, 4.0]))
    assert image[0, :, 8].sum() == pytest.approx(2, abs=0.15)
    assert image[1, :, 8].sum() == pytest.approx(4, abs=0.15)
    assert image[0, 14, 14] == 1
    assert image[1, 14, 14] < 0.2
    assert image[:, :, :2].max() == 0


def test_a_bar_grows_and_shrinks_by_the_amount():
    bar = np.zeros((3, 28, 28), np.float32)
    bar[:, 6:22, 10:16] = 255
    for amount in (0, 0.25, 1):
        # across the bar, in the middle of its height
        assert thicker(bar, amount)[0, 14].sum() / 255 == pytest.approx(6 + 2 * amount)
        assert thinner(bar, amount)[0, 14].sum() / 255 == pytest.approx(6 - 2 * amount)
    each = thinner(bar, np.array([0, 0.5, 1], np.float32)[:, None, None])
    assert (each[:, 14].sum(axis=1) / 255).tolist() == [6, 5, 4]


def test_small_holes_fill_and_lines_keep_their_width():
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 6:11, 6:11] = 255
    image[0, 8, 8] = 0
    image[0, 20:23, 4:24] = 255
    closed = thinner(thicker(image, 1), 1)
    assert closed[0, 8, 8] == 255
    assert np.array_equal(closed[0, 15:], image[0, 15:])


def test_fat_pens_leave_lines_of_a_usual_width(monkeypatch):
    monkeypatch.setattr(distort, "FAT", 1)
    monkeypatch.setattr(stroke_forms, "LOOSE", 0)
    stem = {digit: ("50,0 50,100",) if digit == 1 else () for digit in range(10)}
    lines = distort._written(np.ones(200, int), rng(), stem)
    across = lines[:, 10:18].sum(axis=2).mean(axis=1)
    assert across.min() > distort.AFTERWARDS - 0.4
    assert across.max() < distort.AFTERWARDS + 0.4


def test_some_zeros_lie_on_their_side_and_nothing_else_does(monkeypatch):
    monkeypatch.setattr(distort, "LYING", 1)
    turns = []
    monkeypatch.setattr(distort, "moved", lambda ink, rng, turned: turns.append(turned) or ink.astype(np.uint8))
    images, labels = some(count=500)
    drawn(images, labels, rng())
    turned = turns[0][labels == 0]
    assert (turns[0][labels != 0] == 0).all()
    assert turned.min() < -1 and turned.max() > 1
    assert np.abs(turned).max() <= distort.FLATTEST


def test_turning_turns_by_the_angle():
    bar = np.zeros((200, 28, 28), np.float32)
    bar[:, 4:24, 13:16] = 255
    upright, level = (moved(bar, rng(), turns).astype(float).mean(axis=0) for turns in (0, np.pi / 2))
    assert upright.sum(axis=0).max() > 2 * upright.sum(axis=1).max()
    assert level.sum(axis=1).max() > 2 * level.sum(axis=0).max()


def test_nudged_digits_stay_close_and_some_are_left_alone():
    images, _ = some()
    before = images.copy()
    result = nudged(images, rng())
    assert np.array_equal(images, before)
    assert result.shape == images.shape and result.dtype == np.uint8
    same = (result == images).all(axis=(1, 2))
    assert same.mean() == pytest.approx(distort.LEFT_ALONE, abs=0.04)
    ratio = result[~same].sum(axis=(1, 2)) / images[~same].sum(axis=(1, 2))
    assert np.median(ratio) == pytest.approx(1, abs=0.1)
    # closer to what they were than to their neighbours in the list
    off = np.abs(result.astype(float) - images).mean(axis=(1, 2))[~same]
    others = np.abs(result.astype(float) - np.roll(images, 1, axis=0)).mean(axis=(1, 2))[~same]
    assert (off < others).mean() > 0.97
    assert np.array_equal(result, nudged(images, rng()))
    assert nudged(images[:0], rng()).shape == (0, 28, 28)


def test_recipe_mixes_each_image_once_nearly_plain_with_one_redrawn(monkeypatch):
    images, labels = some(count=300)
    monkeypatch.setattr(recipe.mnist, "half", lambda name: mnist.Split(images, labels))
    mixed, answers = recipe.epoch_images(seed=1, epoch=0)
    assert mixed.shape == (600, 28, 28)
    assert mixed.dtype == np.uint8
    assert np.array_equal(np.bincount(answers), 2 * np.bincount(labels))
    plain = {image.tobytes() for image in images}
    assert sum(image.tobytes() in plain for image in mixed) == pytest.approx(300 * distort.LEFT_ALONE, abs=30)
    assert np.array_equal(mixed, recipe.epoch_images(1, 0)[0])
    assert not np.array_equal(mixed, recipe.epoch_images(1, 1)[0])
