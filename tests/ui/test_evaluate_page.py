"""The Evaluate page: what it shows is what core.network.evaluation and Keras say."""

import functools
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons import folder as lessons
from core.lessons.training_mistakes import EVALUATION_SLIPS
from core.network.presets import Blocks
from core.runs import folders
from core.scripts import evaluation
from core.storage import files
from core.training.spec import TrainingSpec
from tests.ui import conftest
from tests.ui.lessons import carried_out
from ui.evaluate import jobs as evaluate_jobs
from ui.evaluate import settings
from ui.evaluate.batch import probability
from ui.evaluate.overview import percent
from ui.lessons import view as views
from ui.shared import networks

SMALL = Blocks(filters=(2,), convolutions=1, dense_units=4).network()

opened = functools.partial(conftest.opened, "evaluate")


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_LAB_RUNS", str(tmp_path_factory.mktemp("runs")))
        yield


def made(name, *epochs, **state):
    """A run with these weights, after epoch 0, 1 and so on."""
    run = folders.create(TrainingSpec(network=SMALL), name)
    for epoch, weights in enumerate(epochs):
        files.write_arrays(run.folder / "weights" / f"{epoch:04d}.npz", weights)
    run.put_state(**{"status": "finished", **state})
    return run


def start(seed):
    return SMALL.seeded(seed).build().get_weights()


@pytest.fixture(scope="module")
def run(folder):
    """It has learned nothing, so it makes every kind of mistake."""
    return made("two epochs", start(1), start(2), start(3))


def awaited(net=networks.SHIPPED, **query):
    """The page once its evaluation is there."""
    found = evaluate_jobs.wait(networks.named(net, int(query.get("net_epoch", networks.NEWEST))))
    return opened(net=net, **query), found


def said(at):
    shown = (*at.markdown, *at.caption, *at.header, *at.error)
    return "\n".join(element.value for element in shown).replace("\u00a0", " ")


def test_it_says_how_far_it_is_and_then_shows_the_result(run):
    at = opened(net=run.id)
    assert not at.exception and not at.metric
    found = evaluate_jobs.wait(networks.named(run.id))
    at.run()
    assert not at.exception
    assert [metric.value for metric in at.metric][1] == percent(found.accuracy)


@pytest.mark.parametrize("part", settings.PARTS)
def test_every_part_shows_something_and_its_code(part, run):
    at, _ = awaited(run.id, eval_part=part)
    assert not at.exception and not at.error and not at.warning
    assert any(script.startswith(evaluation.load(run.id, None)) for script in conftest.codes(at))


def test_overview_has_the_numbers_of_core(run):
    at, found = awaited(run.id)
    loss, accuracy, mistakes = (metric.value for metric in at.metric)
    assert loss == f"{found.loss:.4g}"
    assert accuracy == percent(found.accuracy)
    assert mistakes == f"{len(found.mistakes()):,}"
    for digit in range(10):
        cells = (found.precision[digit], found.recall[digit], found.f1[digit])
        row = " | ".join((str(digit), *map(percent, cells), f"{found.support[digit]:,}"))
        assert f"| {row} |" in said(at)


def test_a_digit_that_is_never_predicted_shows_a_dash(folder):
    run = made("constant", [np.zeros_like(weights) for weights in start(1)])
    at, found = awaited(run.id)
    assert not at.exception and not at.warning
    assert "| 5 | – | 0.00% | 0.00% | 892 |" in said(at)
    assert found.loss == pytest.approx(np.log(10), rel=1e-6)


def test_a_diverged_network_gets_one_sentence(folder):
    run = made("diverged", [np.full_like(weights, np.nan) for weights in start(1)])
    with pytest.raises(Exception, match="not a number"):
        evaluate_jobs.wait(networks.named(run.id))
    at = opened(net=run.id)
    assert not at.exception
    assert [error.value.split(",")[0] for error in at.error] == ["Expected ten probabilities for each image"]


def test_a_chosen_cell_shows_its_images(run):
    _, found = awaited(run.id)
    true, predicted, count = found.confusions()[-1]
    at, _ = awaited(run.id, eval_part="confusion", eval_true=str(true), eval_pred=str(predicted))
    assert f"**A {true}, taken for {predicted}**: {count:,} image" in said(at)
    assert conftest.codes(at)[-1].endswith(evaluation.cell(true, predicted))


