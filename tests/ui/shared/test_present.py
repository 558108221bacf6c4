"""Presenting is a part of the address, and lessons leave it as it is."""

from tests.ui.conftest import held, opened

NET = "Conv2D 4 5 valid - Flatten - Dense 10 softmax"


def shortcut(app, key):
    return app.button(key=key).proto.shortcut


def test_arrow_keys_click_through_a_lesson_while_presenting():
    app = opened("conv2d", net=NET, lesson="shapes", lesson_step="2")
    assert not shortcut(app, "lesson_next") and shortcut(app, "present_start")
    app.button(key="present_start").click().run()
    assert not app.exception and held(app, "present") is True
    assert shortcut(app, "lesson_next") == "right" and shortcut(app, "lesson_previous") == "left"
    app.button(key="lesson_next").click().run()
    assert held(app, "present") is True and held(app, "lesson_step") == 3
    app.button(key="present_end").click().run()
    assert held(app, "present") is False
