"""A lesson in a browser: nothing of the answer arrives before the learner's own, and a reload leaves all as it was."""

from playwright.sync_api import expect

from tests.browser.conftest import AT_REST


def test_a_question_is_asked_before_its_picture_arrives(visit, lab):
    window = visit()
    page, frames = window.page, []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    window.open(f"{lab}/lessons")
    page.get_by_role("button", name="Start").nth(3).click()
    page.get_by_text("How many rows has each map?").wait_for()
    page.wait_for_url("**/conv2d?*lesson=shapes*")
    page.wait_for_function(AT_REST)  # `settle` would wait for the picture
    assert page.get_by_role("heading", name="Conv2D").is_visible()
    assert not holds(frames, "24 × 24") and not holds(frames, "get_weights()")

    page.get_by_label("Your answer, rows").fill("28")
    page.get_by_role("button", name="This is my answer").click()
    expect(page.get_by_text("That is the picture.")).to_be_visible()
    expect(page.get_by_text("get_weights()[0]").first).to_be_visible()
    window.settle()
    assert holds(frames, "get_weights()")
    assert "net=Conv2D+4+5+valid" in page.url, "what the sidebar held on the page before does not come back"

    page.reload()
    expect(page.get_by_text("That is the picture.")).to_be_visible()
    expect(page.get_by_text("get_weights()[0]").first).to_be_visible()
    dock, picture = (page.locator(each).first.bounding_box() for each in (".st-key-lesson_dock", ".readout"))
    assert dock["x"] + dock["width"] <= picture["x"], "the lesson stands beside the page"
    window.settle()
    window.assert_clean()


def holds(frames, words):
    return any(words.encode() in frame for frame in frames if isinstance(frame, bytes))
