"""Makes loops.wasm from the C files beside it; only needed after one of them was changed.

    python -m pip install ziglang==0.17.1
    python -m ui.live.build

ziglang is Zig's C compiler (clang with a linker for WebAssembly) as a Python package: one command on every system, and
the same bytes from the same version. It weighs 90 MB, so that it is no requirement, not even of the tests: what it made
is in the repository, and carries the hash of the sources that it was made from.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
TARGET = FOLDER / "loops.wasm"
VERSION = "0.17.1"
OPTIONS = (
    *("-target", "wasm32-freestanding", "-O3", "-msimd128", "-nostdlib"),
    *("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,-z,stack-size=16384"),
)
# the name of a section that WebAssembly leaves to us (a custom section)
_SECTION = b"source"


def sources() -> list[Path]:
    """The C files."""
    return sorted(FOLDER.glob("*.c"))


def source_hash() -> bytes:
    """SHA-256 of what the module follows from: the sources, the options and the compiler's version."""
    said = "\0".join((*(path.read_text(encoding="utf-8") for path in sources()), *OPTIONS, VERSION))
    return hashlib.sha256(said.encode()).digest()


def stamped(module: bytes) -> bytes:
    """The module with a custom section that holds `source_hash`."""
    content = bytes([len(_SECTION)]) + _SECTION + source_hash()
    return module + bytes([0, len(content)]) + content


def compiled() -> bytes:
    """What the compiler makes of the source now. Raises RuntimeError with what it says."""
    with tempfile.TemporaryDirectory(prefix="layer-lab-wasm-") as folder:
        made = Path(folder) / TARGET.name
        command = [sys.executable, "-m", "ziglang", "cc", *OPTIONS, "-o", str(made), *map(str, sources())]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return stamped(made.read_bytes())


def main() -> None:
    """Write loops.wasm."""
    try:
        version = subprocess.run([sys.executable, "-m", "ziglang", "version"], capture_output=True, text=True).stdout
    except OSError:
        version = ""
    if version.strip() != VERSION:
        raise SystemExit(f"This needs ziglang {VERSION}: python -m pip install ziglang=={VERSION}")
    TARGET.write_bytes(compiled())
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
