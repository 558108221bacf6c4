"""compose.yaml has just the proxy's configuration that `classroom.proxy` writes."""

import textwrap
from pathlib import Path

from classroom.proxy import PROXIES

COMPOSE = Path(__file__).resolve().parents[2] / "compose.yaml"


def test_the_configuration_is_the_one_of_the_project():
    written = COMPOSE.read_text(encoding="utf-8")
    _, _, rest = written.partition("    content: |\n")
    found, _, _ = rest.partition("\nvolumes:")
    haproxy = next(proxy for proxy in PROXIES if proxy.name == "haproxy")
    assert textwrap.dedent(found) == haproxy.configuration(8501, ["dashboard-1:8501", "dashboard-2:8501"])
