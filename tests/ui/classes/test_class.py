"""A class on its pages: the teacher opens and leads it, pupils join, answer and draw; nobody else takes part."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from core.classes import answers, board, drawings, joining, limits, own_lesson, place, store, teaching, training_set
from core.drawing import packed, strokes
from core.runs import folders, queue
from tests.core.runs import sample_runs
from tests.ui.conftest import held, opened, switched
from ui.classes import answered, gate, member, news, send
from ui.classes import board as shown
from ui.lessons import memory
from ui.server import forget
from ui.shared import models, networks, visitor
from ui.shared.tries import Tries

NET = "Conv2D 4 5 valid - Flatten - Dense 10 softmax"
WAYS = {"lesson_previous", "lesson_next", "lesson_leave"}
SIX = np.zeros((28, 28), np.uint8)
SIX[8:20, 10:14] = SIX[14:20, 10:18] = SIX[14:16, 10:18] = 255


@pytest.fixture(autouse=True)
def own_class_file(own_runs, monkeypatch):
    """A database of its own for each test."""
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setattr(member, "codes", Tries("_wrong_codes", 10, 300, 600.0))
    yield
    store.forget_connections()


@pytest.fixture
def group():
    """A class that somebody else leads."""
    return teaching.open_class("teacher")


def words(app):
    kinds = (app.markdown, app.caption, app.error, app.info, app.warning, app.success)
    return "\n".join(each.value for each in itertools.chain(*kinds))


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    app.run()
    assert not app.exception
    return app


def labels(app):
    return {button.label for button in app.button}


def keys(app):
    return {button.key for button in app.button}


def pupil(group, page="lessons", name="", **query):
    app = opened(page, **{"class": group.code, **query})
    app.text_input(key="class_name").set_value(name)
    return press(app, "Join the class")


# -- pupils ------------------------------------------------------------------------------------------------------


def test_a_link_asks_before_anybody_joins(group):
    app = opened("lessons", **{"class": group.code})
    assert f"Class {group.spoken}" in words(app) and "No account" in words(app)
    assert joining.count(group) == 0
    app.text_input(key="class_name").set_value("Ana")
    press(app, "Join the class")
    assert list(joining.names(group).values()) == ["Ana"] and "as Ana" in words(app)
    press(app, "Leave the class")
    assert joining.count(group) == 0 and not held(app, "class") and "In class" not in words(app)


def test_the_code_is_typed_on_the_page_of_lessons(group):
    app = opened("lessons")
    for typed, said in (("12", "has 8 digits"), ("10000001", "there is none"), ("", "")):
        app.text_input(key="class_code").set_value(typed)
        assert said in words(press(app, "Find my class")) and not held(app, "class")
    app.text_input(key="class_code").set_value(group.spoken)
    press(app, "Find my class")
    assert "Join the class" in labels(app) and held(app, "class") == group.code


def test_codes_are_not_tried_for_ever(group, monkeypatch):
    monkeypatch.setattr(member, "codes", Tries("_wrong_codes", 2, 300, 600.0))
    app = opened("home", **{"class": "10000001"})
    assert "there is none" in words(app) and not held(app, "class")
    switched(app, "lessons")
    for typed in ("10000002", group.code):
        app.text_input(key="class_code").set_value(typed)
        press(app, "Find my class")
    assert "Too many codes" in words(app) and "Join the class" not in labels(app)


def test_an_address_without_the_class_does_not_lead_out_of_it(group, monkeypatch):
    monkeypatch.setattr(visitor, "token", lambda: "a pupil's browser")
    pupil(group)
    teaching.move(group, "shapes", 2)
    with monkeypatch.context() as patch:
        patch.setattr(gate, "_loaded", lambda: False)  # as in a server's first run, which asks once all is on screen
        app = opened("conv2d")
    assert f"You are still in class {group.spoken}" in words(app) and held(app, "class") == group.code
    assert not held(app, "lesson"), "who went somewhere is not taken away by that"
    press(app, "Go to where the class is")
    assert (held(app, "lesson"), held(app, "lesson_step")) == ("shapes", 2) and "still" not in words(app)
    teaching.let_go(group)
    app = opened("conv2d")
    press(app, "Back to the lesson")
    assert (held(app, "lesson"), held(app, "lesson_step")) == ("shapes", 2)
    press(app, "Leave the class")
    assert "in class" not in words(opened("conv2d")).lower()


def test_another_class_begins_without_the_answers_of_the_one_before(group):
    app = pupil(group, lesson="shapes", lesson_answers="1:24")
    app = switched(app, "conv2d")
    assert [each.answer for each in answers.given(group, "shapes", 1)] == ["24"]
    other = teaching.open_class("another")
    teaching.end(group)
    fresh(app)
    assert "The class has ended" in words(app) and held(app, "lesson_answers") == "1:24"
    switched(app, "lessons")
    app.text_input(key="class_code").set_value(other.spoken)
    press(app, "Find my class")
    switched(press(app, "Join the class"), "conv2d")
    assert joining.count(other) == 1 and answers.given(other, "shapes", 1) == [] and not held(app, "lesson_answers")


def test_the_teacher_brings_all_to_a_step_and_lets_them_go(group, monkeypatch):
    kept = []
    monkeypatch.setattr(memory, "kept_lessons", lambda *told: kept.append(told))
    app = pupil(group, "conv2d")
    assert "at your own pace" in words(app)
    teaching.move(group, "shapes", 1)
    fresh(app)
    assert (held(app, "lesson"), held(app, "lesson_step")) == ("shapes", 1)
    assert "How many rows has each map?" in words(app) and "your teacher leads" in words(app)
    assert not WAYS & keys(app), "where the teacher leads nobody runs ahead"
    teaching.move(group, "shapes", 2)
    fresh(app)
    assert held(app, "lesson_step") == 2
    teaching.let_go(group)
    fresh(app)
    assert keys(app) >= WAYS and held(app, "lesson_step") == 2
    assert not kept, "no browser remembers what was done in a class"


def test_who_went_elsewhere_finds_back_to_the_class(group):
    teaching.move(group, "shapes", 2)
    app = switched(pupil(group, "home"), "lessons")
    assert not app.expander, "the answers are for teachers"
    press(app, "Go to where the class is")
    assert "Your teacher leads, and brings the class to the next step" in words(app)


def fresh(app):
    """A run in which the class is looked at anew, as its own look every two seconds does it."""
    seen = app.session_state["_class_seen"]
    app.session_state["_class_seen"] = replace(seen, at=-1e9)
    app.run()
    assert not app.exception
    return app


def test_an_answer_goes_to_the_class_once(group):
    app = pupil(group, "conv2d", net=NET, lesson="shapes")
    give(app, 28)
    (me,) = joining.names(group)
    assert answers.given(group, "shapes", 1) == [answers.Given(me, "28", False)]
    press(app, "Ask me again")
    give(app, 24)
    assert "keeps the answer that you gave first" in words(app)
    assert [each.answer for each in answers.given(group, "shapes", 1)] == ["28"]


def give(app, number):
    app.number_input(key="lesson_shapes_1").set_value(number)
    press(app, "This is my answer")


def test_what_was_answered_before_joining_is_given_too(group):
    pupil(group, "conv2d", net=NET, lesson="shapes", lesson_answers="1:24")
    assert [(each.answer, each.correct) for each in answers.given(group, "shapes", 1)] == [("24", True)]


def test_who_has_not_joined_gives_nothing(group):
    app = opened("conv2d", **{"class": group.code, "net": NET, "lesson": "shapes"})
    give(app, 24)
    assert answers.given(group, "shapes", 1) == []


def test_a_drawing_goes_to_the_board_with_what_was_meant(group):
    app = pupil(group, "predict", drawn=packed.pack(SIX))
    press(app, "Send to the board")
    assert "Choose first which digit" in words(app) and drawings.on_board(group) == []
    app.segmented_control(key=send._LABEL).set_value(6)
    press(app, "Send to the board")
    (sent,) = drawings.on_board(group)
    assert np.array_equal(sent.pixels, SIX) and sent.label == 6 and sent.network == "Basic_CNN, trained"
    assert f"{100 * sent.probability:.1f} %" in words(app) or "99.9" in words(app)
    assert app.button(key="class_send_button").disabled, "one picture goes there once"


def test_what_was_cleared_before_is_not_sent(group, monkeypatch):
    six = [strokes.PEN, 18, 120, 60, 100, 200, 160, 200, 160, 140, 110, 150]
    acts = [[strokes.PEN, 18, 40, 40, 240, 240], [strokes.CLEAR], six]
    monkeypatch.setattr(send.input, "strokes", lambda used: acts)
    app = pupil(group, "predict", drawn=packed.pack(SIX))
    app.segmented_control(key=send._LABEL).set_value(6)
    press(app, "Send to the board")
    assert [each.strokes for each in drawings.on_board(group)] == [[six]]


def test_a_class_that_ends_lets_everybody_out(group):
    app = pupil(group)
    teaching.end(group)
    fresh(app)
    assert "The class has ended" in words(app) and not held(app, "class")
    assert "In class" not in words(app.run())


def test_without_a_database_the_pages_go_on(group, monkeypatch):
    monkeypatch.setenv(place.VARIABLE, "mysql://nobody/nothing")
    app = opened("conv2d", **{"class": group.code, "net": NET, "lesson": "shapes"})
    assert not app.exception and "should be sqlite" in words(app)
    give(app, 24)
    assert "Right." in words(app)


def test_a_pupil_trains_on_the_drawings_of_the_class(group, monkeypatch):
    for number in range(3):  # of any three writers one is kept apart
        drawings.send(joining.join(group, str(number)), SIX, 6, np.eye(10)[0], "")
    app = pupil(group, "train", fit_examples="1000")
    key = training_set.key(group)
    assert "drawings" not in words(app), "nothing changes before it is chosen"
    choice = app.segmented_control(key="fit_drawings")
    assert choice.options == ["MNIST", f"MNIST and the drawings of class {group.spoken}"]
    choice.set_value(key).run()
    assert not app.exception
    assert "**20** of the 1,000 training images are drawings: 2 drawings, each 10 times" in words(app)
    assert "1 drawing is kept apart" in words(app) and "**The run is deleted with the class**" in words(app)
    made = []
    monkeypatch.setattr(queue, "start", lambda spec, *_: made.append(spec) or folders.create(spec, "of the class"))
    press(app, "Start training")
    assert made[0].class_drawings == key and "is deleted when the class ends" in words(app)
    teaching.end(group)
    fresh(app)
    press(app, "Use these settings")
    assert "set to MNIST alone" in words(app) and not held(app, "fit_drawings")


def test_nobody_trains_on_the_drawings_of_a_class_that_is_not_theirs(group):
    app = opened("train", fit_drawings=training_set.key(group))
    assert "another one's, or has ended" in words(app) and not held(app, "fit_drawings")
    assert "fit_drawings" not in {each.key for each in app.segmented_control}


LESSON = """---
title: Ours
summary: S.
minutes: 5
---

