"""A lesson in a browser: nothing of the answer arrives before the learner's own, and a reload leaves all as it was."""

import re

from playwright.sync_api import expect

import words
from core.lessons import folder, sheet
from tests.browser import spaced
from tests.browser.conftest import AT_REST, wait_until
from ui.lessons import (
    paper,
    quantities,  # noqa: F401  (declares the settings of all pages)
)

TO_THE_END = "document.querySelector('[data-testid=stMain]').scrollTo(0, 1e5)"
IN_SIGHT = """title => {
  const head = document.querySelector(".st-key-lesson_dock h2");
  if (!head) return false;
  const { top, bottom } = head.getBoundingClientRect();
  return head.textContent.includes(title) && top >= 0 && bottom <= innerHeight;
}"""
# a sheet becomes long by its words; so many of the longest stand for all
MOST_WORDS = 3


def test_a_question_is_asked_before_its_picture_arrives(visit, lab):
    window = visit()
    page, frames = window.page, []
    # where it is seen: it is read aloud as well
    answered = page.get_by_test_id("stMainBlockContainer").get_by_text("That is the picture.")
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    window.open(f"{lab}/lessons")
    page.locator(".st-key-lesson_start_shapes").get_by_role("button").click()
    page.get_by_text("How many rows has each map?").wait_for()
    page.wait_for_url("**/conv2d?*lesson=shapes*")
    wait_until(page, AT_REST)  # `settle` would wait for the picture
    assert page.get_by_role("heading", name="Conv2D").is_visible()
    assert not holds(frames, "24 × 24") and not holds(frames, "get_weights()")

    page.get_by_label("Your answer, rows").fill("28")
    page.get_by_role("button", name="This is my answer").click()
    expect(answered).to_be_visible()
    expect(page.get_by_text("get_weights()[0]").first).to_be_visible()
    window.settle()
    assert holds(frames, "get_weights()")
    assert "net=Conv2D+4+5+valid" in page.url, "what the sidebar held on the page before does not come back"

    page.reload()
    expect(answered).to_be_visible()
    expect(page.get_by_text("get_weights()[0]").first).to_be_visible()
    dock, picture = (page.locator(each).first.bounding_box() for each in (".st-key-lesson_dock", ".readout"))
    assert dock["x"] + dock["width"] <= picture["x"], "the lesson stands beside the page"
    window.settle()

    # who presents clicks through the lesson with the arrow keys; what has the focus keeps them for itself
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    window.settle()
    page.locator(".maps .tile").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**conv_map=1*")
    window.settle()
    expect(page.get_by_text("Room for a kernel")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_attached()
    window.settle()

    # tomorrow, by an address that says nothing of how far one was
    page.goto(f"{lab}/lessons?lesson=shapes")
    page.get_by_role("button", name="Go on at step 1").click()
    expect(answered).to_be_visible()
    window.settle()

    # far down a long page: at its side the lesson stays, and on a phone the next step brings it back
    page.evaluate(TO_THE_END)
    wait_until(page, IN_SIGHT, "Room for a kernel")
    window.become(390, "light")
    wait_until(page, AT_REST)
    page.evaluate(TO_THE_END)
    page.locator(".st-key-lesson_next button").evaluate("button => button.click()")
    wait_until(page, IN_SIGHT, "Two at a time")
    wait_until(page, AT_REST)
    below = page.locator(".st-key-lesson_cover img").bounding_box()
    assert below["y"] + below["height"] <= page.viewport_size["height"], "the digit is in sight with its question"
    with spaced.texts(page):
        assert spaced.lost(page) == []
    window.assert_clean()


def test_a_lesson_far_down_the_list_begins_in_sight(visit, lab):
    """Its page is not covered, and so as long as the list: where that was scrolled to is the midst of the page."""
    window = visit(390)
    page = window.open(f"{lab}/lessons")
    page.locator(".st-key-lesson_start_training").get_by_role("button").click()
    page.wait_for_url("**/train?*lesson=training*")
    wait_until(page, AT_REST)
    wait_until(page, IN_SIGHT, "A small training")
    window.assert_clean()


def test_a_worksheet_is_two_pages_of_paper_at_most(visit):
    """With the pictures of its steps, in every language; nothing is asked of the network."""
    page, asked = visit().page, []
    page.on("request", lambda request: asked.append(request.url))
    for language in words.LANGUAGES:
        made = [sheet.worksheet(lesson, None, paper.of_lesson(lesson)) for lesson in folder.shelf(language).lessons]
        for longest in sorted(made, key=lambda each: len(re.sub("<[^>]*>", "", each)))[-MOST_WORDS:]:
            page.set_content(longest)
            assert 0 < len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 2, longest
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), longest
            breaks = page.evaluate("getComputedStyle(document.querySelector('section p')).wordBreak")
            assert breaks == ("keep-all" if language == "ko" else "normal"), "Korean breaks between words"
    assert all(url.startswith("data:") for url in asked), asked


def holds(frames, said):
    return any(said.encode() in frame for frame in frames if isinstance(frame, bytes))