def test_without_a_choice_the_most_frequent_mistake_is_shown(run):
    at, found = awaited(run.id, eval_part="confusion")
    true, predicted, count = found.confusions()[0]
    assert f"**A {true}, taken for {predicted}**: {count:,} images" in said(at)


def test_an_empty_cell_says_so(folder):
    run = made("constant", [np.zeros_like(weights) for weights in start(1)])
    at, _ = awaited(run.id, eval_part="confusion", eval_true="3", eval_pred="5")
    assert not at.exception
    assert at.info[0].value.startswith("There is no such image")


def test_mistakes_have_pages_and_another_order_starts_at_the_first(run):
    at, found = awaited(run.id, eval_part="ranking", eval_page="900")
    assert not at.exception
    assert at.number_input(key="eval_page").value == -(-len(found.mistakes()) // 48)
    at.segmented_control(key="eval_ranking").set_value("hesitant").run()
    assert at.number_input(key="eval_page").value == 1
    assert conftest.codes(at)[-1].endswith(evaluation.ranking(right=True, most_confident=False))


@pytest.mark.parametrize(("number", "size"), [(1, 32), (313, 16)])
def test_a_batch(run, number, size):
    at, found = awaited(run.id, eval_part="batch", eval_batch=str(number))
    here = slice((number - 1) * 32, number * 32)
    assert f"`({size}, 10)`" in said(at)
    assert f"{int(found.correct[here].sum())} of {size} are right" in said(at)
    assert " ".join(map(str, found.predictions[here])) in "\n".join(conftest.codes(at))


def test_probabilities_are_those_of_the_chosen_digit(run):
    at, found = awaited(run.id, eval_part="batch", index="5")
    assert f"**Test image 5**: a {found.labels[5]}" in said(at)
    assert f"np.argmax(preds[5])` is `{found.predictions[5]}`" in said(at)


@pytest.mark.parametrize("index", [5, 7])
def test_the_ten_numbers_of_an_answer_are_the_real_ones(index):
    """The shipped network is sure of most digits: its small probabilities must not read as 0."""
    at, found = awaited(eval_part="batch", index=str(index))
    real = found.probabilities[index]
    assert real.min() < 1e-5  # otherwise this shows nothing
    lines = next(script for script in conftest.codes(at) if script.startswith("0  ")).splitlines()
    assert [line.split()[0] for line in lines] == [str(digit) for digit in range(10)]
    shown = np.array([float(line.split()[1]) for line in lines])
    np.testing.assert_allclose(shown, real, rtol=0.005)
    assert f"`{probability(real.min())}`" in said(at)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1.0"),
        (0.99999994, "0.99999994"),
        (0.5, "0.5"),
        (3.02e-08, "3.02e-08"),
        (2.9e-08, "2.90e-08"),
        (1e-30, "1.00e-30"),
        (0, "0.0"),
    ],
)
def test_a_probability_is_readable_at_any_size(value, text):
    assert probability(np.float32(value)) == text


@given(st.floats(0, 1, width=32, allow_subnormal=False))
def test_a_probability_that_is_not_0_never_reads_as_0(value):
    written = float(probability(np.float32(value)))
    assert (written == 0) == (value == 0)
    assert written == pytest.approx(value, rel=0.006)


def test_slips_of_judging_stand_beside_the_numbers(run):
    at, _ = awaited(run.id)
    conftest.check_mistakes(at, "evaluate_slips", EVALUATION_SLIPS)
    assert any("metrics.Accuracy" in slip.wrong for slip in EVALUATION_SLIPS)


@pytest.mark.parametrize("bins", [2, 25])
def test_calibration_has_the_numbers_of_core(run, bins):
    at, found = awaited(run.id, eval_part="calibration", eval_bins=str(bins))
    values = [metric.value for metric in at.metric]
    assert values == [percent(found.confidences.mean(dtype=float)), percent(found.accuracy), values[2]]
    assert values[2] == percent(found.calibration(bins).error)
    assert at.slider(key="eval_bins").value == bins


