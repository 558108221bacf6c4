"""Home in a real browser: drawn on, pointed at, clicked, switched off; by mouse, finger and keyboard."""

import itertools
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from core.data import mnist
from core.drawing import packed
from core.network import ablation, saved
from core.network.presets import PRESETS, Blocks
from core.runs import folders
from core.storage import files
from core.training.spec import TrainingSpec
from tests.browser.conftest import next_frame, pixels, wait_for_change
from ui.shared.text import share

MAPS = ".maps"
# whether anything is drawn on a pad
INK = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  .some((value, i) => i % 4 < 3 && value > 0)"""

# every epoch that the slider of the map comes to
WATCH = """output => {
  window.seen = [];
  new MutationObserver(() => output.textContent === window.seen.at(-1) || window.seen.push(output.textContent))
    .observe(output, { childList: true, characterData: true, subtree: true });
}"""


def root(page):
    return page.locator(".living")


def opened(visit, lab, path="", **options):
    window = visit(**options)
    page = window.open(f"{lab}/{path}")
    page.locator(".living[data-answered]").wait_for()
    return window, page


def settled(page):
    """Until the newest drawing has been answered and painted; another one may be asked for meanwhile."""
    root(page).evaluate("""async (living) => {
      while (living.isConnected && living.dataset.asked !== living.dataset.answered) {
        await new Promise(requestAnimationFrame);
      }
    }""")


def draw(page, points, lift=True):
    """A stroke through points in shares of the pad."""
    box = page.locator(".paper").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for (x0, y0), (x1, y1) in itertools.pairwise(places):
        for step in range(1, 9):
            page.mouse.move(x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8)
            next_frame(page)
    if lift:
        page.mouse.up()


STREAMLIT = "**/static/js/index.*.js"
SEVEN = [(0.28, 0.25), (0.72, 0.25), (0.5, 0.8)]


def shares(page, of=":not(.second)") -> list[str]:
    return page.locator(f".answer .share{of}").all_text_contents()


def answers(page, network="shipped", scales=None) -> list[str]:
    """What the bars must say of the drawing that the address holds."""
    model = saved.load_pretrained()
    (text,) = re.findall(r"drawn=([^&]*)", page.url)
    values = ablation.answers(model, packed.unpack(text), scales).values[0]
    return [share(float(value)) for value in values]


def near(found: list[str], expected: list[str]) -> bool:
    numbers = [[float(text.strip("<>% ")) for text in side] for side in (found, expected)]
    return np.abs(np.subtract(*numbers)).max() <= 0.11


@pytest.fixture
def drawn_on(lab, visit):
    """Home with a seven on the pad that is the digit of all pages."""
    window, page = opened(visit, lab)
    draw(page, SEVEN)
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    settled(page)
    return window, page


def boxes(page) -> list[dict]:
    return [page.locator(part).first.bounding_box() for part in (".paper", ".maps", ".answers")]


def test_the_network_is_at_work_before_streamlit_is_there_and_goes_on_in_its_place(lab, visit):
    window = visit()
    page = window.page
    page.route(STREAMLIT, lambda route: None)
    page.goto(f"{lab}/", wait_until="commit")
    page.locator("#early .living[data-answered]").wait_for()
    assert page.get_by_test_id("stApp").count() == 0
    before = boxes(page)
    root(page).evaluate("living => { window.early = living; }")
    draw(page, SEVEN, lift=False)
    page.unroute(STREAMLIT)  # which lets go of those that were held, too
    page.locator("#early").wait_for(state="detached")
    page.get_by_role("button", name="Random start").wait_for()
    assert root(page).evaluate("living => living === window.early")
    assert boxes(page) == before
    paper = before[0]
    page.mouse.move(paper["x"] + 0.45 * paper["width"], paper["y"] + paper["height"] + 5)  # it goes on, out of the pad
    page.mouse.up()
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    settled(page)
    assert near(shares(page), answers(page))
    window.assert_clean()


def test_a_ghost_draws_until_somebody_touches_the_pad_and_random_weights_read_what_was_drawn(lab, visit):
    window, page = opened(visit, lab)
    first = root(page).get_attribute("data-answered")
    expect(root(page)).not_to_have_attribute("data-answered", first)  # it goes on by itself
    draw(page, SEVEN)
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile(r"^7, (> )?\d"))
    assert near(shares(page), answers(page))
    before = shares(page)
    page.get_by_role("button", name="Random start").click()
    expect(page.get_by_role("button", name="Random start")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".answer .share:not(.second)").first).not_to_have_text(before[0])
    page.get_by_role("button", name="Trained").click()
    expect(page.locator(".answer .share:not(.second)").first).to_have_text(before[0])
    assert shares(page) == before
    # a digit of the sidebar
    page.get_by_role("button", name="Back to MNIST").click()
    page.wait_for_url(lambda url: "drawn=" not in url)
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile("index=1"))
    window.settle()
    expect(page.locator(".headline")).to_have_text(re.compile("^2, "))
    assert not page.locator(".paper").evaluate(INK)
    # the drawing comes back, and is cleared
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile(r"^7, (> )?\d"))
    assert page.locator(".paper").evaluate(INK)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_url(lambda url: "drawn=" not in url)
    window.settle()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("test image 1")
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile(r"^2, (> )?\d"))
    window.assert_clean()


def test_nothing_is_sent_while_the_pen_is_down_and_a_second_network_is_chosen_below_the_map(lab, visit):
    window = visit()
    sent = []
    window.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = window.open(f"{lab}/")
    page.get_by_role("button", name="Random start").wait_for()  # the last thing that comes by itself
    window.settle()
    before = len(sent)
    draw(page, SEVEN, lift=False)
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile(r"^7"))
    assert len(sent) == before
    page.mouse.up()
    page.wait_for_url(re.compile("drawn="))
    assert len(sent) > before
    window.settle()
    settled(page)
    # the second network, which stays in the address
    box = page.get_by_role("combobox", name="Beside it")
    box.click()  # it is searched once it is open
    box.fill("LeNet-5")
    page.get_by_role("option", name="LeNet-5, random weights").click()
    page.wait_for_url(re.compile("home_second=LeNet-5"))
    expect(page.locator(".legend .side").nth(1)).to_contain_text("LeNet-5, random weights: ")
    model = PRESETS["LeNet-5"].build()
    settled(page)
    assert near(shares(page, ".second"), of_drawing(model, page))
    box.click()
    box.fill("No second")
    page.get_by_role("option", name="No second network").click()
    page.wait_for_url(lambda url: "home_second" not in url)
    expect(page.locator(".which button")).to_have_count(2)
    expect(page.locator(".answers.pair")).to_have_count(0)
    expect(page.locator(".legend .side").nth(1)).to_contain_text("Random start: ")
    # the digit is followed through all layers
    page.get_by_role("button", name="Follow the digit").click()
    for words in ("The image", "block1_conv1: Conv2D, 28×28×32", "block1_activation1"):
        expect(page.locator(".said")).to_contain_text(words)
    window.assert_clean()


def test_a_map_says_what_it_reads_a_click_opens_it_and_below_the_threshold_it_does_not_know(drawn_on):
    window, page = drawn_on
    for key in ["ArrowRight", "ArrowDown", "ArrowDown", *["ArrowRight"] * 5]:
        page.locator(MAPS).press(key)
    expect(root(page)).to_have_attribute("data-chosen", "block1_conv2 5")
    lens = page.locator(".lens")
    expect(lens).to_contain_text("block1_conv2, map 5 (0 to 31)")
    expect(lens).to_contain_text("of block1_activation1.")
    assert page.locator(".lens-reads canvas").count() == 6
    # by mouse: whatever stands there is opened, with that very map
    box = page.locator(MAPS).bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.12 * box["height"])
    expect(root(page)).not_to_have_attribute("data-chosen", "block1_conv2 5")
    layer, number = root(page).get_attribute("data-chosen").split()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile("/conv2d|/activation"))
    window.settle()
    assert f"layer={layer}" in page.url and "net=shipped" in page.url
    assert f"map {number} (0 to 31)" in page.locator(".output-title").inner_text()
    page.go_back()
    page.locator(".living[data-answered]").wait_for()
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile("^7"))
    window.settle()
    # below the threshold it does not know, and the cost is counted
    half = mnist.half("test")
    values = ablation.answers(saved.load_pretrained(), half.images[:1000]).values
    right = values.argmax(axis=-1) == half.labels[:1000]
    cost = page.locator(".cost")
    expect(cost).to_have_text(f"It answers all of 1,000 test images, {(~right).sum()} wrong.")
    slider = page.locator(".threshold input")
    slider.evaluate("slider => { slider.value = 99.9; slider.dispatchEvent(new Event('input')); }")
    expect(cost).to_contain_text("of those it leaves out")
    answered = (values.max(axis=-1) >= 0.999).sum()
    said = int(re.search(r"It answers ([\d,]+)", cost.inner_text())[1].replace(",", ""))
    assert abs(said - answered) <= 2  # those at the very edge may round either way
    page.get_by_role("button", name="Random start").click()
    expect(page.locator(".headline")).to_have_text(re.compile(r"^I don't know \(\d, "))
    slider.evaluate("slider => slider.dispatchEvent(new Event('change'))")
    page.wait_for_url(re.compile("home_sure=99.9"))
    window.assert_clean()


def test_maps_that_are_switched_off_cost_accuracy_and_a_picture_feeds_the_same_map(drawn_on, tmp_path):
    window, page = drawn_on
    before = shares(page)
    scales = {"dense": {}}
    for key in ["ArrowRight", *["ArrowDown"] * 13]:
        page.locator(MAPS).press(key)
    expect(root(page)).to_have_attribute("data-chosen", re.compile("^dense "))
    _, first = root(page).get_attribute("data-chosen").split()
    # by a quick hand: in a pause the server counts what is off, and sixty counts are no other answer than the last one
    for number in range(int(first), int(first) + 60):
        page.keyboard.press(" ")
        scales["dense"][number] = 0.0
        page.keyboard.press("ArrowRight")
    expect(root(page)).to_have_attribute("data-chosen", f"dense {int(first) + 60}")
    altered = page.locator(".altered")
    expect(altered).to_contain_text("and 57 more")
    expect(altered).to_contain_text("Of 1,000 test images it reads")
    assert near(shares(page), answers(page, scales=scales))
    half = mnist.half("test")
    now = ablation.answers(saved.load_pretrained(), half.images[:1000], scales).accuracy(half.labels[:1000])
    expect(altered).to_contain_text(f"it reads {share(now)},")
    page.get_by_role("button", name="Restore all").click()
    expect(altered).to_be_hidden()
    settled(page)
    expect(page.locator(".answer .share:not(.second)").first).to_have_text(before[0])
    assert shares(page) == before
    # a picture, and then a digit of the sidebar
    paper = Image.new("RGB", (600, 800), (235, 228, 215))
    ImageDraw.Draw(paper).ellipse([(150, 200), (420, 620)], outline=(30, 30, 60), width=34)
    paper.save(tmp_path / "zero.png")
    drawn = page.url
    # at once, while the first page still tells of its maps: see ui/server/held.py
    page.get_by_test_id("stMain").get_by_text("Upload", exact=True).first.click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(tmp_path / "zero.png")
    page.wait_for_url(lambda url: "drawn=" in url and "pred_source=upload" in url and url.split("&")[0] != drawn)
    expect(page.locator(".headline")).to_have_text(re.compile("^0, "))
    window.settle()
    settled(page)
    assert near(shares(page), answers(page))
    assert not page.locator(".paper").evaluate(INK)
    expect(page.get_by_test_id("stMain").get_by_text("What the network sees")).to_be_visible()
    page.get_by_role("button", name="Back to MNIST").click()
    page.wait_for_url(lambda url: "drawn=" not in url)
    expect(page.locator(".headline")).to_have_text(re.compile("^7, "))
    window.assert_clean()


def test_a_finger_draws_and_asks_on_a_phone(lab, visit):
    window, page = opened(visit, lab, width=390, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="All layers").tap()
    expect(page.get_by_role("button", name="All layers")).to_have_attribute("aria-pressed", "true")
    box = page.locator(MAPS).bounding_box()
    page.touchscreen.tap(box["x"] + 60, box["y"] + 120)
    expect(page.locator(".lens")).to_be_visible()
    assert "/conv2d" not in page.url and "/activation" not in page.url  # a finger asks, a button opens
    page.locator(".lens .open").tap()
    page.wait_for_url(re.compile("layer="))
    window.settle()
    window.assert_clean()


def test_who_wants_less_motion_gets_the_digit_of_the_sidebar(lab, visit):
    window = visit()
    window.page.emulate_media(reduced_motion="reduce")
    page = window.open(f"{lab}/")
    page.locator(".living[data-answered]").wait_for()
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile(r"^7, (> )?\d"))
    assert not page.locator(".paper").evaluate(INK)
    window.assert_clean()


def test_a_worker_that_cannot_start_says_so(lab, visit):
    window = visit()
    page = window.page
    page.route(
        re.compile(r"/live/.*engine\.js"),
        lambda route: route.fulfill(body="throw new Error('no')", content_type="text/javascript"),
    )
    page.goto(f"{lab}/?index=1")
    expect(page.locator(".said")).to_contain_text("Predict asks the server")


@pytest.fixture
def run():
    """A run that has kept three epochs, with weights of several seeds."""
    spec = TrainingSpec(network=Blocks(filters=(4, 6), dense_units=16).network())
    run = folders.create(spec, "epochs")
    for epoch in range(4):
        files.write_arrays(run.weights_path(epoch), spec.network.seeded(epoch).build().get_weights())
    yield run
    folders.remove(run)


def at_epoch(page, run, epoch) -> list[str]:
    """What the bars say of the sidebar's digit with the weights of an epoch."""
    values = ablation.answers(run.model(epoch), mnist.half("test").images[:1]).values[0]
    return [share(float(value)) for value in values]


