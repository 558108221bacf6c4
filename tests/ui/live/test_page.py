"""One HTML file of a network: what is in it, and that no name breaks out of its place."""

import base64
import hashlib
import html.parser
import re

import numpy as np
import pytest

from core.data import mnist
from core.live.bundle import bundle
from core.network import notation
from tests.core.live.test_bundle import SMALL, drawn, read
from ui.components import living_network
from ui.live import page, scripts

HOSTILE = (
    "</script><script>document.title = 'taken'</script>",
    "</title></h1></pre><img src=x onerror=\"document.title='taken'\">",
    "<!-- script --><!--",
    "--> ' & &amp; \" \\u003c `${document.title = 1}`",
)


class Parsed(html.parser.HTMLParser):
    """Every tag with its attributes, and the text inside each kind of tag."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.open, self.texts = [], [], {}
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "input", "img"):
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def made(name="mine", facts="", network=SMALL, numbers="float16", **options):
    options = {"image": mnist.half("test").images[0], "truth": 7} | options
    return page.page(name, network, bundle(network, drawn(network), numbers), facts, **options)


def message(content):
    """Header and arrays of what the page passes to the component."""
    (packed,) = re.findall('<script type="text/plain" id="message">([A-Za-z0-9+/=]*)</script>', content)
    return read(base64.b64decode(packed))


def test_it_holds_the_bundle_the_engine_the_digit_and_the_component_as_it_is():
    judged = living_network.Judged(np.array([0.5, 0.75], np.float32), np.array([True, False]), 3.5)
    content = made("mine", "It reads well.", judged=judged, mode="map")
    header, arrays = message(content)
    assert arrays["network now"].tobytes() == bundle(SMALL, drawn(SMALL), "float16").data
    assert arrays["engine"].tobytes().decode() == scripts.engine()
    np.testing.assert_array_equal(arrays["image"], mnist.half("test").images[0])
    assert (header["truth"], header["typical"], header["mode"], header["acts"]) == (7, {"logit": 3.5}, "map", [])
    assert (arrays["sure"].tolist(), arrays["right"].tolist()) == ([0.5, 0.75], [1, 0])
    assert header["networks"] == [{"key": "now", "label": "mine"}] and header["accuracy"] is None
    source = living_network.source()
    assert source.html in content and source.css in content and source.js in content


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_a_name_says_stays_text(hostile):
    parsed, plain = Parsed(made(hostile, hostile)), Parsed(made())
    assert [tag for tag, _ in parsed.tags] == [tag for tag, _ in plain.tags]
    assert parsed.texts["title"] == parsed.texts["h1"] == [hostile]
    assert hostile in parsed.texts["p"]
    assert not parsed.open


def test_the_names_of_layers_are_text_too():
    network = notation.parse("Conv2D 3 3 - Flatten - Dense 10 softmax")
    content = made(network=network)
    (text,) = Parsed(content).texts["pre"]
    assert notation.parse(text) == network


def test_only_the_scripts_that_are_in_it_may_run_and_nothing_is_loaded():
    parsed = Parsed(made())
    (policy,) = (each["content"] for each in parsed.attributes("meta") if "http-equiv" in each)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    style, script = parsed.texts["style"][0], parsed.texts["script"][-1]
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["style-src"] == f"'{hashed(style)}'"
    assert rules["script-src"] == f"'{hashed(script)}' 'wasm-unsafe-eval'" and rules["worker-src"] == "blob:"
    assert set(rules) == {"default-src", "style-src", "script-src", "worker-src", "base-uri", "form-action"}
    assert not [attributes for _, attributes in parsed.tags if {"src", "href", "style", "onclick"} & set(attributes)]
    # a browser ends a script at the first, and reads on differently after the second
    assert "</script" not in script.lower() and "<!--" not in script and "</style" not in style.lower()


def hashed(text):
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@pytest.mark.parametrize("text", ["Basic_CNN", "LeNet-5", "Flatten - Dense 10 softmax"])
@pytest.mark.parametrize("numbers", ["float16", "int8"])
def test_its_size_is_known_before(text, numbers):
    network = notation.parse(text)
    content = made("x" * 40, network=network, numbers=numbers)
    assert abs(page.size(network, numbers) - len(content.encode())) < 20_000


def test_both_themes_are_those_of_the_dashboard():
    (style,) = Parsed(made()).texts["style"]
    light, dark = style.split("prefers-color-scheme: dark")
    assert "--st-background-color: #ffffff" in light and "--st-background-color: #15181d" in dark
    used = set(re.findall(r"var\((--st-[a-z-]+)\)", style))
    assert used == set(re.findall(r"(--st-[a-z-]+):", light))
