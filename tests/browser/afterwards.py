"""What a test that has failed left behind: the words on each open page, and what the servers complained of."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Browser, Error

from bench import servers

_MOST = 3000
_PATIENCE_MS = 5000


def sections(browser: Browser) -> list[tuple[str, str]]:
    """Heads and texts for the report; a page that does not answer has only its address."""
    found = []
    for page in (page for context in browser.contexts for page in context.pages):
        words = ""
        with contextlib.suppress(Error):
            words = page.locator("body").inner_text(timeout=_PATIENCE_MS)
        found.append((f"page {page.url}", words[-_MOST:]))
    for log in sorted(servers.logs.glob("*.log")) if servers.logs else ():
        if said := log.read_text(errors="replace").strip():
            found.append((f"server on port {log.stem}", said[-_MOST:]))
    return found