def expect_epoch(page, run, epoch):
    """The bars, and the label of the button, are those of the epoch."""
    expected = at_epoch(page, run, epoch)
    best = max(range(10), key=lambda digit: float(expected[digit].strip("<>% ")))
    expect(page.locator(".answer .share:not(.second)").nth(best)).to_have_text(expected[best])
    assert near(shares(page), expected)


def test_the_epochs_of_a_run_play_in_the_browser_and_the_address_follows_when_they_end(lab, visit, run):
    window = visit()
    sent, fetched = [], []
    window.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    window.page.on("request", lambda request: "network.bin" in request.url and fetched.append(request.url))
    page = window.open(f"{lab}/?net={run.id}&net_epoch=1")
    page.get_by_role("button", name="Random start").wait_for()
    window.settle()
    slider, play = page.locator(".epochs input"), page.locator(".epochs button")
    expect(page.locator(".epochs output")).to_have_text("1")
    expect(page.locator(".which")).to_contain_text("Epoch 1")
    before = len(sent)
    page.locator(".epochs output").evaluate(WATCH)
    play.click()
    expect(play).to_contain_text("Pause")
    page.wait_for_function("window.seen.includes('3')")  # at every frame, since it will not stay there
    assert len(sent) == before  # nothing is said to the server while it plays
    expect(play).to_contain_text("Play")  # it ends by itself, at the newest weights
    assert page.evaluate("window.seen") == ["2", "3", "newest"]
    expect(page.locator(".epochs output")).to_have_text("newest")
    page.wait_for_url(lambda url: "net_epoch" not in url)
    window.settle()
    expect_epoch(page, run, 3)
    # by keyboard, three steps at once: the sidebar and the address are where the hand let go
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("net_epoch=1"))
    window.settle()
    expect(page.locator(".epochs output")).to_have_text("1")
    aside = page.get_by_test_id("stSidebar").get_by_role("slider", name="Epoch")
    expect(aside).to_have_attribute("aria-valuetext", "1")
    expect_epoch(page, run, 1)
    # what was on screen once is not fetched again
    known = len(fetched)
    page.keyboard.press("ArrowRight")
    expect_epoch(page, run, 2)
    assert len(fetched) == known
    page.wait_for_url(re.compile("net_epoch=2"))
    window.settle()
    # the other way round: the sidebar's slider moves this one
    expect(aside).to_have_attribute("aria-valuetext", "2")
    aside.press("ArrowLeft")
    expect(page.locator(".epochs output")).to_have_text("1")
    expect_epoch(page, run, 1)
    page.wait_for_url(re.compile("net_epoch=1"))
    window.assert_clean()


