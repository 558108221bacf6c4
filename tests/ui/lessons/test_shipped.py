"""Every step of every shipped lesson is carried out: its address, its answers, its sentences, by what pages compute.

Steps on the Evaluate page are carried out in tests/ui/test_evaluate_page.py, where the evaluation is there already.
"""

import json
import re

import pytest
import scipy.stats

import words
from core.lessons import expression, folder, wording
from core.lessons.expression import ExpressionError
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError
from core.runs import folders
from tests.ui import conftest
from tests.ui.lessons import carried_out
from ui.evaluate.settings import PARTS
from ui.lessons import quantities
from ui.lessons import view as views
from ui.shared import networks, state
from ui.train import settings

LESSONS = folder.shelf().lessons
STEPS = [
    (lesson, number)
    for lesson in LESSONS
    for number, step in enumerate(lesson.steps, 1)
    if not step.view.startswith("/evaluate") and lesson.key != "training"
]
# What each part of Evaluate tells of its network: all of them are about the same ten thousand answers.
TOLD = {
    "overview": {"test_loss", "test_accuracy", "errors", "precision", "recall", "worst_true", "worst_read"},
    "confusion": {"errors", "confusion", "worst_true", "worst_read"},
    "ranking": {"errors", "worst_true", "worst_read", "wrong_confidence"},
    "batch": set(),
    "calibration": {"test_accuracy", "test_confidence", "calibration_error"},
}
# steps whose answer is true of the page before as well, and tells nothing there: that page has another picture
ANOTHER_PICTURE = {("judging", 6)}
# numbers that stand in a step before its answer, each with what it is
STATED = [
    ("tensors", 5, {"values[2]": ".0f", "cast_values[2]": ".0f"}),
    ("picture", 1, {"half_shape[0]": ","}),
    ("kernels", 7, {"output_shape[2]": "", "kernel_size[0]": ""}),
    ("shapes", 1, {"kernel_size[0]": "", "input_shape[0]": ""}),
    ("shapes", 4, {"parameters": ""}),
    ("relu", 2, {"output_shape[2]": ""}),
    ("relu", 5, {"output_shape[0]": ""}),
    ("pooling", 2, {"pool_size[0]": "", "input_shape[0]": ""}),
    ("dense", 1, {"input_shape[0]": "", "input_shape[2]": ""}),
    ("dense", 2, {"input_shape[0]": ",", "output_shape[0]": ""}),
    ("dropout", 1, {"rate": ""}),
    ("dropout", 2, {"rate": ""}),
    ("step", 4, {"learning_rate": ""}),
    ("step", 5, {"learning_rate": ".0f"}),
    ("step", 7, {"learning_rate": ""}),
    ("training", 1, {"examples": "", "epochs": "", "batch_size": ""}),
    ("training", 2, {"learning_rate": ".5f"}),
    ("training", 4, {"examples": "", "epochs": "", "batch_size": ""}),
    ("loop", 1, {"examples": ",", "batch_size": ""}),
    ("loop", 2, {"buffer_size": ",", "examples": ","}),
    ("loop", 3, {"examples": ",", "batch_size": "", "epochs": ""}),
]
# what real trainings with the settings of these steps measured, epoch by epoch: the loss on training and on validation
# images, and both accuracies
MEASURED = {
    1: [(0.62, 0.70, 0.86, 0.81)],
    2: [(2.30, 2.30, 0.14, 0.11)],
    3: [(2.35, 2.33, 0.10, 0.11)],
    4: [(2.07, 2.06, 0.55, 0.55)],
    5: [(0.10, 0.38, 0.97, 0.88), (0.006, 0.54, 1.0, 0.87)],
}


@pytest.mark.parametrize(("lesson", "number"), STEPS, ids=lambda each: getattr(each, "key", each))
def test_a_step_keeps_what_it_promises(lesson, number):
    carried_out.step(lesson, number)


def test_trainings_are_judged_by_the_run_with_their_settings(own_runs):
    lesson = folder.shelf().lesson("training")
    assert len(lesson.steps) == len(MEASURED)
    for number, step in enumerate(lesson.steps, 1):
        _run(views.parse(step.view), MEASURED[number])
        carried_out.step(lesson, number)


def test_a_training_that_waits_or_trains_is_awaited_and_compared_when_it_ends(own_runs):
    view = views.parse(folder.shelf().lesson("training").steps[0].view)
    run = folders.create(_spec(view), "somebody's")
    app = conftest.opened(
        "train", **{key: str(value) for key, value in view.values.items()}, lesson="training", lesson_answers="1:50"
    )
    buttons = [each.label for each in app.button]
    assert any("waits for its turn" in each.value for each in app.caption)
    assert "Compare now" not in buttons and "Ask me again" in buttons
    run.put_state(status="stopped")
    app.run()
    assert any("once more" in each.value for each in app.caption)
    assert "Compare now" in [each.label for each in app.button]
    _run(view, MEASURED[1])
    app.run()
    assert not app.exception and any("You said: **50 per cent**" in each.value for each in app.markdown)


def _spec(view):
    return settings.training_spec(view.get, networks.named(view.get("net")).network)


def _run(view, measured):
    """A run that is over, as its process leaves it; the last epochs are like the last that is given."""
    spec = _spec(view)
    run = folders.create(spec, "measured")
    measured = [*measured, *[measured[-1]] * (spec.epochs - len(measured))]
    names = ("loss", "val_loss", "accuracy", "val_accuracy")
    lines = [
        json.dumps({"epoch": at, "seconds": 1.0, **dict(zip(names, values, strict=True))})
        for at, values in enumerate(measured, 1)
    ]
    (run.folder / "epochs.jsonl").write_text("\n".join(lines) + "\n")
    assert run.put_state(status="finished", epoch=spec.epochs)


