"""A page's HTML says in which language the page is."""

import pytest

from tests import loops
from ui.server import deep_links
from ui.server.deep_links import DeepLinks

MODULES = b'<script type="module" src="a.js"></script><link rel="modulepreload" href="b.js">'
HTML = b'<!doctype html><html lang="en"><head><title>Streamlit</title><script src="app.js"></script></head></html>'


def asked(query=b"", accept=b"", path="/conv2d", body=HTML, kind=b"text/html"):
    """What a browser gets from an app that answers everything with `body`."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body[:30], "more_body": True})
        await send({"type": "http.response.body", "body": body[30:]})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "query_string": query, "headers": [(b"accept-language", accept)]}
    loops.run(DeepLinks(app, lambda: ("conv2d",), "<!-- early {} -->".format)(scope, None, send))
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        (b"", b"", b"en"),
        (b"", b"ko-KR,ko;q=0.9", b"ko"),
        (b"lang=ko", b"en", b"ko"),
        (b"net=%25&lang=en", b"ko", b"en"),
        (b"lang=en-XA", b"", b"en-XA"),
        (b'lang="><script>', b"ko", b"ko"),
    ],
)
def test_the_language_of_a_page(query, accept, language):
    headers, body = asked(query, accept)
    assert b'<html lang="' + language + b'">' in body and body.count(b"BACKEND_BASE_URL") == 1
    assert b"<title>Layer Lab</title>" in body
    assert int(headers[b"content-length"]) == len(body)


@pytest.mark.parametrize(("path", "kind"), [("/app.js", b"text/html"), ("/conv2d", b"application/json")])
def test_what_is_no_page_is_left_as_it_is(path, kind):
    assert asked(b"lang=ko", path=path, kind=kind)[1] == HTML


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/", b"", b"<!-- early en -->"),
        ("/", b"lang=ko", b"<!-- early ko -->"),
        ("/", b"net=LeNet-5", b""),
        ("/", b"drawn=", b""),
        ("/conv2d", b"", b""),
        ("/conv2d/", b"", b""),
    ],
)
def test_only_the_plain_first_page_is_there_before_streamlit(path, query, said):
    body = asked(query, path=path)[1]
    assert body.count(b"<!-- early") == bool(said) and said in body


@pytest.mark.parametrize(
    ("path", "said"),
    [("/a/lab/", b"<!-- early en -->"), ("/a/lab/conv2d", b""), ("/a/lab/x.js", None), ("/lab/", None)],
)
def test_a_page_below_a_folder_that_the_server_was_given(monkeypatch, path, said):
    monkeypatch.setattr(deep_links.st, "get_option", {"server.baseUrlPath": "a/lab"}.get)
    body = asked(path=path)[1]
    if said is None:
        assert body == HTML
    else:
        assert body.count(b"BACKEND_BASE_URL") == 1 and body.count(b"<!-- early") == bool(said) and said in body


def test_streamlit_s_scripts_wait_where_something_stands_there_before_them():
    html = HTML.replace(b"<script src", MODULES + b"<script src")
    body = asked(path="/", body=html)[1]
    assert b'<script type="held" src="a.js">' in body and b'<link rel="held" href="b.js">' in body
    assert MODULES in asked(path="/conv2d", body=html)[1]
