"""compose.yaml has just the proxy's configuration that `classroom.proxy` writes, its services fit together, and each of
them can be started as it says: what it calls is there and takes what it is given."""

import fnmatch
import re
import subprocess
from pathlib import Path

import pytest

from classroom.proxy import PROXIES
from core.classes import place
from core.runs import cluster
from tests.classroom.test_proxy import CHECKS, binary_of

yaml = pytest.importorskip("yaml")  # requirements-cluster.txt brings it
ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = [name for name, service in SERVICES.items() if "build" in service]
PORT = 8501


def test_the_configuration_is_the_one_of_the_project():
    haproxy = next(proxy for proxy in PROXIES if proxy.name == "haproxy")
    written = haproxy.configuration(8501, ["dashboard-1:8501", "dashboard-2:8501"])
    assert COMPOSE["configs"]["haproxy"]["content"] == written


@pytest.mark.parametrize("name", ["dashboard-1", "dashboard-2", "worker"])
def test_dashboards_and_workers_share_the_runs_and_the_scheduler(name):
    scheduler = re.fullmatch(r"tcp://(.+):8786", SERVICES[name]["environment"][cluster.VARIABLE]).group(1)
    assert "scheduler" in SERVICES[scheduler]["command"]
    assert SERVICES[name]["volumes"] == ["runs:/runs"] and "LAYER_LAB_RUNS=/runs" in DOCKERFILE


def test_classes_are_in_the_database_of_the_same_name():
    database = SERVICES["database"]["environment"]
    for name in ("dashboard-1", "dashboard-2", "worker"):  # it may train on what a class draws
        url = SERVICES[name]["environment"][place.VARIABLE]
        assert url == f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}@database/lab"
        assert SERVICES[name]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_trainings_stand_back_behind_all_other_containers():
    """Niceness does not reach beyond a container: 1024 is what Docker gives one that says nothing."""
    shares = {name: service.get("cpu_shares", 1024) for name, service in SERVICES.items()}
    trains = shares.pop("worker")
    assert 2 <= trains <= min(shares.values()) / 20  # Docker takes no less than 2


def test_only_the_proxy_is_open_and_every_volume_is_declared():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    used = {each.split(":")[0] for service in SERVICES.values() for each in service.get("volumes", ())}
    assert used == {*COMPOSE["volumes"]}


def test_each_command_is_there_and_takes_what_it_is_given():
    from distributed.cli.dask_scheduler import main as scheduler
    from streamlit.web.cli import main_run

    assert SERVICES["worker"]["command"] == ["python", "-m", "core.runs.worker"]
    assert "main()" in (ROOT / "core" / "runs" / "worker.py").read_text(encoding="utf-8")
    python, option, module, command, *given = SERVICES["scheduler"]["command"]
    assert [python, option, module, command] == ["python", "-m", "dask", "scheduler"]
    scheduler.make_context(command, given)  # click reads them, and raises where it does not know one
    assert all("command" not in SERVICES[name] for name in OURS if name.startswith("dashboard"))
    streamlit, run, *given = yaml.safe_load(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[1])
    assert (streamlit, run) == ("streamlit", "run")
    assert (ROOT / main_run.make_context(run, given).params["target"]).is_file()


def test_each_variable_is_one_that_the_product_reads():
    from streamlit import config

    said = {name for each in OURS for name in SERVICES[each].get("environment", {})}
    said |= set(re.findall(r"(\w+)=", " ".join(re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE))))
    options = {option.env_var for option in config._config_options_template.values()}
    sources = [path for folder in ("core", "ui", "classroom") for path in (ROOT / folder).rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert {"LAYER_LAB_CLASS", "LAYER_LAB_HOSTS", "STREAMLIT_SERVER_COOKIE_SECRET"} <= said
    for name in said:
        assert name in options if name.startswith("STREAMLIT_") else re.search(rf"""["']{name}["']""", code), name


def test_what_somebody_has_to_choose_is_said_where_it_is_explained():
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    must = set(re.findall(r"\$\{(\w+):\?", text))
    for told in (text, (ROOT / "README.md").read_text(encoding="utf-8")):
        (line,) = (line for line in told.splitlines() if line.endswith("docker compose up --build"))
        assert set(re.findall(r"(\w+)=…", line)) == must


def test_ports_of_the_proxy_and_of_what_stands_behind_it_agree():
    from streamlit import config

    configuration = COMPOSE["configs"]["haproxy"]["content"]
    (outside,) = SERVICES["proxy"]["ports"]
    assert outside.endswith(f":{PORT}") and f"bind :{PORT}\n" in configuration
    assert re.findall(r"server \w+ (\S+)", configuration) == [f"dashboard-1:{PORT}", f"dashboard-2:{PORT}"]
    assert {f"dashboard-{number}" for number in (1, 2)} == set(SERVICES["proxy"]["depends_on"])
    assert config._config_options_template["server.port"].default_val == PORT and f"EXPOSE {PORT}\n" in DOCKERFILE
    for name in ("dashboard-1", "dashboard-2"):
        *_python, code = SERVICES[name]["healthcheck"]["test"]
        compile(code, name, "exec")
        assert f"http://localhost:{PORT}/_stcore/health" in code


def test_the_proxy_reads_its_configuration(tmp_path):
    kind = next(each for each in PROXIES if each.name == "haproxy")
    file = tmp_path / "configuration"
    file.write_text(COMPOSE["configs"]["haproxy"]["content"])
    found = subprocess.run(CHECKS["haproxy"](binary_of(kind), file), capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


def test_what_the_image_copies_is_in_git_and_nothing_of_it_is_left_out():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no clone: what is in git cannot be asked")
    tracked = listed.stdout.splitlines()
    copied = [each for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for each in line.split()]
    assert "." in copied and {*copied} - {"."} <= {*tracked}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not [name for name in tracked if any(_matches(name, pattern) for pattern in ignored)]
    assert _matches("core/__pycache__/x.pyc", "**/__pycache__") and not _matches("assets/runs/x", "runs")


def test_what_is_kept_out_of_git_is_kept_out_of_the_image():
    """A password in .streamlit/secrets.toml above all."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    kept_out = {line.strip("/") for line in lines if line and not line.startswith("#")}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert kept_out | {".git"} == {pattern.removeprefix("**/") for pattern in ignored}
    assert any(_matches(".streamlit/secrets.toml", pattern) for pattern in ignored)


def _matches(name, pattern):
    """As Docker has it: a pattern is for a path from the root, and for all that is below it."""
    parts = name.split("/")
    heads = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatchcase(part, pattern[3:]) for part in parts)
    return any(fnmatch.fnmatchcase(head, pattern) and head.count("/") == pattern.count("/") for head in heads)


def test_the_image_installs_what_its_services_need():
    installed = re.findall(r"-r (\S+)", DOCKERFILE)
    assert installed == ["requirements.txt", "requirements-postgres.txt", "requirements-cluster.txt"]
    assert all((ROOT / name).exists() for name in installed)
