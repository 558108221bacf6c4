"""What is drawn around a page of a layer, said in a few values: the same after a change that leaves it as it is,
others where the sidebar or the frame would show something else."""

from tests.ui import conftest
from ui.shared import first_answer
from ui.train import pill

DESIGN = "Conv2D 4 3 - Flatten - Dense 10 softmax"


def around(app):
    assert not app.exception
    return app.session_state[first_answer._AROUND]


def test_a_slider_of_a_design_leaves_it_as_it_is_and_what_the_sidebar_shows_does_not(monkeypatch):
    app = conftest.opened("conv2d", net=DESIGN)
    seen = [around(app)]
    app.slider(key="conv_filters").set_value(6).run()
    assert around(app) == seen[0]
    app.button(key="digit_next").click().run()
    seen.append(around(app))
    conftest.network_box(app).set_value("shipped").run()
    seen.append(around(app))
    monkeypatch.setattr(pill, "now", lambda shown="": {"id": "run", "name": "run", "where": "epoch 1", "share": 0.1})
    monkeypatch.setattr(pill, "training_pill", lambda *args: None)
    app.run()
    seen.append(around(app))
    app.slider(key="conv_filters").set_value(7).run()  # the trained network becomes a design
    seen.append(around(app))
    assert len(set(seen)) == len(seen)


def test_a_link_that_says_something_wrong_is_answered_above_the_page_until_something_is_changed():
    app = conftest.opened("pooling", pool_size_h="ninety")
    before = around(app)
    app.slider(key="pool_size_h").set_value(3).run()
    assert around(app) != before and not app.warning


def test_beside_a_lesson_nobody_can_say_it():
    assert around(conftest.opened("pooling", lesson="pooling")) is None
