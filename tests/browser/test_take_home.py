"""The file that is taken home, opened from disk in a browser without a network: every request but for the file itself
and the worker from its blob fails the test."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from core.data import mnist
from core.drawing import strokes
from core.drawing.drawn import prepare_drawing
from core.live.bundle import bundle
from core.network import ablation, notation, saved
from core.network.presets import BASIC_CNN, PRESETS
from tests.browser.conftest import next_frame
from tests.browser.test_home import near, root, settled, shares
from tests.core.live.test_bundle import drawn
from ui.components import living_network
from ui.live import page as pages
from ui.shared.text import share

RECORDED = json.loads((Path(__file__).parent / "strokes.json").read_text())
LOCAL = ("file:", "data:", "blob:")
# of the digit that comes along; whether a probability this near to 1 is 1 hangs on how weights were rounded
SURE = re.compile(r"^7, (> 99\.9|100\.0) % sure$")
# what the page asks its worker to read: the acts of the pad, as they are
LISTEN = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.kind === "draw") window.acts = structuredClone(message.acts);
  return post.call(this, message, ...rest);
};
"""
SCHEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 29)"}

JUDGED = living_network.Judged(np.array([0.5, 0.99], np.float32), np.array([False, True]), 8.9)


class File:
    """The file in a browser of its own, with everything that must not happen written down."""

    def __init__(self, chromium, path, scheme="light", width=1280, **options):
        size = {"width": width, "height": 844 if width < 600 else 900}
        self.context = chromium.new_context(offline=True, color_scheme=scheme, viewport=size, **options)
        self.complaints = []
        self.page = self.context.new_page()
        self.page.add_init_script(LISTEN)
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.context.on("request", self._request)
        self.page.goto(path.as_uri())
        self.page.locator(".living[data-answered]").wait_for()

    def _request(self, request):
        if not request.url.startswith(LOCAL):
            self.complaints.append(f"asked the network: {request.url}")

    def draw(self, stroke):
        """One stroke of recorded places, by mouse."""
        box = self.page.locator(".paper").bounding_box()
        places = [
            (box["x"] + x * box["width"] / strokes.SIDE, box["y"] + y * box["width"] / strokes.SIDE) for x, y in stroke
        ]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place)
        next_frame(self.page)
        self.page.mouse.up()

    def close(self):
        self.context.close()
        assert self.complaints == []


@pytest.fixture
def opened(chromium):
    """opened(path, scheme, width, …): a File, at whose end nothing may have gone wrong."""
    files = []

    def make(*args, **options):
        files.append(File(chromium, *args, **options))
        return files[-1]

    yield make
    for each in files:
        each.close()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """shipped(numbers): the path of the shipped network's file."""
    folder = tmp_path_factory.mktemp("home")
    network, weights = PRESETS[BASIC_CNN], saved.load_pretrained().get_weights()

    def make(numbers):
        path = folder / f"{numbers}.html"
        if not path.exists():
            image = mnist.half("test").images[0]
            made = bundle(network, weights, numbers)
            path.write_text(pages.page("Basic_CNN", network, made, "", image, 7, "map", JUDGED), "utf-8")
        return path

    return make


def expected(acts):
    """The ten answers of Keras, with float32 weights, on what a drawing is prepared to."""
    image = prepare_drawing(acts).result
    return saved.load_pretrained().predict_on_batch(image.reshape(1, 28, 28, 1))[0]


@pytest.mark.parametrize(("numbers", "scheme", "digits"), [("float16", "light", "02468"), ("int8", "dark", "13579")])
def test_recorded_strokes_are_read_as_keras_reads_them(opened, shipped, numbers, scheme, digits):
    page = (file := opened(shipped(numbers), scheme)).page
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == SCHEMES[scheme]
    for digit in digits:
        for stroke in RECORDED[digit]:
            file.draw(stroke)
        settled(page)
        acts = page.evaluate("window.acts")
        assert len(acts) >= len(RECORDED[digit])
        values = expected(acts)
        assert values.argmax() == int(digit)
        expect(page.locator(".answer.best .digit")).to_have_text(digit)
        close = {"float16": 0.0012, "int8": 0.02}[numbers]
        found = [float(each.strip("<>% ")) / 100 for each in shares(page)]
        # the bars round to a tenth of a per cent, and say "< 0.1 %" of less
        assert np.abs(np.subtract(found, values)).max() <= close + 0.001
        page.get_by_role("button", name="Clear").click()
        settled(page)
        expect(page.locator(".headline")).to_have_text(SURE)  # the digit that came along


