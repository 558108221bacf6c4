"""Drawing with mouse, finger and keys in a real browser: what is drawn is read, kept, undone, and never in the way."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import next_frame, wait_until
from ui.predict.settings import METHODS
from ui.shared import state

SEVEN = [(70, 70), (120, 66), (205, 70), (180, 120), (150, 170), (130, 230)]
ONE = [(140, 50), (140, 230)]


def place(page, points):
    """Points of the pad, 280 × 280, as points of the window."""
    paper = page.locator(".paper")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    scale = box["width"] / 280
    return [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]


def press(page, points, steps=6):
    """One stroke with the mouse, which stays down at its end. steps: places that it sends from point to point; a
    stroke of many points (steps=1) goes as fast as the browser takes it, others a frame a point."""
    first, *rest = place(page, points)
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=steps)
        if steps > 1:
            next_frame(page)


def draw(page, points, steps=6):
    """One whole stroke with the mouse."""
    press(page, points, steps)
    page.mouse.up()


def touch(page, points):
    """One stroke with a finger: what the browser itself makes of touches, scrolling included."""
    session = page.context.new_cdp_session(page)
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(points) - 1)], place(page, points), strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def reads(page, digit):
    """Wait until the first network reads this digit, and the finished drawing is answered."""
    page.locator(".headline", has_text=re.compile(rf"^{digit}, ")).first.wait_for()
    wait_until(
        page,
        "root => Number(root.dataset.answered) >= Number(root.dataset.sent ?? 0)",
        page.locator(".drawing-pad").element_handle(),
    )


def shares(page):
    """The per cent of the ten rows."""
    values = page.locator(".value").all_inner_texts()
    assert len(values) == 10
    return [float(value.strip("<>% ")) for value in values]


def scrolled(page):
    return page.evaluate("[...document.querySelectorAll('*')].reduce((sum, e) => sum + e.scrollTop, 0)")


def sidebar(page):
    return page.get_by_test_id("stSidebar")


def test_a_seven_is_read_while_it_is_drawn_explained_and_is_the_digit_of_all_pages(lab, visit):
    window = visit()
    said = []
    window.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(frame)))
    page = window.open(f"{lab}/predict")
    page.get_by_text("Draw a digit from 0 to 9").last.wait_for()
    page.locator(".drawing-pad[data-live=ready]").wait_for()
    before = len(said)
    press(page, SEVEN)
    expect(page.locator(".drawing-pad.drawing .headline")).to_have_text(re.compile("^7, "))  # the pen is still down
    expect(page.get_by_text("What the network sees")).to_be_visible()
    in_browser = shares(page)
    assert len(said) == before  # the server knows nothing of it
    page.mouse.up()
    reads(page, 7)
    page.locator(".drawing-pad:not(.drawing)").wait_for()
    assert len(said) > before
    np.testing.assert_allclose(in_browser, shares(page), atol=0.11)  # shown with one digit behind the point
    assert page.locator(".value").nth(7).inner_text().endswith("%")
    page.get_by_role("heading", name="Why?").wait_for()
    page.get_by_alt_text("Grad-CAM of block2_conv2 for a 7").wait_for()
    # it outlives a visit to another page
    sidebar(page).get_by_text("A drawing").wait_for()
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    page.get_by_role("link", name="open Conv2D").click()
    page.get_by_role("heading", name="Conv2D", exact=True).wait_for()
    sidebar(page).get_by_text("A drawing").wait_for()
    window.settle()
    page.get_by_role("link", name="Draw another").click()
    page.get_by_role("heading", name="Predict").wait_for()
    reads(page, 7)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Draw a digit from 0 to 9").last.wait_for()
    sidebar(page).get_by_text("A 7").wait_for()
    page.wait_for_url(re.compile("^(?!.*drawn=)"))
    window.settle()
    window.assert_clean()


@pytest.fixture(scope="module")
def recorded():
    """A drawing of each digit, place by place on the pad of 280 × 280: core.augmentation.stroke_forms with a tremor."""
    return json.loads((Path(__file__).parent / "strokes.json").read_text())


@pytest.mark.parametrize(("by", "digits"), [("mouse", "13579"), ("finger", "02468")])
def test_recorded_strokes_are_read(lab, visit, recorded, by, digits):
    window = visit() if by == "mouse" else visit(390, "light", has_touch=True)
    page = window.open(f"{lab}/predict")
    place(page, ONE)  # the pad is in sight
    before = scrolled(page)
    for digit in digits:
        for stroke in recorded[digit]:
            draw(page, stroke, steps=1) if by == "mouse" else touch(page, stroke)
        reads(page, digit)
        if digit == digits[0]:
            assert scrolled(page) == before  # a finger draws, and does not scroll
        page.get_by_role("button", name="Clear").click()
        page.get_by_text("The pad is blank").last.wait_for()
    window.settle()
    assert by == "mouse" or page.evaluate("document.documentElement.scrollWidth") <= 390
    window.assert_clean()


def test_where_the_browser_cannot_read_the_server_answers_while_the_stroke_is_drawn(lab, visit):
    window = visit()
    page = window.page
    page.route("**/engine.js", lambda route: route.abort())
    window.open(f"{lab}/predict")
    press(page, SEVEN)
    page.locator(".headline").first.wait_for()  # the pen is still down
    page.mouse.up()
    reads(page, 7)
    assert page.locator(".drawing-pad").get_attribute("data-live") == ""


def test_undo_redo_clear_and_eraser_with_keys_and_buttons(lab, visit):
    window = visit()
    page = window.open(f"{lab}/predict")
    undo, redo, clear = (page.get_by_role("button", name=name) for name in ("Undo", "Redo", "Clear"))
    page.get_by_text("Draw a digit from 0 to 9").last.wait_for()
    assert undo.is_disabled() and redo.is_disabled() and clear.is_disabled()
    draw(page, SEVEN)
    reads(page, 7)
    page.keyboard.press("Control+z")
    page.locator(".headline").first.wait_for(state="detached")
    assert undo.is_disabled()
    page.keyboard.press("Control+Shift+z")
    reads(page, 7)
    clear.click()
    page.get_by_text("The pad is blank").last.wait_for()
    undo.click()
    reads(page, 7)
    page.get_by_role("button", name="Eraser").click()
    page.get_by_role("slider", name="Pen width").fill("40")
    draw(page, [(60, 68), (230, 68)])
    wait_until(
        page,
        "paper => paper.getContext('2d').getImageData(280, 136, 1, 1).data[0] === 0",
        page.locator(".paper").element_handle(),
    )
    window.settle()
    window.assert_clean()


def test_reload_and_a_second_browser_show_the_drawing(lab, visit):
    window = visit()
    page = window.open(f"{lab}/predict")
    draw(page, SEVEN)
    reads(page, 7)
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    values = page.locator(".value").all_inner_texts()
    address = page.url
    page.reload()
    reads(page, 7)
    window.settle()
    elsewhere = visit().open(address)
    reads(elsewhere, 7)
    for each in (page, elsewhere):
        assert each.locator(".value").all_inner_texts() == values
        sidebar(each).get_by_text("A drawing").wait_for()
    # what is drawn next takes its place
    draw(elsewhere, ONE)
    reads(elsewhere, 1)
    page.wait_for_url(address)
    elsewhere.wait_for_url(lambda url: url != address)
    window.assert_clean()


INK = """paper => {
  const { data } = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height);
  return data.filter((value, i) => i % 4 === 0 && value > 0).length;
}"""


def test_a_one_is_drawn_with_the_keyboard_said_once_and_back_takes_the_next_stroke_from_the_pad(lab, visit):
    window = visit()
    page = window.open(f"{lab}/predict")
    said = page.locator(".answer-said")
    expect(said).to_contain_text("Draw a digit from 0 to 9")
    said.evaluate(
        "said => { window.said = []; new MutationObserver(() => window.said.push(said.textContent))"
        ".observe(said, { childList: true }); }"
    )
    page.locator(".paper").focus()
    page.keyboard.press("ArrowUp")
    # what arrow keys move is a slider to a reader, which says where it is
    expect(page.get_by_role("slider", name="Drawing pad")).to_have_attribute("aria-valuetext", "row 6, column 14")
    page.keyboard.press(" ")
    expect(page.locator(".pen-said")).to_have_text("Pen down, row 6, column 14")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.locator(".pen-said")).to_have_text("Pen up, row 22, column 14")
    reads(page, 1)
    expect(said).to_contain_text(": 1, ")
    assert len(page.evaluate("window.said")) == 1
    assert page.locator(".paper").evaluate("paper => paper === paper.getRootNode().activeElement")
    # another stroke; back takes it from the pad, and forward brings it again
    paper = page.locator(".paper")

    def wait_for_ink(wanted):
        wait_until(page, f"([paper, wanted]) => ({INK})(paper) === wanted", [paper.element_handle(), wanted])

    page.wait_for_url(re.compile("drawn="))
    window.settle()
    first, one = page.url, paper.evaluate(INK)
    draw(page, [(60, 50), (140, 50)])
    page.wait_for_url(lambda url: url != first)
    window.settle()
    both = paper.evaluate(INK)
    assert both > one
    page.go_back()
    wait_for_ink(one)
    reads(page, 1)
    window.settle()
    page.go_forward()
    wait_for_ink(both)
    window.settle()
    window.assert_clean()


def test_no_sideways_scroll_on_a_phone(view):
    window = view("predict?pred_source=sample", 390)
    page = window.page
    page.get_by_role("heading", name="Why?").wait_for()
    for method in METHODS:
        page.get_by_test_id("stMain").get_by_role("radio", name=METHODS[method]).click()
        if method != state.PARAMS["pred_why"].default:
            page.wait_for_url(f"**pred_why={method}**")
        window.fits((390, "light"), (390, "dark"))


def test_uploads_are_read_and_touch_no_disk_and_nonsense_is_one_sentence(lab, visit, writes, tmp_path):
    paper = np.random.default_rng(1).integers(215, 245, (1500, 1200, 3), np.uint8)
    large, small = Image.fromarray(paper), Image.new("RGB", (600, 800), (235, 228, 215))
    ImageDraw.Draw(large).line([(300, 400), (840, 400), (540, 1240)], fill=(30, 30, 60), width=68)
    ImageDraw.Draw(small).line([(300, 160), (300, 640)], fill=(30, 30, 60), width=34)
    large.save(tmp_path / "seven.png")
    small.save(tmp_path / "one.jpg")
    (tmp_path / "none.png").write_bytes(b"no picture at all")
    assert 2 * 2**20 < (tmp_path / "seven.png").stat().st_size < 5 * 2**20
    assert writes.stat().st_size > 0  # the log is kept: a server writes when it starts
    window = visit()
    page = window.open(f"{lab}/predict?pred_source=upload")
    upload = page.locator("input[type=file]")
    before = writes.stat().st_size
    upload.set_input_files(tmp_path / "seven.png")
    reads(page, 7)
    window.settle()
    with writes.open() as log:
        log.seek(before)
        assert log.read() == ""
    upload.set_input_files(tmp_path / "one.jpg")
    reads(page, 1)
    upload.set_input_files(tmp_path / "none.png")
    page.get_by_text("The file must be a picture").last.wait_for()
    window.settle()
    window.assert_clean()


FOUR = ([(90, 50), (70, 150), (200, 150)], [(160, 60), (160, 150)], [(160, 140), (158, 240)])


def test_strokes_in_quick_succession_leave_answer_and_explanation_in_step(lab, visit):
    window = visit()
    page = window.open(f"{lab}/predict?pred_why=cam")
    for name, other in (("Grad-CAM of block2_conv2", "Occlusion"), ("Occlusion", None)):
        for stroke in FOUR:
            draw(page, stroke)
        reads(page, 4)
        page.get_by_alt_text(f"{name} for a 4").wait_for()
        window.settle()
        assert page.get_by_alt_text(" for a ").count() == 1
        if other:
            page.get_by_test_id("stMain").get_by_role("radio", name=other).click()
            page.wait_for_url("**pred_why=occlusion**")
            page.get_by_alt_text(f"{other} for a 4").wait_for()
            window.settle()
            page.get_by_role("button", name="Clear").click()
            page.get_by_text("The pad is blank").last.wait_for()
            window.settle()
    window.assert_clean()