def test_every_epoch_of_a_run_can_be_judged(run):
    at, found = awaited(run.id, net_epoch="1")
    assert "two epochs: its weights after epoch 1;" in said(at)
    assert any(script.startswith(evaluation.load(run.id, 1)) for script in conftest.codes(at))
    _, newest = awaited(run.id)
    assert found.loss != newest.loss
    conftest.epoch_slider(at).set_value(networks.NEWEST).run()
    assert not at.exception
    assert "its weights after epoch 2" in said(at)


def test_an_epoch_that_the_run_does_not_have_falls_back_to_the_newest(run):
    at, _ = awaited(run.id, net_epoch="40")
    assert not at.exception
    assert conftest.epoch_slider(at).value == networks.NEWEST


def test_newer_weights_of_a_run_are_offered_not_forced(folder):
    run = made("learning", start(5))
    at, _ = awaited(run.id)
    loss = at.metric[0].value
    files.write_arrays(run.folder / "latest.npz", start(6))
    later = run.newest().stat().st_mtime_ns + 10**9  # the clock of the file system may not have moved on
    os.utime(run.folder / "latest.npz", ns=(later, later))
    at.run()
    assert at.metric[0].value == loss
    newest = evaluate_jobs.wait(networks.named(run.id))
    at.button(key="eval_newest").click().run()
    assert at.metric[0].value == f"{newest.loss:.4g}" != loss
    assert "its newest weights, from within epoch 1" in said(at)


def test_a_run_that_was_deleted_falls_back_to_the_shipped_network(folder):
    run = made("gone", start(7))
    folders.remove(run)
    at = opened(net=run.id)
    assert not at.exception
    assert conftest.network_box(at).value == networks.SHIPPED


@pytest.mark.parametrize(
    ("key", "value"),
    [("eval_part", "x"), ("eval_true", "10"), ("eval_bins", "0"), ("eval_batch", "314"), ("eval_page", "-3")],
)
def test_links_that_make_no_sense_are_answered_with_a_note(key, value):
    at = conftest.opened("home", **{key: value})
    assert f"`{key}` expects" in at.warning[0].value
    assert not at.exception


# the background


def jobs(monkeypatch):
    """A fresh set of jobs whose work is to say its name."""
    monkeypatch.setattr(evaluate_jobs.Job, "work", lambda job: job.future.set_result(job.wanted.key))
    return evaluate_jobs.Evaluations()


def test_a_network_is_evaluated_once_and_results_are_bounded(monkeypatch):
    evaluations = jobs(monkeypatch)
    wanted = [networks.Chosen(str(i)) for i in range(30)]
    first = evaluations.job(wanted[0])
    assert evaluations.job(wanted[0]) is first
    for each in wanted:
        assert evaluations.job(each).future.result(5) == each.key
    assert len(evaluations._jobs) <= 16
    assert evaluations.job(wanted[0]) is not first


def test_a_job_that_nobody_waits_for_any_more_is_skipped(monkeypatch):
    monkeypatch.setattr(evaluate_jobs, "_ABANDONED_S", -1.0)
    evaluations = jobs(monkeypatch)
    job = evaluations.job(networks.Chosen("a"))
    evaluations._pool.shutdown(wait=True)
    assert job.future.cancelled() and not evaluations._jobs


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100.00%"), (0.99999, "99.99%"), (0.98104, "98.10%"), (0.0, "0.00%"), (np.nan, "–")]
)
def test_not_quite_all_never_reads_as_all(share, text):
    assert percent(share) == text


def test_lessons_are_right_about_the_shipped_network():
    found = evaluate_jobs.wait(networks.named(networks.SHIPPED))
    first = views.parse(lessons.shelf().lesson("judging").steps[0].view).get("eval_batch") - 1
    batch = found.correct[first * settings.BATCH : (first + 1) * settings.BATCH]
    assert (len(batch), (~batch).sum()) == (32, 1), "as the first step of judging says"
    for lesson in lessons.shelf().lessons:
        for number, step in enumerate(lesson.steps, 1):
            if step.view.startswith("/evaluate"):
                carried_out.step(lesson, number)
