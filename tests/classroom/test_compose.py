"""compose.yaml has just the proxy's configuration that `classroom.proxy` writes, and its services fit together."""

import importlib.util
import re
from pathlib import Path

import pytest

from classroom.proxy import PROXIES
from core.classes import place
from core.runs import cluster

yaml = pytest.importorskip("yaml")  # requirements-cluster.txt brings it
ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def test_the_configuration_is_the_one_of_the_project():
    haproxy = next(proxy for proxy in PROXIES if proxy.name == "haproxy")
    written = haproxy.configuration(8501, ["dashboard-1:8501", "dashboard-2:8501"])
    assert COMPOSE["configs"]["haproxy"]["content"] == written


@pytest.mark.parametrize("name", ["dashboard-1", "dashboard-2", "worker"])
def test_dashboards_and_workers_share_the_runs_and_the_scheduler(name):
    scheduler = re.fullmatch(r"tcp://(.+):8786", SERVICES[name]["environment"][cluster.VARIABLE]).group(1)
    assert "scheduler" in SERVICES[scheduler]["command"]
    assert SERVICES[name]["volumes"] == ["runs:/runs"] and "LAYER_LAB_RUNS=/runs" in (ROOT / "Dockerfile").read_text()


def test_classes_are_in_the_database_of_the_same_name():
    database = SERVICES["database"]["environment"]
    for name in ("dashboard-1", "dashboard-2", "worker"):  # it may train on what a class draws
        url = SERVICES[name]["environment"][place.VARIABLE]
        assert url == f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@database/lab"
        assert SERVICES[name]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_only_the_proxy_is_open_and_every_volume_is_declared():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    used = {each.split(":")[0] for service in SERVICES.values() for each in service.get("volumes", ())}
    assert used == {*COMPOSE["volumes"]}


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_what_a_service_starts_is_there(name):
    python, option, module, *_ = SERVICES[name]["command"]
    assert (python, option) == ("python", "-m") and importlib.util.find_spec(module)


def test_the_image_installs_what_its_services_need():
    installed = re.findall(r"-r (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert installed == ["requirements.txt", "requirements-postgres.txt", "requirements-cluster.txt"]
    assert all((ROOT / name).exists() for name in installed)
