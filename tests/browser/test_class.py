"""A class in two browsers: the teacher moves it, the pupil's window follows by itself, and the answer comes back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_a_window_follows_the_teacher_and_its_answer_arrives(visit, chromium, lab):
    teacher = visit()
    desk = teacher.open(f"{lab}/teach")
    desk.get_by_role("button", name="Open a class").click()
    link = desk.locator("code", has_text="class=")
    link.wait_for()
    # a browser of its own: who somebody is says a cookie
    context = chromium.new_context()
    try:
        pupil = Visit(context, 390, "dark")
        seat = pupil.open(link.inner_text())
        seat.get_by_role("button", name="Join the class").click()
        expect(seat.get_by_text("at your own pace")).to_be_visible()
        expect(desk.get_by_text("1 pupil has joined")).to_be_visible()
        # a typed address names no class; on a phone the drawing is sent below the pad
        pupil.open(f"{lab}/predict")
        expect(seat.get_by_text("You are still in class")).to_be_visible()
        pad, send = seat.locator("canvas").first, seat.locator(".st-key-class_send")
        pad.wait_for()
        assert send.bounding_box()["y"] > pad.bounding_box()["y"]

        desk.get_by_label("Lesson", exact=True).click()
        desk.get_by_role("option", name="Stride, padding, shapes").click()
        expect(desk.get_by_text("How many rows has each map?")).to_be_visible()
        desk.get_by_role("button", name="Move all here").click()
        seat.wait_for_url("**/conv2d?*lesson=shapes*")
        seat.get_by_label("Your answer, rows").fill("28")
        seat.get_by_role("button", name="This is my answer").click()
        expect(desk.get_by_text("1 of 1 have answered.")).to_be_visible()
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
