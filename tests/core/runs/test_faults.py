"""What can happen to a machine that trains: full disks, folders that go, jobs that cannot start, clocks that jump."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.servers import ROOT
from core.runs import budget, folders, history, queue, recorder
from core.runs import writer as runs_writer
from core.runs.damage import damages
from core.runs.folders import RunError
from core.runs.processes import JobError, JobExecutor
from core.runs.writer import Writer
from core.storage import files
from core.training.devices import Devices
from core.training.loop import Checkpoint
from tests.core.runs import sample_jobs
from tests.core.runs.sample_runs import SPEC, trained
from tests.core.runs.test_queue import LONG, QUICK, SLIGHT, server, wait_for, wait_until_learning

__all__ = ["server"]

pytestmark = pytest.mark.usefixtures("own_runs")


def until(true):
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# jobs


@pytest.mark.parametrize("broken", ["tempfile.mkstemp", "subprocess.Popen"])
def test_a_job_that_cannot_be_launched_says_so_and_the_next_one_works(tmp_path, monkeypatch, broken):
    module, _, name = broken.partition(".")
    target = {"tempfile": tempfile, "subprocess": subprocess}[module]
    whole, calls = getattr(target, name), []

    def once(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(*args, **kwargs)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(target, name, once)
    executor = JobExecutor(tmp_path / "turn")
    first, second = (executor.submit(sample_jobs.add, number) for number in (1, 2))
    with pytest.raises(JobError, match="No space left"):
        first.result(60)
    assert second.result(60)["sum"] == 2
    executor.shutdown()
    assert {path.name for path in tmp_path.iterdir()} == {"turn"}


def test_a_run_whose_job_cannot_be_launched_failed_and_the_queue_goes_on(server, monkeypatch):
    whole, calls = tempfile.mkstemp, []

    def once(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(*args, **kwargs)

    monkeypatch.setattr("core.runs.processes.tempfile.mkstemp", once)
    first, second = queue.start(SLIGHT, "first"), queue.start(SLIGHT, "second")
    until(lambda: first.state.status == "failed")
    assert "could not start" in first.state.message and "No space left" in first.state.message
    wait_for(second, "finished")
    queue.resume(first)
    wait_for(first, "finished")


def test_a_job_whose_server_was_killed_leaves_nothing_in_the_temporary_folder(tmp_path):
    script = (
        "import os, time\nfrom pathlib import Path\nfrom core.runs.processes import JobExecutor\n"
        "from core.storage.locks import is_held\nfrom tests.core.runs import sample_jobs\n"
        f"turn = Path({str(tmp_path / 'turn')!r})\n"
        f"JobExecutor(turn).submit(sample_jobs.mark_when_told, {str(tmp_path)!r}, 'late')\n"
        "while not is_held(turn):\n    time.sleep(0.05)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=False).returncode == -9
    assert list(temporary.glob("layer-lab-job-*"))
    (tmp_path / "go").touch()
    until(lambda: (tmp_path / "late").exists() and not list(temporary.glob("layer-lab-job-*")))


def test_what_killed_jobs_left_is_swept_and_what_is_new_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("layer-lab-job-old", "layer-lab-job-new", "precious"))
    for path in (old, new, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    executor = JobExecutor(tmp_path / "turn")
    executor.shutdown()
    assert not old.exists() and new.exists() and other.exists()


# servers


def test_a_server_that_is_killed_in_the_middle_finds_its_run_at_work_and_its_queue(server, monkeypatch):
    script = (
        "import os, time\nfrom core.runs import queue\nfrom tests.core.runs.test_queue import LONG, SLIGHT\n"
        "first, second = queue.start(LONG, 'first'), queue.start(SLIGHT, 'second')\n"
        "while not first.state.seen:\n    time.sleep(0.02)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -9
    second, first = folders.listed()
    assert first.state.status == "running" and second.state.status == "queued"
    before = first.state.seen
    until(lambda: first.state.seen > before)  # it goes on by itself, and nobody starts the next one
    assert first.state.status == "running" and second.state.status == "queued"
    before, pid = first.state.seen, first.state.pid
    queue.pick_up()
    until(lambda: first.state.seen > before)
    assert first.state.status == "running" and second.state.status == "queued"
    # and nobody else writes it: neither another process that is to train it, nor whoever wants to resume it
    monkeypatch.setattr(recorder, "_LOCK_S", 0.0)
    assert not Writer(first).acquire(0) and recorder.execute(first.id) == "running"
    assert not first.put_state(status="queued")
    with pytest.raises(RunError, match="cannot be resumed"):
        queue.resume(first)
    queue.stop(first)
    wait_for(second, "finished")
    assert (first.state.status, first.state.pid) == ("stopped", pid) and damages(first) == []
    rows = first.batches()
    np.testing.assert_array_equal(rows[:, 0] * LONG.batches + rows[:, 1], np.arange(len(rows)))


def test_a_machine_that_was_switched_off_has_its_queue_in_order_and_says_what_was_cut_off(server):
    """All processes are gone at once: what trained is interrupted, what waited is trained."""
    first, second, third = (queue.start(spec, name) for spec, name in ((LONG, "1"), (SLIGHT, "2"), (SLIGHT, "3")))
    wait_until_learning(first)
    for run in (second, third):
        queue._futures.pop(run.id).cancel()
    queue._futures.pop(first.id)
    os.kill(first.state.pid, signal.SIGKILL)
    until(lambda: not first.alive)
    queue.executor.cache_clear()
    assert first.state.status == "interrupted" and "switched off" in first.state.message
    assert folders.queue() == [second, third]
    queue.pick_up()
    wait_for(third, "finished")
    assert second.state.status == "finished" and damages(first) == []


def test_two_servers_delete_the_same_run():
    for _ in range(5):
        run = trained()
        start = threading.Barrier(4)

        def delete(run=run, start=start):
            start.wait()
            queue.delete(run)

        with ThreadPoolExecutor(4) as pool:
            for future in [pool.submit(delete) for _ in range(4)]:
                future.result(60)
        assert folders.listed() == [] and list(folders.root().iterdir()) == []


# the folder


def test_a_missing_folder_of_runs_is_made_again(server):
    shutil.rmtree(server)
    assert folders.listed() == [] and folders.queue() == [] and folders.at_work() is None
    run = queue.start(SLIGHT, "first")
    wait_for(run, "finished")


def test_a_run_that_is_deleted_under_its_process_ends_it(server):
    run, other = queue.start(LONG, "gone"), queue.start(SLIGHT, "next")
    wait_until_learning(run)
    while run.folder.exists():  # its process writes there meanwhile
        shutil.rmtree(run.folder, ignore_errors=True)
    wait_for(other, "finished")
    assert folders.listed() == [other] and folders.find(run.id) is None


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    """A small file system of its own; a function that mounts it again with other options."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a file system on Linux")
    folder = tmp_path / "mounted"
    folder.mkdir()

    def mount(options):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"mount refuses: {done.stderr.decode().strip()}")

    mount("size=24m")
    monkeypatch.setattr(budget, "SPARE_BYTES", 0)
    monkeypatch.setenv("LAYER_LAB_RUNS", str(folder))
    queue.executor.cache_clear()
    yield folder, lambda options: mount(f"remount,{options}")
    mount("remount,rw,size=24m")
    for run in folders.listed():
        queue.delete(run)
    queue.executor().shutdown(cancel_futures=True)
    queue.executor.cache_clear()
    subprocess.run(["umount", "-l", folder], check=True)


