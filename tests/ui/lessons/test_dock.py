"""A lesson beside its page: covered until there is an answer, then compared; free play; the way back."""

import itertools
import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import folder
from tests.ui import conftest
from tests.ui.conftest import codes, held, network_box, switched
from ui.lessons import memory
from ui.lessons.progress import Kept
from words import using

NET = "Conv2D 4 5 valid - Flatten - Dense 10 softmax"
FIRST = {"net": NET, "lesson": "shapes"}
PICTURE = "get_weights()"  # stands on every layer's page, and nowhere in a lesson


def opened(page="conv2d", **query):
    app = conftest.opened(page, **{**FIRST, **query})
    assert not app.exception
    return app


def words(app):
    return "\n".join(
        each.value for each in itertools.chain(app.markdown, app.caption, app.success, app.warning, app.error)
    )


def results(app, right):
    """What is said of answers that are right, or of others."""
    icon = ":material/check_circle:" if right else ":material/lightbulb:"
    return [each.value for each in app.markdown if each.value.startswith(icon)]


def aloud(app):
    """The last that was said to who hears the page."""
    scripts = [each.proto.body for each in app.get("html") if "layerLabSaid" in each.proto.body]
    (said,) = {re.search(r"= \[(\d+, .*), \[.*\];", script)[1] for script in scripts}
    return json.loads(f"[{said}]")


def button(app, label):
    return next(each for each in app.button if each.label == label)


def labels(app):
    return [each.label for each in app.button]


def answered(app, number):
    app.number_input(key="lesson_shapes_1").set_value(number)
    button(app, "This is my answer").click()
    app.run()
    assert not app.exception
    return app


def test_before_the_answer_nothing_of_the_page_is_sent():
    app = opened()
    said = words(app)
    assert "How many rows has each map?" in said and "Answer first" in said
    assert PICTURE not in said and "24 × 24" not in said and "24×24" not in said
    assert not app.metric and not app.get("plotly_chart") and not app.get("slider")
    assert app.title[0].value == "Conv2D"


def test_what_one_needs_to_think_is_there():
    app = opened()
    assert "kernel_size=(5, 5)" in codes(app)[0]
    assert "28 × 28 × 1" in words(app)


def test_what_the_page_chooses_by_itself_is_no_way_from_the_lesson():
    """The layer that the network's page begins with, where the step names none."""
    network = "Conv2D 8 3 same relu - MaxPool2D 2 - Flatten - Dense 32 relu - Dense 10 softmax"
    app = opened("network", net=network, lesson="dense", lesson_step="5")
    button(app, "Check").click().run()
    assert held(app, "layer") == "conv2d" and "Check again" in labels(app)
    assert "Set the page back" not in labels(app)
    app.selectbox(key="layer").set_value("dense").run()
    assert "Set the page back" in labels(app)


@pytest.mark.parametrize(
    ("number", "reply"), [(24, "28 − 5 + 1 = 24"), (28, "That is the picture."), (11, "Count the places")]
)
def test_an_answer_opens_the_page_and_is_compared(number, reply):
    app = answered(opened(), number)
    (said,) = results(app, number == 24)
    assert f"**{number} rows**" in said and reply in said
    assert ("It is: **24 rows**" in said) is (number != 24)
    # and heard in one piece, as words
    heard = aloud(app)[1]
    assert f"You said: {number} rows" in heard and reply in heard and "*" not in heard and "material" not in heard
    assert PICTURE in words(app) and "24×24" in words(app)
    assert held(app, "lesson_answers") == f"1:{number}"


def test_no_answer_is_no_answer():
    app = opened()
    button(app, "This is my answer").click()
    app.run()
    assert "a guess is enough" in words(app) and PICTURE not in words(app)
    for number in (3.5, -24):
        app = answered(app, number)
        assert "whole number not below 0 is expected" in words(app) and PICTURE not in words(app)
        assert held(app, "lesson_answers") == ""


def test_the_address_says_where_one_was():
    app = opened(lesson_answers="1:28")
    assert "That is the picture." in results(app, False)[0] and PICTURE in words(app)


@pytest.mark.parametrize("said", ["1:x", "9:1", "1:", "1:24,1:24,99:1"])
def test_answers_that_are_none_leave_the_page_covered_or_are_said(said):
    app = opened(lesson_answers=said)
    assert "How many rows has each map?" in words(app)
    assert (PICTURE in words(app)) is (said == "1:24,1:24,99:1")


def test_one_can_be_asked_again():
    app = answered(opened(), 28)
    button(app, "Ask me again").click()
    app.run()
    assert PICTURE not in words(app) and held(app, "lesson_answers") == ""


