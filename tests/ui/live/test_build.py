"""loops.wasm is what the C files give."""

import importlib.util
import re

import pytest

from ui.live import build, scripts


def test_it_was_made_from_the_source_that_is_here():
    assert build.TARGET.read_bytes().endswith(build.source_hash())


def test_another_source_has_another_hash(monkeypatch, tmp_path):
    here = build.source_hash()
    for source in build.sources():
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    assert build.sources() and build.source_hash() == here
    for source in build.sources():
        kept = source.read_text(encoding="utf-8")
        source.write_text(kept + "\n", encoding="utf-8")
        assert build.source_hash() != here
        source.write_text(kept, encoding="utf-8")


@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="needs ziglang, see ui/live/build.py")
def test_the_compiler_gives_the_same_bytes():
    assert build.compiled() == build.TARGET.read_bytes()


def test_the_engine_is_small_and_fetches_only_what_a_page_asks_for():
    script = scripts.engine()
    assert len(script) < 100_000
    assert not [word for word in ("import ", "export ", "importScripts", "http", "XMLHttp") if word in script]
    fetching = re.findall(r"(?<!\w)fetch\((.*?)\)", script)
    assert fetching == ["address"] and "await fetch(address)" in (build.FOLDER / "kept.js").read_text(encoding="utf-8")