def test_epochs_play_when_asked_to_by_who_wants_less_motion_and_pause_where_they_are(lab, visit, run):
    window = visit()
    window.page.emulate_media(reduced_motion="reduce")
    page = window.open(f"{lab}/?net={run.id}&net_epoch=0")
    page.get_by_role("button", name="Random start").wait_for()
    window.settle()
    play = page.locator(".epochs button")
    expect(play).to_contain_text("Play")
    expect_epoch(page, run, 0)
    play.click()
    expect(page.locator(".epochs output")).to_have_text("2")
    play.click()
    expect(play).to_contain_text("Play")
    page.wait_for_url(re.compile("net_epoch=[23]"))
    window.settle()
    (epoch,) = re.findall(r"net_epoch=(\d)", page.url)
    expect(page.locator(".epochs output")).to_have_text(epoch)
    expect_epoch(page, run, int(epoch))
    window.assert_clean()


def test_an_epoch_that_cannot_be_had_is_said(lab, visit, run):
    window = visit()
    page = window.open(f"{lab}/?net={run.id}&net_epoch=0")
    page.get_by_role("button", name="Random start").wait_for()
    window.settle()
    page.route(re.compile(r"live/network.bin.*epoch=1"), lambda route: route.fulfill(status=404, body=""))
    page.locator(".epochs button").click()
    expect(page.locator(".said")).to_have_text("The server should give the weights of this epoch, and answers 404.")
    expect(page.locator(".epochs button")).to_contain_text("Play")