def filled(folder):
    """A file that takes what is left of a disk."""
    path = folder / "filler"
    with open(path, "wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    if file.write(bytes(size)) < size:
                        break
            except OSError as error:
                assert error.errno == errno.ENOSPC
    return path


def test_a_disk_that_is_full_while_a_run_writes(mounted):
    folder, _ = mounted
    run = queue.start(replace(LONG, examples=2000), "full")
    until(lambda: len(run.epochs()) >= 1)
    filler = filled(folder)
    until(lambda: run.state.status in folders.ENDED)
    said = run.state
    assert said.status in ("failed", "stopped") and "disk" in said.message and "Traceback" not in said.message
    until(lambda: not run.alive)
    assert not [path for path in run.folder.rglob(".*") if path.is_file()]  # nothing half written
    done = len(run.epochs())
    assert done >= 1 and damages(run) == [] and queue.needs_start_over(run) is None
    with pytest.raises(RunError, match=r"disk|left for it"):
        queue.start(QUICK, "another")
    assert folders.listed() == [run] and {path.name[0] for path in folder.iterdir()} <= {"2", ".", "f"}
    assert not list(folder.glob(".new-*"))
    before = run.epochs()
    filler.unlink()
    queue.resume(run)
    until(lambda: len(run.epochs()) > done)
    assert run.epochs()[:done] == before


def test_a_folder_that_can_only_be_read_is_read_and_nothing_else(mounted):
    folder, remount = mounted
    run = trained(status="stopped")
    remount("ro")
    assert folders.listed() == [run] and run.weights(1) and damages(run) == []
    for action in (
        lambda: queue.start(QUICK, "new"),
        lambda: queue.resume(run),
        lambda: queue.delete(run),
    ):
        with pytest.raises(RunError, match="can only be read"):
            action()
    assert folder.exists() and run.state.status == "stopped"


def test_orders_that_the_disk_refuses_are_sentences(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, "Read-only file system")

    run = trained(status="running")
    lock = Writer(run)
    assert lock.acquire(0)
    monkeypatch.setattr(files, "write_bytes", refuse)
    for action in (queue.pause, queue.stop):
        with pytest.raises(RunError, match="can only be read"):
            action(run)
    lock.release()


# what a writer writes


def test_a_failed_write_leaves_what_was_there_and_nothing_half(monkeypatch):
    run = trained()
    before = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}

    def full(*args, **kwargs):
        Path(args[0]).write_bytes(b"half") if args else None
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    writer = Writer(run)
    for write in (
        lambda: writer.save_weights(2, [np.zeros(1)]),
        lambda: writer.save_latest([np.zeros(1)]),
        lambda: writer.save_checkpoint(Checkpoint(1, [np.zeros(1)], []), ["line"]),
    ):
        with pytest.raises(OSError):
            write()
    assert {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()} == before