def test_free_play_is_possible_and_back_leads_to_the_view():
    app = answered(opened(), 24)
    assert "Back to the lesson" not in labels(app)
    app.slider(key="conv_filters").set_value(9).run()
    assert "Back to the lesson" in labels(app) and "24 × 24 × 9" in words(app)
    assert "**24 rows**" in results(app, True)[0]
    button(app, "Back to the lesson").click()
    app.run()
    assert held(app, "net") == NET and "24 × 24 × 4" in words(app) and "Back to the lesson" not in labels(app)


def test_another_page_is_not_covered_and_leads_back():
    app = switched(opened(), "dense")
    assert PICTURE in words(app) and "Back to the lesson" in labels(app)
    button(app, "Back to the lesson").click()
    app.run()
    assert app.title[0].value == "Conv2D" and PICTURE not in words(app)


def test_the_next_step_brings_its_own_view():
    app = answered(opened(), 24)
    button(app, "Next").click()
    app.run()
    assert "strides 2" in held(app, "net") and held(app, "lesson_step") == 2
    assert "2 of " in aloud(app)[1]
    assert "What does that do" in words(app) and PICTURE not in words(app)


def test_a_lesson_goes_on_in_the_language_that_somebody_chose():
    app = conftest.opened("lessons", lang="ko")
    with using("ko"):  # the test asks boxes for what they show, outside of the session
        button(app, "시작").click()
        app.run()
        assert held(app, "lesson") and held(app, "lang") == "ko"
        button(app, "다음").click()
        app.run()
    assert held(app, "lesson_step") == 2 and held(app, "lang") == "ko"


def test_what_is_to_be_done_is_checked_on_the_page_as_it_is():
    last = {"lesson_step": "5", "net": "Conv2D 4 3 same - Flatten - Dense 10 softmax"}
    app = opened(**last)
    assert PICTURE in words(app)
    button(app, "Check").click()
    app.run()
    assert "28 × 28 values" in results(app, False)[0]
    for key in ("conv_strides_h", "conv_strides_w"):
        app.slider(key=key).set_value(4)
    app.run()
    button(app, "Check again").click()
    app.run()
    assert "Done." in results(app, True)[0] and aloud(app)[1].startswith("Done.")
    app.slider(key="conv_strides_h").set_value(1).run()
    assert results(app, True), "what was done stays done while somebody plays on"


def test_leaving_keeps_the_page_and_the_list_knows_how_far_one_was():
    app = answered(opened(), 24)
    button(app, "Leave").click()
    app.run()
    assert not results(app, True) and PICTURE in words(app) and "lesson" not in app.query_params
    app = switched(app, "lessons")
    assert "1 answered, 1 right" in words(app)
    next(each for each in app.button if each.key == "lesson_start_shapes").click()
    app.run()
    assert app.title[0].value == "Conv2D" and results(app, True)


def test_a_lesson_is_begun_from_the_list_with_its_network_in_the_sidebar():
    app = conftest.opened("lessons")
    next(each for each in app.button if each.key == "lesson_start_shapes").click()
    app.run()
    assert not app.exception
    assert app.title[0].value == "Conv2D" and held(app, "net") == NET
    assert network_box(app).value == "own"


def test_a_link_to_the_list_can_name_a_lesson():
    app = AppTest.from_file(conftest.FRAME, default_timeout=120)
    app.query_params["lesson"], app.query_params["lesson_step"] = "pooling", "2"
    app = switched(app, "lessons")
    assert app.title[0].value == "Pooling" and "Which part of them comes out?" in words(app)


@pytest.mark.parametrize("page", ["conv2d", "lessons"])
def test_a_lesson_that_is_not_here_is_said(page):
    app = conftest.opened(page, lesson="elsewhere")
    assert "elsewhere" in app.warning[0].value
    assert (PICTURE in words(app)) is (page == "conv2d")


def test_beside_the_list_stands_no_lesson_and_the_list_knows_the_open_one():
    app = switched(answered(opened(), 24), "lessons")
    assert "Leave" not in labels(app) and "1 answered, 1 right" in words(app)


def test_a_file_with_a_fault_is_named_on_the_page(tmp_path, monkeypatch):
    (tmp_path / "mine.md").write_text("---\ntitle: Mine\nsummary: x\nminutes: 5\n---\n## One\n@view /nowhere\nWords.\n")
    (tmp_path / "bad.md").write_text("no lesson")
    monkeypatch.setenv("LAYER_LAB_LESSONS", str(tmp_path))
    app = conftest.opened("lessons")
    assert "bad.md, line 1" in app.warning[0].value
    assert "mine.md, step at line 6" in app.warning[1].value and "nowhere" in app.warning[1].value
    app = conftest.opened("conv2d", lesson="mine")
    assert "nowhere" in app.error[0].value and PICTURE in words(app)