def test_a_map_says_what_it_reads_can_be_switched_off_and_opens_nothing(opened, shipped):
    file = opened(shipped("float16"))
    page = file.page
    for stroke in RECORDED["3"]:
        file.draw(stroke)
    settled(page)
    acts = page.evaluate("window.acts")
    page.locator(".maps").focus()
    for key in ["ArrowRight", "ArrowDown", "ArrowDown", *["ArrowRight"] * 5]:
        page.keyboard.press(key)
    expect(root(page)).to_have_attribute("data-chosen", "block1_conv2 5")
    expect(page.locator(".lens")).to_contain_text("of block1_activation1.")
    expect(page.locator(".lens .open")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(page.locator(".altered")).to_contain_text("Changed: 5 of block1_conv2 off")
    image = prepare_drawing(acts).result
    now = ablation.answers(saved.load_pretrained(), image[np.newaxis] * 255, {"block1_conv2": {5: 0.0}}).values[0]
    # what rounds to all of it may be all of it in the browser, or the other way round
    said = {share(float(now[3])), *((share(1), share(0.9999)) if now[3] > 0.9994 else ())}
    expect(page.locator(".answer .share:not(.second)").nth(3)).to_have_text(re.compile("|".join(map(re.escape, said))))
    assert near(shares(page), [share(float(value)) for value in now])
    page.get_by_role("button", name="Follow the digit").click()
    expect(page.locator(".said")).to_contain_text("block1_conv1: Conv2D, 28×28×32")
    assert "Enter" not in page.locator(".maps").get_attribute("aria-description")
    box = page.locator(".maps").bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.12 * box["height"])
    expect(root(page)).not_to_have_attribute("data-chosen", "block1_conv2 5")
    assert page.url.startswith("file:") and len(file.context.pages) == 1


def test_a_ghost_draws_until_the_pad_is_touched(opened, shipped):
    file = opened(shipped("float16"))
    first = root(file.page).get_attribute("data-answered")
    expect(root(file.page)).not_to_have_attribute("data-answered", first)
    file.draw(RECORDED["1"][0])
    settled(file.page)
    assert len(file.page.evaluate("window.acts")) == 1
    expect(file.page.locator(".headline")).to_contain_text("1")


