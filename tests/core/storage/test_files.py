"""Files are replaced in one step: a reader never sees half of one."""

import pytest

from core.storage import files
from core.storage.files import FileError


def test_replacing_leaves_one_file_and_the_new_content(tmp_path):
    path = tmp_path / "state.json"
    for number in (1, 2):
        files.write_json(path, {"number": number})
    assert path.read_text() == '{"number": 2}'
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_content(tmp_path):
    path = tmp_path / "state.json"
    files.write_json(path, {"number": 1})
    with pytest.raises(TypeError):
        files.write_json(path, {"number": object()})
    assert path.read_text() == '{"number": 1}'


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_damaged_arrays_get_a_sentence(tmp_path, content):
    (tmp_path / "0001.npz").write_bytes(content)
    with pytest.raises(FileError, match="should be there"):
        files.read_arrays(tmp_path / "0001.npz")