def test_a_lesson_can_be_written_looked_at_and_tried():
    app = conftest.opened("lessons", lessons_part="write")
    assert not app.exception and "**24 rows**" in words(app)
    assert "whole number not below 0" in words(app)
    mine = app.text_area[0].value.replace("My lesson", "Mine").replace("5 valid", "3 valid")
    app.text_area[0].set_value(mine).run()
    assert "**26 rows**" in words(app)
    button(app, "Try it").click()
    app.run()
    assert not app.exception and app.title[0].value == "Conv2D" and PICTURE not in words(app)
    app.number_input(key="lesson_draft_1").set_value(26)
    button(app, "This is my answer").click()
    app.run()
    assert "Yes: there are 26." in results(app, True)[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 5", "minutes: five", "line 4"),
        ("@view /conv2d?net=Conv2D 4 5 valid", "@view /conv2d?net=Conv2D 4 99 valid", "must be from"),
        ("@view /conv2d", "@view /conv3d", "conv3d"),
        ("@right output_shape[0]", "@right output_shape[7]", "should have a value here"),
        ("@right output_shape[0]", "@right val_accuracy", "no val_accuracy"),
    ],
)
def test_what_is_wrong_with_it_is_said_while_it_is_written(old, new, said):
    app = conftest.opened("lessons", lessons_part="write")
    app.text_area[0].set_value(app.text_area[0].value.replace(old, new)).run()
    assert not app.exception
    assert any(said in each.value for each in (*app.error, *app.info))
    assert any(each.label == "Download" for each in app.get("download_button"))  # unfinished work is kept, too


def test_one_can_start_from_a_lesson_that_is_there():
    app = conftest.opened("lessons", lessons_part="write")
    app.selectbox(key="lesson_start_from").set_value("pooling").run()
    assert not app.exception and not app.error
    assert app.text_area[0].value.startswith("---\ntitle: Pooling and shifts")


def test_the_answers_and_the_plan_are_for_teachers_and_folded():
    """Pupils who joined a class do not see the line at all: tests/ui/classes/test_class.py."""
    app = conftest.opened("lessons")
    assert not app.get("download_button") and "/lessons?lesson=picture" not in words(app)
    assert [each.label for each in app.expander] == ["For teachers"]
    app = conftest.opened("lessons", lessons_teachers="true")
    files = [each.label for each in app.get("download_button")]
    assert files.count("Worksheet") == files.count("Answers") == len(folder.shelf().lessons)
    assert "/lessons?lesson=picture" in words(app)


BEFORE = {
    "shapes": [3, "1:28,2:c"],
    "pooling": [2.0, ""],
    "nowhere": [2, ""],
    "relu": [1, "rubbish"],
    "dense": [99, ""],
}


def remembered(app):
    """What the browser says of yesterday."""
    heard = {"shapes": Kept(3, "1:28,2:c"), "pooling": Kept(2)}
    app.session_state["_lessons_remembered"] = heard
    return app.run()


def test_what_a_browser_remembers_is_looked_at_before_it_is_believed():
    found = {key: memory._read(key, said) for key, said in BEFORE.items()}
    assert {key: kept for key, kept in found.items() if kept} == {"shapes": Kept(3, "1:28,2:c"), "pooling": Kept(2)}
    for said in (None, "x", [], [1], ["2", ""], [True, ""], [2.5, ""], [2, 7], {"0": 1}):
        assert memory._read("shapes", said) is None


def test_a_lesson_that_is_opened_anew_goes_on_where_it_was_left_or_begins_again():
    app = remembered(opened())
    assert "at step 3 of this lesson" in words(app)
    button(app, "Go on at step 3").click()
    app.run()
    assert (held(app, "lesson_step"), held(app, "lesson_answers")) == (3, "1:28,2:c")
    assert "You see the **third**" in words(app) and "Go on at step 3" not in labels(app)

    app = remembered(opened())
    button(app, "Begin again").click()
    app.run()
    assert held(app, "lesson_step") == 1 and "Begin again" not in labels(app)


def test_a_browser_is_told_how_far_one_is_and_what_was_begun_again(monkeypatch):
    kept = []
    monkeypatch.setattr(memory, "kept_lessons", lambda keep, asks, found: kept.append((dict(keep), asks)))
    app = opened()
    assert kept[-1] == ({}, True), "what is there is asked for before anything is put in its place"
    answered(app, 24)
    assert kept[-1] == ({"shapes": (1, "1:24")}, False)
    app = switched(app, "lessons")
    next(each for each in app.button if each.key == "lesson_anew_shapes").click()
    app.run()
    assert kept[-1][0] == {"shapes": None}


def test_an_address_that_says_how_far_one_is_wins():
    assert "Begin again" not in labels(remembered(opened(lesson_answers="1:24")))
