"""What is computed once for all sessions, as `st.cache_resource`, but bounded by bytes instead of by a count.

One network may weigh a thousand times as much as another: forty-eight of the small ones are nothing, and of the large
ones more than a school's server has.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import Any

import numpy as np

_caches: weakref.WeakSet[Cache] = weakref.WeakSet()
_others: list[Callable[[], None]] = []


class Cache:
    """Values by key; those that were not asked for longest go, once all together weigh more than `most` bytes. The
    newest stays whatever it weighs."""

    def __init__(self, most: int, size: Callable[[Any], int]):
        self.most, self.size = most, size
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        _caches.add(self)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value of this key, made where there is none: once, however many ask. What `make` raises is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:  # somebody else has made it meanwhile
                    return self._values[key][0]
            try:
                value = make()
                self._keep(key, value)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def _keep(self, key: Hashable, value: Any) -> None:
        size = self.size(value)
        with self._lock:
            self._values[key] = value, size
            while len(self._values) > 1 and self._held() > self.most:
                self._values.popitem(last=False)

    def _held(self) -> int:
        return sum(size for _, size in self._values.values())

    @property
    def held(self) -> int:
        """Bytes of all values together, as `size` sees them."""
        with self._lock:
            return self._held()

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._values.clear()


def also(clear: Callable[[], None]) -> None:
    """Something else holds such values, and forgets them in `clear`."""
    _others.append(clear)


def clear_all() -> None:
    """Forget what is held in this process: among it is something that must not be any more."""
    for each in list(_caches):
        each.clear()
    for clear in _others:
        clear()


def bounded(most: int, size: Callable[[Any], int]) -> Callable:
    """A decorator: remember what a function gives for its positional arguments; those are the key.

    most: bytes; size: of one value.
    """

    def decorate(function: Callable) -> Callable:
        cache = Cache(most, size)

        @wraps(function)
        def cached(*args: Hashable) -> Any:
            return cache.get(args, lambda: function(*args))

        cached.cache = cache
        cached.clear = cache.clear
        return cached

    return decorate


def array_bytes(arrays: Iterable[np.ndarray]) -> int:
    """Bytes of some arrays; one that comes twice counts once."""
    return sum(array.nbytes for array in {id(array): array for array in arrays}.values())
