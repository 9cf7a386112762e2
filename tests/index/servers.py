"""Servers of the tests' own, on free ports of 127.0.0.1."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

_PROGRAMS = ("initdb", "postgres", "pg_isready", "createdb")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, name):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"{name} did not start")


class ChromaServer:
    """`chroma run`, which can be stopped and started again on the same folder."""

    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        script = "import sys, chromadb_rust_bindings as b; b.cli(sys.argv)"
        command = ["run", "--path", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *command, "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        wait_for(self.port, self.process, "the Chroma server")

    def stop(self):
        self.process.kill()
        self.process.wait()


class PostgresServer:
    """A PostgreSQL of the installed version, with a database for whoever asks for one."""

    def __init__(self):
        self.bin = postgres_programs()
        # Not below pytest's folder, which only its owner may enter: the server never runs as root.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.user = _server_user()
        self.port = free_port()
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "tester", "-A", "trust",
                  "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        self._databases = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
             "-c", "listen_addresses=127.0.0.1", "-k", str(self.folder), "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=self.user, cwd=self.folder,
        )  # fmt: skip
        wait_for(self.port, self.process, "PostgreSQL")
        self._ready()

    def _ready(self):
        command = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(200):
            if subprocess.run(command, check=False).returncode == 0:
                return
            time.sleep(0.1)

    def stop(self):
        # The "fast" way: PostgreSQL's own SIGTERM waits until everybody has gone.
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name):
        return f"postgresql://tester@127.0.0.1:{self.port}/{name}"

    def new_database(self):
        self._databases += 1
        name = f"store{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tester", name)
        return self.url(name)

    def _run(self, program, *arguments):
        subprocess.run(
            [str(self.bin / program), *arguments],
            check=True, capture_output=True, user=self.user, cwd=self.folder,
        )  # fmt: skip


def postgres_programs():
    """The folder of the newest server programs; skips the test where there are none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install -e '.[postgres]')")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path(found).parent for found in [shutil.which("initdb")] if found]
    for place in places:
        if all((place / name).exists() for name in _PROGRAMS):
            return place
    pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    raise AssertionError


def _server_user():
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