## First
@view /conv2d?net=Conv2D 4 5 valid - Flatten - Dense 10 softmax
@ask number, rows
How many rows?
@right output_shape[0]
Yes.
@otherwise
No.
"""


def test_a_lesson_that_the_teacher_wrote_is_the_classs(group, monkeypatch):
    key = own_lesson.give(group, LESSON, "en").key
    app = pupil(group)
    assert "**1. Ours**" in words(app)
    teaching.move(group, key, 1)
    fresh(app)
    assert held(app, "lesson") == key and "How many rows?" in words(app)
    teaching.let_go(group)
    app.number_input(key=f"lesson_{key}_1").set_value(24.0)
    press(app, "This is my answer")
    assert [each.answer for each in answers.given(group, key, 1)] == ["24"]
    again = own_lesson.give(group, LESSON.replace("How many rows?", "And now?"), "en").key
    app.session_state["_class_lesson"] = None
    switched(fresh(app), "lessons")
    assert "**1. Ours**" in words(app) and again != key
    press(app, "Leave the class")
    assert "Ours" not in words(app), "it is the class's, and nobody else's"


# -- the teacher -------------------------------------------------------------------------------------------------


@pytest.fixture
def teacher(monkeypatch):
    """The window of who has a class open, and the class."""
    monkeypatch.setattr(visitor, "token", lambda: "the teacher's")
    app = press(opened("teach"), "Open a class")
    return app, teaching.of_teacher("the teacher's")


def test_opening_asks_for_the_password_where_there_is_one(monkeypatch):
    monkeypatch.setenv(visitor.VARIABLE, "correct horse")
    monkeypatch.setattr(visitor, "token", lambda: "the teacher's")
    other = teaching.open_class("another browser of theirs")
    app = opened("teach")
    assert "Open a class" not in labels(app)
    app.text_input(key="teach_password").set_value("wrong").run()
    assert "Open a class" not in labels(app) and app.error
    app.text_input(key="teach_password").set_value("correct horse").run()
    assert "Open a class" in labels(app)
    app.text_input(key="teach_take").set_value(other.spoken).run()
    assert teaching.of_teacher("the teacher's").code == other.code and f"class={other.code}" in words(app)


def test_the_teacher_leads(teacher):
    app, group = teacher
    assert group.code in words(app) and "0** pupils have joined" in words(app)
    app.selectbox(key="teach_lesson").set_value("shapes").run()
    app.button(key="teach_next").click().run()
    assert not teaching.by_code(group.code).leads, "looking is not moving"
    press(app, "Move all here")
    now = teaching.by_code(group.code)
    assert (now.leads, now.lesson, now.step) == (True, "shapes", 2)
    press(app, "Next, all")
    assert teaching.by_code(group.code).step == 3
    press(app, "Let go")
    assert not teaching.by_code(group.code).leads and "their own pace" in words(app)
    press(app, "End it now")
    assert teaching.by_code(group.code) is None and "Open a class" in labels(app)


def test_what_the_class_does_is_said_at_times_and_nothing_over_what_a_press_has_led_to(teacher, monkeypatch):
    app, group = teacher
    clock = [1000.0]
    monkeypatch.setattr(news, "monotonic", lambda: clock[0])

    def after(seconds):
        clock[0] += seconds
        app.run()
        assert not app.exception
        return app.session_state["_said_aloud"][1]

    for name in ("Ana", "Ben"):
        joining.join(group, name, name)
        assert after(3) == "1 pupil has joined.", "three seconds later the second one waits"
    assert after(8) == "2 pupils have joined."
    drawings.send(joining.join(group, "Ana"), SIX, 6, np.eye(10)[0], "")
    app.segmented_control(key="teach_part").set_value("board")
    assert after(20) == "2 pupils have joined.", "what a part of the page begins with is read there"
    drawings.send(joining.join(group, "Ana"), SIX, 6, np.eye(10)[0], "")
    assert after(20) == "2 drawings on the board."
    number = drawings.on_board(group)[0].id
    clock[0] += 20
    app.selectbox(key="teach_take_off").set_value(number)
    press(app, "Take it off the board")
    assert after(5) == f"Drawing {number} is off the board."
    assert after(6) == "1 drawing on the board."


def test_the_teacher_leads_through_what_they_wrote(teacher):
    app, group = teacher
    switched(press(app, "Write it"), "lessons")
    area = next(each for each in app.text_area if each.label == "The file")
    area.set_value(LESSON.replace("/conv2d", "/nowhere")).run()
    press(app, "Lead your class through it")
    assert "is none" in "".join(each.value for each in app.error) and own_lesson.of(group) is None
    area.set_value(LESSON).run()
    press(app, "Lead your class through it")
    assert own_lesson.of(group).text == LESSON and held(app, "teach_lesson") == own_lesson.of(group).key
    assert app.selectbox(key="teach_lesson").value == own_lesson.of(group).key and "How many rows?" in words(app)


def test_a_class_that_is_opened_begins_where_the_lesson_does(monkeypatch):
    monkeypatch.setattr(visitor, "token", lambda: "the teacher's")
    app = opened("teach", teach_lesson="shapes", teach_step="3", teach_part="confusion")
    press(app, "Open a class")
    assert held(app, "teach_lesson") != "shapes" and (held(app, "teach_step"), held(app, "teach_part")) == (1, "lead")


def test_while_presenting_the_question_and_the_bars_come_first(teacher):
    app, group = teacher
    answers.hand_in(joining.join(group, "p"), "shapes", 1, "24", True)
    app.session_state["present"], app.session_state["teach_lesson"] = True, "shapes"
    app.run()
    assert not app.exception
    order = [str(getattr(each, "label", "") or getattr(each, "value", "")) for each in everything(app.main)]
    place = {what: next(at for at, said in enumerate(order) if said.startswith(what)) for what in SHOWN}
    assert sorted(place, key=place.get) == list(SHOWN)
    (controls,) = (each for each in app.expander if each.label == "Controls")
    assert {each.label for each in controls.button} >= {"Next", "Move all here"} and not controls.proto.expanded
    controls.toggle[0].set_value(True)
    app.run()
    assert "It is: **24 rows**" in words(app) and bars(app)["right"] == {"✓ 24 rows": 1}


SHOWN = ("How many rows", "**1** of 1", "Controls", "How pupils join", "The class ends by itself")


def everything(block):
    """All that stands in a part of a page, in its order."""
    for each in block.children.values():
        yield each
        if hasattr(each, "children"):
            yield from everything(each)


def test_answers_are_bars_and_what_is_right_is_shown_when_asked_for(teacher):
    app, group = teacher
    for number, name in ((24, "Ana"), (28, ""), (24, "*Bo*")):
        someone = joining.join(group, f"{name} {number}", name)
        answers.hand_in(someone, "shapes", 1, str(number), number == 24)
    app.selectbox(key="teach_lesson").set_value("shapes").run()
    assert "**3** of 3 have answered" in words(app)
    assert bars(app) == {"answers": {"24 rows": 2, "28 rows": 1}}
    assert "Ana" not in words(app) and "It is: **24 rows**" not in words(app)
    app.toggle(key="teach_shown_shapes_1").set_value(True).run()
    assert bars(app) == {"right": {"✓ 24 rows": 2, "28 rows": 0}, "not right": {"✓ 24 rows": 0, "28 rows": 1}}
    assert "It is: **24 rows**" in words(app)
    app.toggle(key="teach_names").set_value(True).run()
    assert r"24 rows**: Ana, \*Bo\*" in words(app) and "28 rows**: 1 without a name" in words(app)


def bars(app):
    import json

    (chart,) = app.get("plotly_chart")
    found = {}
    drawn = json.loads(chart.proto.spec)
    labels = drawn["layout"]["yaxis"]["ticktext"]
    for trace in drawn["data"]:
        values = trace["x"] if isinstance(trace["x"], list) else decoded(trace["x"])
        if sum(values) or trace["name"] != "right":
            found[trace["name"]] = dict(zip(labels, values, strict=True))
    return found


def decoded(packed_array):
    import base64

    return np.frombuffer(base64.b64decode(packed_array["bdata"]), packed_array["dtype"]).tolist()


def test_the_board(teacher):
    app, group = teacher
    app.segmented_control(key="teach_part").set_value("board").run()
    assert "The board is empty" in words(app)
    someone = joining.join(group, "p")
    for label, read in ((6, 6), (6, 0), (1, 7)):
        drawings.send(someone, SIX, label, np.eye(10)[read] * (0.9 if read == 7 else 0.6), "Basic_CNN, trained")
    app.run()
    assert not app.exception
    assert "**3** drawings by **1** pupil." in words(app) and "**1**, 33.3 %" in words(app)
    tiles = next(each.proto.body for each in app.get("html") if "class-tiles" in each.proto.body)
    assert [tiles.index(f"no. {number}") for number in (3, 2, 1)] == sorted(tiles.index(f"no. {n}") for n in (3, 2, 1))
    app.selectbox(key=shown._TAKEN).set_value(2)
    press(app, "Take it off the board")
    assert [each.id for each in drawings.on_board(group)] == [1, 3]


def test_the_network_of_the_sidebar_reads_the_board(teacher):
    app, group = teacher
    drawings.send(joining.join(group, "p"), SIX, 6, np.eye(10)[6], "another network")
    app.session_state["teach_part"], app.session_state["teach_reader"] = "board", "now"
    app.run()
    assert not app.exception and "by Basic_CNN, trained" in words(app)
    from ui.predict import answer

    read = answer.probabilities(networks.Chosen(networks.SHIPPED, stamp=networks.named("shipped").stamp), SIX)
    found = board.read_by(drawings.on_board(group), read[np.newaxis])
    assert f"**{int(found.correct.sum())}**" in words(app)
    app.session_state["teach_part"], app.session_state["teach_reader"] = "confusion", "sent"
    app.run()
    assert not app.exception and "what they were taken for" in words(app)
    assert "A 6, read rightly" in words(app), "without a mistake what was sent most often is open"


def test_a_run_of_the_class_is_judged_by_the_drawings_that_it_has_not_seen(teacher):
    app, group = teacher
    spec = replace(sample_runs.SPEC, class_drawings=training_set.key(group))
    run = sample_runs.trained("of the class", spec)
    seen, apart = itertools.count(), []
    while len(apart) < 2:
        someone = joining.join(group, f"p{next(seen)}")
        apart += [someone] * training_set.is_apart(someone.id)
        drawings.send(someone, SIX, 6, np.eye(10)[6 if len(apart) == 1 else 0], "")
    app.session_state["net"], app.session_state["teach_reader"] = run.id, "now"
    app.session_state["teach_part"] = "confusion"
    app.run()
    assert not app.exception and "**Before**, when sent: 1 of 2" in words(app) and "by this run" in words(app)
    now = re.search(r"\*\*Now\*\*, by this run: (\d of 2)", words(app))[1]
    assert f"was not trained on it reads **{now}** rightly" in words(app), "the rest would prove nothing"
    assert "Train on these drawings" not in labels(app)
    app.session_state["teach_part"] = "board"
    app.run()
    assert "Train on these drawings" in labels(app)
    assert models_of(run), "pages keep what was read with"
    press(app, "End it now")
    assert "The class has ended" in words(app)
    assert folders.find(run.id) is None, "what depends on the drawings goes with them"
    assert not models_of(run), "out of memory, too"


def models_of(run):
    """Those that this server holds in memory."""
    return [wanted for (wanted,) in models._loaded_model.cache._values if wanted.key == run.id]


def test_number_answers_beyond_the_room_of_a_chart_are_summed_up(teacher):
    app, group = teacher
    for number in range(answered._MOST_BARS + 3):
        answers.hand_in(joining.join(group, str(number)), "shapes", 1, str(number), False)
    app.selectbox(key="teach_lesson").set_value("shapes").run()
    assert len(bars(app)["answers"]) == answered._MOST_BARS and f"of {answered._MOST_BARS + 3}" in words(app)


def test_the_server_deletes_what_has_ended(group):
    assert forget.ended() == 0
    teaching.open_class("another", now=group.ends - 2 * limits.LIFE_S)
    assert forget.ended() == 1 and teaching.by_code(group.code)
