"""A class in two browsers: the teacher moves it, the pupil's window follows by itself, and the answer comes back."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from core.classes import drawings, joining, teaching
from tests.browser import axe, spaced
from tests.browser.conftest import Visit


def test_a_window_follows_the_teacher_and_its_answer_arrives(visit, chromium, lab):
    teacher = visit()
    desk = teacher.open(f"{lab}/teach")
    desk.get_by_role("button", name="Open a class").click()
    seen, link = desk.get_by_test_id("stMarkdown"), desk.locator("code", has_text="class=")
    link.wait_for()
    # a browser of its own: who somebody is says a cookie
    context = chromium.new_context()
    try:
        pupil = Visit(context, 390, "dark")
        seat = pupil.open(link.inner_text())
        seat.get_by_role("button", name="Join the class").click()
        expect(seat.get_by_text("at your own pace")).to_be_visible()
        expect(seen.filter(has_text="1 pupil has joined")).to_be_visible()
        expect(desk.locator("#lab-aloud")).to_have_text("1 pupil has joined.")
        # a typed address names no class; on a phone the drawing is sent below the pad
        pupil.open(f"{lab}/predict")
        expect(seat.get_by_text("You are still in class")).to_be_visible()
        pad, send = seat.locator("canvas").first, seat.locator(".st-key-class_send")
        pad.wait_for()
        pupil.settle()

        def pad_ends_above_it() -> bool:
            above, below = pad.bounding_box(), send.bounding_box()
            return above["y"] + above["height"] < below["y"]

        assert pad_ends_above_it()
        pad.click(position={"x": 100, "y": 100})
        seven = send.get_by_role("radio", name="7")
        seven.click()
        send.get_by_role("button", name="Send to the board").click()
        expect(send.get_by_text(re.compile("On the board: a 7, taken for a .*another one"))).to_be_visible()
        expect(seven).not_to_be_checked()  # the next one may be another digit
        assert pad_ends_above_it(), "in two lines, too"

        desk.get_by_label("Lesson", exact=True).click()
        desk.get_by_role("option", name="Stride, padding, shapes").click()
        expect(desk.get_by_text("How many rows has each map?")).to_be_visible()
        desk.get_by_role("button", name="Move all here").click()
        seat.wait_for_url("**/conv2d?*lesson=shapes*")
        seat.get_by_label("Your answer, rows").fill("28")
        seat.get_by_role("button", name="This is my answer").click()
        expect(seen.filter(has_text="1 of 1 have answered.")).to_be_visible()
        expect(desk.locator("#lab-aloud")).to_have_text("1 of 1 have answered.")
        expect(desk.locator(".ytick", has_text="28 rows")).to_be_visible()

        desk.get_by_role("button", name="End the class").click()
        desk.get_by_role("button", name="End it now").click()
        expect(seat.get_by_text("The class has ended.")).to_be_visible()
        assert "class=" not in seat.url and "lesson=shapes" in seat.url, "what was begun can be gone on with"
        pupil.settle()
        pupil.assert_clean()
    finally:
        context.close()
    teacher.settle()
    teacher.assert_clean()


def test_the_board_is_walked_by_keys_and_who_is_at_a_drawing_stays_there_when_others_come(visit, lab):
    window = visit()
    desk = window.open(f"{lab}/teach")
    desk.get_by_role("button", name="Open a class").click()
    link = desk.locator("code", has_text="class=")
    link.wait_for()
    desk.locator(".ytick").first.wait_for()
    window.settle()
    group = teaching.by_code(re.search(r"class=(\d+)", link.inner_text()).group(1))
    pupil = joining.join(group, "p")

    def sent(read: int, sure: float) -> str:
        """A three that was read as this; its name on the board."""
        probabilities = np.full(10, (1 - sure) / 9)
        probabilities[read] = sure
        number = drawings.send(pupil, np.eye(28, dtype=np.uint8) * 255, 3, probabilities, "")
        return f"Drawing {number}: meant to be a 3, read as {read}, {sure:.1%}".replace("%", " %")

    def tile(name: str):
        return desk.get_by_role("img", name=name)

    names = [sent(8, 0.9), sent(5, 0.8), *(sent(3, 0.5 + at / 100) for at in range(12))]
    with spaced.texts(desk):  # bars with long names, too
        assert spaced.lost(desk) == []
    desk.get_by_role("radio", name="Board").click()
    tile(names[1]).wait_for()
    window.settle()
    expect(desk.get_by_role("list").filter(has=tile(names[0]))).to_have_count(1)
    desk.get_by_role("radio", name="Whoever sent it").focus()
    desk.keyboard.press("Tab")
    expect(tile(names[0])).to_be_focused()
    expect(tile(names[0])).to_have_accessible_description("← → more beside it")
    for key, name in (("ArrowRight", names[1]), ("ArrowDown", None), ("ArrowUp", names[1])):
        desk.keyboard.press(key)
        if name:
            expect(tile(name)).to_be_focused()
    new = sent(7, 0.95)
    expect(tile(new)).to_be_visible()
    expect(tile(names[1])).to_be_focused()
    desk.keyboard.press("Home")
    expect(tile(new)).to_be_focused()  # the surest mistake comes first
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Drawings (.npz)")).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(tile(new)).to_be_focused()
    window.settle()
    axe.assert_accessible(desk, outside=axe.SIDEBAR)
    teaching.end(group)
    window.assert_clean()
