"""Other processes, without the seconds that loading the package takes: copies of one that has loaded it."""

import importlib
import json
import os
import re
import select
import shlex
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio._backends._asyncio  # noqa: F401
import prefect.cli
import prefect.cli.artifact  # noqa: F401
import prefect.cli.block  # noqa: F401
import prefect.cli.deployment  # noqa: F401
import prefect.cli.flow_run  # noqa: F401
import prefect.cli.work_pool  # noqa: F401
import prefect.flow_engine  # noqa: F401
import prefect.task_engine  # noqa: F401
from facts import words

PATIENCE_SECONDS = 90
FOLDER = Path(tempfile.mkdtemp(dir=os.environ.get("PREFECT_HOME")))


class Program:
    """A process that goes on, or has ended."""

    requests: socket.socket

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=FOLDER))
        os.mkfifo(self.folder / "life")
        self._life = os.open(self.folder / "life", os.O_RDONLY | os.O_NONBLOCK)
        self._told = ""
        self.requests.sendall(json.dumps({**wanted, "folder": str(self.folder), "cwd": os.getcwd()}).encode() + b"\n")
        self.pid = int(self._line(0))

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    def end(self, patience: float = PATIENCE_SECONDS) -> int:
        """Waits until the process has ended and gives its exit code, which a signal makes negative."""
        return int(self._line(1, patience))

    @property
    def has_ended(self) -> bool:
        return self._told.count("\n") > 1

    def stop(self, number: int = signal.SIGTERM) -> int:
        os.kill(self.pid, number)
        return self.end()

    def says(self, wanted: str) -> str:
        """Waits until the process has printed something and gives the match."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.search(wanted, self.output)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"Not said: {wanted}\n{self.output}")
            time.sleep(0.1)
        return found[0]

    def _line(self, number: int, patience: float = PATIENCE_SECONDS) -> str:
        deadline = time.monotonic() + patience
        while self._told.count("\n") <= number:
            ready, _, _ = select.select([self._life], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"The process goes on:\n{self.output}")
            self._told += os.read(self._life, 100).decode()
        return self._told.split("\n")[number]


def begin() -> None:
    """Makes the process that the others are copies of. It must be called before anything has started a thread."""
    ask, requests = socket.socketpair()
    if os.fork() == 0:
        ask.close()
        _copy_on_demand(requests)
    requests.close()
    Program.requests = ask


def start(function: str, *args: Any) -> Program:
    """Starts `module:function` in a process of its own."""
    return Program({"function": function, "args": args})


def start_command(*args: str) -> Program:
    """Starts `prefect …`."""
    return Program({"command": args})


def command(*args: str) -> tuple[int, str]:
    """Types `prefect …` and gives its exit code and what it printed."""
    program = start_command(*args)
    code = program.end()
    return code, program.output


def succeed(*args: str) -> str:
    """Types `prefect …`, which must succeed, and gives what it printed."""
    code, output = command(*args)
    if code != 0:
        raise RuntimeError(f"prefect {' '.join(args)} ended with {code}:\n{output}")
    return output


def typed(*lines: str) -> list[Any]:
    """Types lines one after another; gives each with its exit code and the words that it printed."""
    return [[line, *_words(command(*shlex.split(line)))] for line in lines]


def _words(end: tuple[int, str]) -> tuple[int, Any]:
    code, output = end
    try:
        return code, json.loads(output)
    except ValueError:
        return code, words(output)


def _copy_on_demand(requests: socket.socket) -> None:
    """The process that the others are copies of. Only the copies come back from here."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in requests.makefile():
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _live(json.loads(line))
    os._exit(0)


def _live(wanted: dict[str, Any]) -> None:
    """Tells of a copy's life: its process id, then how it ended."""
    os.chdir(wanted["cwd"])
    folder = Path(wanted["folder"])
    output = os.open(folder / "output", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    life = os.open(folder / "life", os.O_WRONLY)
    child = os.fork()
    if child == 0:
        os.close(life)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _be(wanted)
    os.write(life, f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(life, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _be(wanted: dict[str, Any]) -> None:
    if "command" in wanted:
        sys.argv = ["prefect", *wanted["command"]]
        prefect.cli.app()
        sys.exit(0)
    module, _, function = wanted["function"].partition(":")
    getattr(importlib.import_module(module), function)(*wanted["args"])
    sys.exit(0)