def test_it_follows_the_browser_from_light_to_dark(opened, shipped):
    page = opened(shipped("float16")).page
    corner = """() => { const names = document.querySelector(".names");
      const data = names.getContext("2d").getImageData(0, 0, 100, 40).data;
      let sum = 0; for (let i = 0; i < data.length; i += 4) sum += data[i + 3] && data[i]; return sum / 255; }"""
    light = page.evaluate(corner)  # the names of the layers: dark on light
    page.emulate_media(color_scheme="dark")
    expect(page.locator(":root")).to_have_css("background-color", SCHEMES["dark"])
    # not wait_for_function: it has the page read a function from a string, which the policy of the file forbids
    page.evaluate(
        f"async light => {{ while (({corner})() <= light + 50) await new Promise(requestAnimationFrame); }}", light
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_a_finger_draws_and_asks(opened, shipped, scheme):
    page = opened(shipped("int8"), scheme, 390, has_touch=True, is_mobile=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".maps").bounding_box()
    page.touchscreen.tap(box["x"] + 60, box["y"] + 120)
    expect(page.locator(".lens")).to_be_visible()
    expect(page.locator(".lens .open")).to_be_hidden()
    page.get_by_role("button", name="All layers").tap()
    expect(page.get_by_role("button", name="All layers")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("The network as text").tap()
    expect(page.locator("pre")).to_contain_text("Dense 10")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "name",
    [
        "</script><script>document.title = 'taken'; alert(1)</script>",
        "</title></h1><img src=https://layer-lab.invalid/x.png onerror=\"document.title = 'taken'\">",
        "<!-- script --><!--<script>",
        "\"'`${alert(1)}&quot;\\",
    ],
)
def test_a_hostile_name_is_only_a_name(opened, tmp_path, name):
    network = notation.parse("Conv2D 3 3 relu - Flatten - Dense 10 softmax")
    made = bundle(network, drawn(network), "float16", about={"name": name})
    path = tmp_path / "hostile.html"
    path.write_text(pages.page(name, network, made, name, mnist.half("test").images[0]), "utf-8")
    page = opened(path).page
    assert page.title() == name
    expect(page.locator("h1")).to_have_text(name)
    assert page.locator("img, script:not([type])").count() == 0 and page.locator("script").count() == 2
    assert page.locator(".answer").count() == 10


# what somebody's script would ask for, had it got into the page, and which rule refuses it
ASKED = {
    "connect-src": "fetch(away).catch(() => null)",
    "img-src": "document.body.append(made('img', { src: away }))",
    "script-src-elem": "document.body.append(made('script', { src: away }))",
    "frame-src": "document.body.append(made('iframe', { src: away }))",
    "style-src-elem": "document.body.append(made('link', { rel: 'stylesheet', href: away }))",
    "form-action": "document.body.appendChild(made('form', { action: away })).submit()",
}


def test_its_policy_lets_nothing_in_or_out(chromium, shipped):
    context = chromium.new_context()
    asked = []
    context.route("http**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    page.goto(shipped("int8").as_uri())
    for rule, script in ASKED.items():
        page.evaluate(
            f"""(away) => {{
              const made = (tag, attributes) => Object.assign(document.createElement(tag), attributes);
              window.refused = new Promise((told) => {{
                const tell = (event) => told(event.effectiveDirective);
                addEventListener("securitypolicyviolation", tell, {{ once: true }});
              }});
              {script};
            }}""",
            "https://layer-lab.invalid/x",
        )
        # to wait for a function would have the page read one from a string, which the policy forbids too
        assert page.evaluate("() => window.refused") == rule and not asked
    context.close()


def test_a_script_that_is_not_its_own_does_not_run(chromium, shipped, tmp_path):
    content = shipped("int8").read_text("utf-8")
    path = tmp_path / "changed.html"
    path.write_text(content.replace("</body>", "<script>window.taken = true</script></body>"), "utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.locator(".living[data-answered]").wait_for()
    assert page.evaluate("window.taken") is None
    page.close()


def changed(shipped, tmp_path, old, new):
    """The path of the file with something in its policy replaced."""
    path, content = tmp_path / "changed.html", shipped("int8").read_text("utf-8")
    assert content.count(old) == 1
    path.write_text(content.replace(old, new), "utf-8")
    return path


def test_where_nothing_may_be_compiled_plain_javascript_answers(chromium, shipped, tmp_path):
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(changed(shipped, tmp_path, " 'wasm-unsafe-eval'", "").as_uri())
    expect(page.locator(".headline")).to_have_text(SURE)
    page.close()


def test_where_no_worker_may_start_one_sentence_says_so(chromium, shipped, tmp_path):
    page = chromium.new_page()
    page.goto(changed(shipped, tmp_path, "worker-src blob:", "worker-src 'none'").as_uri())
    expect(page.locator(".said")).to_contain_text("Your browser should compute the network and could not (")
    assert page.locator(".said").inner_text().endswith(").")  # and sends nobody to a server that is not there
    page.close()


def test_digits_that_are_as_likely_are_both_named(opened, tmp_path):
    network = notation.parse("Flatten - Dense 10 softmax")
    made = bundle(network, [np.zeros((784, 10), np.float32), np.zeros(10, np.float32)])
    path = tmp_path / "even.html"
    path.write_text(pages.page("even", network, made, "", mnist.half("test").images[0]), "utf-8")
    expect(opened(path).page.locator(".headline")).to_have_text("0 or 1?")


def test_a_network_that_gives_no_numbers_says_so(opened, tmp_path):
    network = notation.parse("Flatten - Dense 10 softmax")
    made = bundle(network, [np.full((784, 10), np.nan, np.float32), np.zeros(10, np.float32)])
    path = tmp_path / "broken.html"
    path.write_text(pages.page("broken", network, made, "", mnist.half("test").images[0]), "utf-8")
    page = opened(path).page
    expect(page.locator(".headline")).to_have_text("No answer")
    expect(page.locator(".doubt")).to_contain_text("what comes out are no numbers")