def test_a_map_stays_switched_off_in_other_epochs(lab, visit, run):
    window = visit()
    page = window.open(f"{lab}/?net={run.id}&net_epoch=1")
    page.get_by_role("button", name="Random start").wait_for()
    window.settle()
    for key in ["ArrowRight", " "]:
        page.locator(MAPS).press(key)
    altered = page.locator(".altered")
    expect(altered).to_contain_text("0 of block1_conv1 off.")
    page.locator(".epochs input").press("ArrowRight")
    scales = {"block1_conv1": {0: 0.0}}
    values = ablation.answers(run.model(2), mnist.half("test").images[:1], scales).values[0]
    page.wait_for_url(re.compile("net_epoch=2"))
    window.settle()
    expect(altered).to_contain_text("0 of block1_conv1 off.")
    assert near(shares(page), [share(float(value)) for value in values])
    window.assert_clean()


def of_drawing(model, page) -> list[str]:
    """What the bars say of the drawing that the address holds."""
    (text,) = re.findall(r"drawn=([^&]*)", page.url)
    return [share(float(value)) for value in ablation.answers(model, packed.unpack(text)).values[0]]


def test_two_networks_read_one_drawing_and_each_shows_its_maps(lab, visit, run):
    window = visit()
    sent = []
    window.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page = window.open(f"{lab}/?home_second={run.id}")
    page.get_by_role("button", name="Random start").wait_for()
    page.locator(".answers.pair").wait_for()
    window.settle()
    before = len(sent)
    draw(page, SEVEN, lift=False)
    settled(page)
    assert len(sent) == before
    page.mouse.up()
    page.wait_for_url(re.compile("drawn="))
    window.settle()
    settled(page)
    first, second = of_drawing(saved.load_pretrained(), page), of_drawing(run.model(), page)
    assert near(shares(page), first) and near(shares(page, ".second"), second)
    legend = page.locator(".legend .side")
    expect(legend.nth(0)).to_have_text(re.compile("^Basic_CNN, trained: 7, "))
    expect(legend.nth(1)).to_have_text(re.compile(r"^epochs: \d, "))
    # its maps, and what they say; the bars stay where they are
    shown = pixels(page, MAPS)
    page.locator(".which button").last.click()
    wait_for_change(page, MAPS, shown)
    for key in ["ArrowRight", "ArrowDown"]:
        page.locator(MAPS).press(key)
    expect(page.locator(".lens")).to_contain_text("block1_activation1, map 0 (0 to 3)")
    assert near(shares(page), first) and near(shares(page, ".second"), second)
    # what a map is worth is counted for the network that it belongs to
    page.locator(MAPS).press(" ")
    scales = {"block1_activation1": {0: 0.0}}
    half = mnist.half("test")
    now = ablation.answers(run.model(), half.images[:1000], scales).accuracy(half.labels[:1000])
    expect(page.locator(".altered")).to_contain_text(f"it reads {share(now)},")
    page.locator(".which button").first.click()
    expect(page.locator(".altered")).to_be_hidden()
    assert near(shares(page), first)
    page.locator(".which button").last.click()
    expect(page.locator(".altered")).to_contain_text(f"it reads {share(now)},")
    page.locator(".lens .open").click()
    page.wait_for_url(re.compile("layer=block1_activation1"))
    window.settle()
    assert f"net={run.id}" in page.url
    window.assert_clean()


def test_a_digit_that_is_chosen_ends_the_ghost(lab, visit):
    window, page = opened(visit, lab)
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile("index=1"))
    window.settle()
    settled(page)
    expect(page.locator(".headline")).to_have_text(re.compile("^2, "))
    assert not page.locator(".paper").evaluate(INK)
    window.assert_clean()