def test_no_text_gives_its_answer_away():
    for lesson in LESSONS:
        for step in lesson.steps:
            if step.question and step.question.covers and step.question.right:
                shown = wording.gaps(step.text, KNOWN) + wording.gaps(step.question.text, KNOWN)
                assert step.question.right.when.text not in {asked.text for asked, _ in shown}, step.title


def test_no_page_gives_the_answer_to_what_is_asked_next():
    """Once a step is answered its page stays in sight until the next one is opened; where that is the same page, what
    is right there must not be what is right here. And what is asked beside an open page can be found out only there."""
    for lesson, number in STEPS:
        step, before = lesson.steps[number - 1], lesson.steps[number - 2] if number > 1 else None
        if step.question is None or step.question.kind == "do":
            continue
        here = views.parse(step.view)
        if step.question.open:
            with pytest.raises(NotYetError):
                right(step.question, here)
        elif before and before.view and same_part(views.parse(before.view), here):
            try:
                shown = right(step.question, views.parse(before.view))
            except (NotYetError, ExpressionError):  # what is asked is not on that page, or has another form there
                continue
            same = shown == right(step.question, here)
            assert same is ((lesson.key, number) in ANOTHER_PICTURE), (lesson.key, number)


def test_no_step_on_evaluate_is_answered_by_one_before_it():
    """Not only by the page before: who has seen a table of ten rows two steps ago need not reckon."""
    assert TOLD.keys() == PARTS.keys()
    for lesson in LESSONS:
        told: dict[str, set[str]] = {}
        for number, step in enumerate(lesson.steps, 1):
            if not step.view.startswith("/evaluate"):
                continue
            view = views.parse(step.view)
            known, question = told.setdefault(view.get("net"), set()), step.question
            if question and question.covers:
                asked = {name for reply in (*question.replies, question.right) if reply for name in reply.when.names}
                assert not asked & known, (lesson.key, number)
                known |= asked
            known |= TOLD[view.get("eval_part")]


def same_part(one, other):
    parts = [key for key in state.PARAMS if key.endswith("_part")]
    return one.page == other.page and all(one.get(key) == other.get(key) for key in parts)


def right(question, view):
    numbers = quantities.of(view)
    if question.kind == "choice":
        return [reply.when.holds(numbers) for reply in question.replies]
    return question.right.when.value(numbers)


@pytest.mark.parametrize(("lesson", "number", "said"), STATED)
def test_numbers_that_a_step_begins_with_are_those_of_its_view(lesson, number, said):
    """What comes after the answer takes its numbers from the view; before it some have to stand there as they are, for
    a teacher's page shows a step without its view."""
    step = folder.shelf().lesson(lesson).steps[number - 1]
    numbers = quantities.of(views.parse(step.view))
    for asked, form in said.items():
        value = wording.shown(expression.parse(asked, KNOWN).value(numbers), form)
        for language in words.LANGUAGES:
            here = folder.shelf(language).lesson(lesson).steps[number - 1]
            before = f"{here.text} {here.question.text}"
            assert re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)", before), (language, asked, value)


def test_numbers_of_chance_are_those_of_scipy():
    assert int(10_000 * scipy.stats.norm.sf(3)) == 13
    tosses = scipy.stats.binom(100, 0.5)
    assert round(100 * tosses.pmf(50)) == 8 and round(100 * (1 - tosses.cdf(60) + tosses.cdf(39))) == 4
    after = {"tensors": (6, "13"), "dropout": (2, "8"), "dropout ": (2, "4")}
    for key, (number, said) in after.items():
        question = folder.shelf().lesson(key.strip()).steps[number - 1].question
        replies = (*question.replies, *filter(None, [question.right]))
        assert any(re.search(rf"(?<!\d){said} (of|times)", reply.text) for reply in replies)


def test_what_is_right_is_always_found_out():
    """A choice whose truth is typed says the same whatever the software does."""
    for lesson in LESSONS:
        for number, step in enumerate(lesson.steps, 1):
            if step.question:
                right = filter(None, [step.question.right])
                judged = (*(step.question.replies if step.question.kind == "choice" else ()), *right)
                assert all(reply.when.names for reply in judged), (lesson.key, number)


def test_every_view_and_solution_opens_a_page():
    assert [problem for lesson in LESSONS for problem in views.problems(lesson)] == []


def test_what_a_lesson_names_is_called_as_its_page_calls_it():
    """A label that an English lesson sets off: another language's sets off that language's own."""
    for language in {*words.LANGUAGES} - {words.ENGLISH}:
        for path in sorted((folder.SHIPPED / words.ENGLISH).glob("*.md")):
            there = (folder.SHIPPED / language / path.name).read_text("utf-8")
            for step, same in zip(*(each.split("\n## ") for each in (path.read_text("utf-8"), there)), strict=True):
                for label in filter(_is_label, _set_off(step)):
                    with words.using(language):
                        assert words._(label) in _set_off(same), (path.name, label)


def _set_off(text):
    """What stands between stars in the words of a step."""
    return re.findall(r"(?<![*\w])\*{1,2}([^*\n]+?)\*{1,2}(?!\*)", text)


def _is_label(said):
    """Whether it is a message of the dashboard, and not a word of the sentence."""
    with words.using("ko"):
        return (said[0].isupper() or " " in said) and words._(said) != said
