"""Coroutines in tests."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor


def run(coroutine):
    """As asyncio.run, in a thread of its own: where an earlier test of this process has opened a browser, Playwright's
    loop runs in the main thread, and asyncio.run refuses a second one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.copy_context().run, asyncio.run, coroutine).result()
