"""A run belongs to who started it: others watch and evaluate; the owner, or the teacher, stops and deletes."""

import re
from collections import deque
from types import SimpleNamespace

import pytest

from core.runs import folders, history, queue
from core.runs.folders import RunError
from core.storage.locks import FileLock
from core.training.presets import SMALL
from tests import loops
from tests.core.runs.sample_runs import SPEC, trained
from tests.ui.conftest import network_box, opened
from ui.server.cookie import NAME, TOKEN, VisitorCookie
from ui.shared import tries, visitor

pytestmark = pytest.mark.usefixtures("own_runs")
PASSWORD = "correct horse"
ORDERS = {"watch_pause", "watch_resume", "watch_again", "watch_stop"}


@pytest.fixture
def classroom(monkeypatch):
    """A server with a teacher; trainings only wait."""
    monkeypatch.setenv(visitor.VARIABLE, PASSWORD)
    monkeypatch.setattr(queue, "_submit", lambda run: None)


def words(app):
    kinds = (app.markdown, app.caption, app.error, app.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def started():
    """The window of who has just started a run, and the run."""
    app = opened("train", fit_examples="500", fit_validation="500", fit_epochs="1")
    app.button(key="train_start").click().run()
    assert not app.exception
    return app, folders.listed()[0]


def buttons(app):
    return {button.key for button in app.button}


@pytest.mark.usefixtures("classroom")
def test_who_started_a_run_stops_and_deletes_it_and_nobody_else_does():
    mine, run = started()
    assert "watch_stop" in buttons(mine)
    other = opened("train", train_part="watch", train_run=run.id)
    assert not buttons(other) & ORDERS and "Somebody else started it" in words(other)
    other = opened("train", train_part="runs")
    assert f"delete_{run.id}" not in buttons(other) and f"watch_{run.id}" in buttons(other)
    mine.button(key="watch_stop").click().run()
    assert run.state.status == "stopped"
    mine.segmented_control(key="train_part").set_value("runs").run()
    mine.button(key=f"delete_{run.id}").click().run()
    assert not mine.exception and folders.listed() == []


@pytest.mark.usefixtures("classroom")
def test_a_button_that_is_pressed_without_being_there_is_refused():
    _, run = started()
    with pytest.MonkeyPatch.context() as patch:  # as with a client of one's own
        patch.setattr(visitor, "may_change", lambda run: True)
        stop = opened("train", train_part="watch", train_run=run.id)
        delete = opened("train", train_part="runs")
    stop.button(key="watch_stop").click().run()
    delete.button(key=f"delete_{run.id}").click().run()
    assert run.state.status == "queued" and folders.listed() == [run]
    assert "Somebody else started it" in delete.error[0].value


@pytest.mark.usefixtures("classroom")
def test_the_teacher_may_after_the_password_and_in_that_window_only():
    _, run = started()
    app = opened("train", train_part="runs")
    for wrong in ("", "wrong", PASSWORD.upper(), PASSWORD + " "):
        app.text_input(key="train_teacher").set_value(wrong).run()
        assert not app.exception and f"delete_{run.id}" not in buttons(app)
    app.text_input(key="train_teacher").set_value(PASSWORD).run()
    assert "You are the teacher" in words(app)
    assert "You are the teacher" not in words(opened("train", train_part="runs"))
    app.button(key=f"delete_{run.id}").click().run()
    assert not app.exception and folders.listed() == []


@pytest.mark.usefixtures("classroom")
def test_another_password_ends_it(monkeypatch):
    app = opened("train", train_part="runs")
    trained()
    app.run()
    app.text_input(key="train_teacher").set_value(PASSWORD).run()
    assert "You are the teacher" in words(app)
    monkeypatch.setenv(visitor.VARIABLE, "other")
    assert "You are the teacher" not in words(app.run())


@pytest.mark.usefixtures("classroom")
def test_nobody_guesses_for_ever():
    trained()
    app = opened("train", train_part="runs")
    for number in range(visitor.MOST_WRONG):
        app.text_input(key="train_teacher").set_value(f"wrong {number}").run()
    app.text_input(key="train_teacher").set_value(PASSWORD).run()
    assert "You are the teacher" not in words(app) and app.error


@pytest.mark.usefixtures("classroom")
def test_nobody_guesses_in_many_windows_either(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(tries, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(visitor.passwords, "of_all", deque([0.0] * 100, maxlen=100))
    app = opened("train", train_part="runs")
    app.text_input(key="train_teacher").set_value(PASSWORD).run()
    assert "You are the teacher" not in words(app) and "Too many wrong passwords" in app.error[0].value
    clock.now = 601.0
    app.text_input(key="train_teacher").set_value(PASSWORD).run()
    assert "You are the teacher" in words(app)


@pytest.mark.parametrize(("in_class", "network"), [("1", "Small_CNN"), ("", "shipped")])
def test_a_class_begins_with_a_small_network_and_a_preset_brings_its_own(monkeypatch, in_class, network):
    monkeypatch.setenv(visitor.CLASS, in_class)
    app = opened("train")
    assert network_box(app).value == network
    app.selectbox(key="train_preset").set_value("A good start").run()
    assert not app.exception and network_box(app).value == "shipped"
    app.selectbox(key="train_preset").set_value(SMALL).run()
    assert network_box(app).value == "Small_CNN"


def test_on_ones_own_machine_everything_is_ones_own(monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    _, run = started()
    other = opened("train", train_part="watch", train_run=run.id)
    assert "watch_stop" in buttons(other)
    assert f"delete_{run.id}" in buttons(opened("train", train_part="runs"))
    assert "train_teacher" not in [box.key for box in other.text_input]


@pytest.mark.usefixtures("classroom")
def test_runs_that_nobody_owns_and_damaged_ones_can_be_deleted_by_all():
    old, damaged = trained("old"), trained("damaged")
    asked = (damaged.folder / "spec.json").read_text()
    (damaged.folder / "spec.json").write_text(asked.replace('"owner": ""', '"owner": [1]'))
    assert not damaged.readable
    app = opened("train", train_part="runs")
    assert {f"delete_{old.id}", f"delete_{damaged.id}"} <= buttons(app)


@pytest.mark.usefixtures("classroom")
def test_the_folder_does_not_tell_the_token():
    app, run = started()
    token = app.session_state["_visitor_token"]
    assert TOKEN.fullmatch(token) and re.fullmatch("[0-9a-f]{64}", run.owner)
    assert all(token.encode() not in path.read_bytes() for path in run.folder.rglob("*") if path.is_file())
    assert token not in str(app.query_params)


def test_only_some_of_ones_trainings_may_wait(monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    for number in range(queue.MOST_WAITING_EACH):
        queue.start(SPEC, str(number), "me")
    with pytest.raises(RunError, match="of your trainings wait already"):
        queue.start(SPEC, "one more", "me")
    queue.start(SPEC, "other", "somebody else")
    folders.queue()[0].put_state(status="stopped")
    queue.start(SPEC, "now", "me")


def test_the_queue_says_when_a_training_begins(monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    first, second = (queue.start(SPEC, name) for name in ("first", "second"))
    assert history.seconds_until_start(first) == 0
    assert history.seconds_until_start(second) is None  # nobody knows how long the first will take
    assert "begins in" not in words(opened("train", train_part="watch", train_run=second.id))
    trained("before", images_per_second=50.0)
    assert history.seconds_until_start(second) == pytest.approx(10 + 1000 / 50)
    assert "It begins in about 30 s" in words(opened("train", train_part="watch", train_run=second.id))
    turn, lock = FileLock(folders.turn()), None
    assert turn.acquire()
    try:
        running = trained("running", status="running", seen=400, images_per_second=50.0)
        lock = FileLock(running.folder / "lock")
        assert lock.acquire()
        assert history.seconds_until_start(second) == pytest.approx(30 + 600 / 50)
    finally:
        turn.release()
        if lock:
            lock.release()


# the cookie


def answered(cookies=(), kind=b"text/html; charset=utf-8", scheme="http"):
    sent = []

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    headers = [(b"cookie", cookie) for cookie in cookies]
    scope = {"type": "http", "path": "/", "scheme": scheme, "headers": headers}
    loops.run(VisitorCookie(inner)(scope, None, send))
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_a_browser_gets_a_token_that_nobody_guesses_once():
    tokens = set()
    for _ in range(50):
        (cookie,) = answered()
        value, *rest = cookie.split("; ")
        name, _, token = value.partition("=")
        assert name == NAME and TOKEN.fullmatch(token) and {"HttpOnly", "SameSite=Lax", "Path=/"} <= {*rest}
        tokens.add(token)
    assert len(tokens) == 50
    assert answered([f"a=b; {NAME}={token}".encode()]) == []
    assert "Secure" in answered(scheme="https")[0] and "Secure" not in cookie


@pytest.mark.parametrize("said", [b"", b"a=b", b"layer_lab_visitor=x", b"layer_lab_visitor=" + b"!" * 43, b"\xff;=;"])
def test_what_is_no_token_is_replaced(said):
    assert len(answered([said])) == 1


def test_files_bring_no_cookie():
    assert answered(kind=b"application/javascript") == []