def test_what_is_called_saved_is_on_the_disk_first(monkeypatch):
    """Content and then name are synced before `save_…` returns: of files and of the folder that names them."""
    run, synced = trained(), []
    monkeypatch.setattr(files, "sync", lambda path: synced.append(path.name))
    writer = Writer(run)
    writer.save_weights(2, [np.zeros(1)])
    assert [name.endswith("0002.npz") for name in synced] == [True, False] and synced[1] == "weights"
    synced.clear()
    writer.save_checkpoint(Checkpoint(1, [np.zeros(1)], []), ["line"])
    assert synced[0].endswith("checkpoint.npz") and synced[1] == run.id
    synced.clear()
    writer.append_epoch("line\n")
    assert {*synced} == {"epochs.jsonl", "batches.f64"}


def test_a_damaged_checkpoint_is_no_missing_one_and_nothing_is_erased(monkeypatch):
    monkeypatch.setattr(queue, "_submit", lambda run: None)
    run = trained(status="interrupted")
    for damage, word in ((b"PK", "damaged"), (None, "missing")):
        path = run.folder / "checkpoint.npz"
        path.write_bytes(damage) if damage else path.unlink()
        with pytest.raises(RunError, match=word):
            queue.resume(run)
        assert run.state.status == "interrupted" and len(run.epochs()) == 2 and run.saved_epochs() == [0, 1, 2]
        # and the process that would train it asks as well: a queue may be older than the damage
        with pytest.raises(RunError, match=word):
            Writer(run).checkpoint()
    queue.resume(run, from_start=True)
    assert run.state.status == "queued" and run.epochs() == [] and len(run.batches()) == 0
    assert Writer(run).checkpoint() == (None, [])


def test_a_run_of_a_queue_whose_checkpoint_is_damaged_fails_with_all_it_has(server):
    run = trained(status="queued")
    (run.folder / "checkpoint.npz").write_bytes(b"PK")
    queue.pick_up()
    until(lambda: run.state.status == "failed")
    assert "damaged" in run.state.message and len(run.epochs()) == 2 and run.saved_epochs() == [0, 1, 2]


def test_a_state_that_is_damaged_under_a_run_is_whole_again_with_the_next_change():
    run = folders.create(SPEC, "x")
    writer = Writer(run)
    assert writer.acquire(0)
    writer.put_state(status="running", precision="float32")
    (run.folder / "state.json").write_text("{")
    writer.put_state(seen=100)
    assert (run.state.status, run.state.precision, run.state.seen) == ("running", "float32", 100)
    writer.release()


# clocks


def test_a_clock_that_jumps_changes_no_order_and_no_duration(monkeypatch):
    now = [2e9]
    monkeypatch.setattr(time, "time", lambda: now[0])
    runs = []
    for moment in (2e9, 1e9, 3e9, 0.0):
        now[0] = moment
        runs.append(folders.create(SPEC, str(moment)))
    assert set(folders.listed()) == {*runs} and len(folders.queue()) == 4
    assert all(run.readable and damages(run) == [] for run in runs)
    writer = Writer(runs[0])
    assert writer.acquire(0)
    rec = recorder.Recorder(writer)
    rec.started(type("Learner", (), {"weights": staticmethod(lambda: [np.zeros(1)]), "devices": Devices(1)}))
    for batch, moment in enumerate((1e9, 4e9, 5.0)):
        now[0] = moment
        rec.batch(0, batch, 0.5, 0.5)
    rec._flush()
    seconds = runs[0].batches()[:, 5]
    assert len(seconds) == 3 and (np.diff(seconds) >= 0).all() and seconds[-1] < 3600
    left = history.seconds_left(runs[0])
    assert left is None or left >= 0
    writer.release()


def test_two_runs_of_one_millisecond_are_two_runs(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1e9)
    runs = {folders.create(SPEC, str(number)).id for number in range(60)}
    assert len(runs) == 60 == len(folders.listed())
    assert not list(folders.root().glob(".new-*"))


def test_what_killed_servers_left_of_runs_is_tidied(own_runs):
    run = trained()
    for name in (".new-1-a", ".gone-x"):
        (own_runs / name / "weights").mkdir(parents=True)
    folders.tidy()
    assert len(list(own_runs.glob(".*-*"))) == 2  # somebody may just be making them
    folders.tidy(older_s=-1)
    assert folders.listed() == [run] and not list(own_runs.glob(".*-*"))
    (run.folder / ".9-9.0001.npz").write_bytes(b"half")
    writer = Writer(run)
    assert writer.acquire(0)
    writer.release()
    assert not [path for path in run.folder.rglob(".*") if path.is_file()]


def test_json_of_a_line_is_read_back():
    line = runs_writer.epoch_line(1, 2.0, {"loss": float("nan")})
    assert json.loads(line)["epoch"] == 1
