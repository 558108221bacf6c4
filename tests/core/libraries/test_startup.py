"""While what lasts is imported Python's collector rests, and only then."""

import gc
import importlib

import pytest

from core.libraries import startup


def test_the_collector_rests_meanwhile_and_does_not_look_at_what_came():
    with startup.lasting():
        assert not gc.isenabled()
        came = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert not any(each is came[0] for each in gc.get_objects())


def test_it_looks_again_where_something_cannot_be_imported():
    with pytest.raises(ModuleNotFoundError), startup.lasting():
        importlib.import_module("core.no_module_of_this_name")
    assert gc.isenabled()
