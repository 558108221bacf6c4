"""Every step of every shipped lesson is carried out: its address, its answers, its sentences, by what pages compute.

Steps on the Evaluate page are carried out in tests/ui/test_evaluate_page.py, where the evaluation is there already.
"""

import json

import pytest

from core.lessons import folder, wording
from core.lessons.expression import ExpressionError
from core.lessons.names import KNOWN
from core.lessons.quantities import NotYetError
from core.runs import folders
from tests.ui.lessons import carried_out
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
# steps whose answer is true of the page before as well, and tells nothing there: that page has another picture
ANOTHER_PICTURE = {("judging", 6)}
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


def _run(view, measured):
    """A run that is over, as its process leaves it; the last epochs are like the last that is given."""
    spec = settings.training_spec(view.get, networks.named(view.get("net")).network)
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


def same_part(one, other):
    parts = [key for key in state.PARAMS if key.endswith("_part")]
    return one.page == other.page and all(one.get(key) == other.get(key) for key in parts)


def right(question, view):
    numbers = quantities.of(view)
    if question.kind == "choice":
        return [reply.when.holds(numbers) for reply in question.replies]
    return question.right.when.value(numbers)


def test_every_view_and_solution_opens_a_page():
    assert [problem for lesson in LESSONS for problem in views.problems(lesson)] == []
