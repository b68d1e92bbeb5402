"""Has prefect imported and forks a process for each run that it is asked to start.

It talks over file descriptor 3, one JSON object a line. It hears {"id", "cwd", "env", "showOutput"} and says {"ready": true} once,
{"id", "pid"} when a run was started, and {"id", "status"} when its process has ended (minus the signal's number where one ended it).
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import ssl
import sys

CHANNEL = 3
# What the engine loads only when its first run is there.
LOADED_BEFORE = (
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.flows",
    "prefect.tasks",
    "prefect.context",
    "prefect.results",
    "prefect.client.orchestration",
    "prefect.events.worker",
    "prefect.logging.handlers",
    "prefect._internal.metrics",
    "prefect.deployments.steps.core",
    "pydantic.v1",
    "anyio._backends._asyncio",
    "encodings.idna",
)
# Each client of the API makes one. It takes longer than all else that a run does before its first line.
PREPARED_CONTEXTS = 3


def load() -> None:
    importlib.import_module("prefect.engine")
    for name in LOADED_BEFORE:
        if_possible(lambda: importlib.import_module(name))
    if_possible(complete_models)
    if_possible(prepare_contexts)
    gc.collect()
    # Pages that the collector does not touch stay shared with the runs.
    gc.freeze()


def if_possible(prepare) -> None:
    """Another version of prefect may keep things elsewhere; it will find them itself when it needs them."""
    try:
        prepare()
    except (ImportError, AttributeError):
        pass


def complete_models() -> None:
    """Models build their validators when they are first used, unless somebody asks before."""
    from pydantic import BaseModel

    waiting = [BaseModel]
    seen = set()
    while waiting:
        for model in waiting.pop().__subclasses__():
            if model in seen:
                continue
            seen.add(model)
            waiting.append(model)
            if not model.__pydantic_complete__ and model.__module__.startswith("prefect."):
                model.model_rebuild(raise_errors=False)


def prepare_contexts() -> None:
    """Makes TLS contexts that trust whom clients of the API trust. Each is given out once in a process, so nobody shares one."""
    import certifi
    from prefect.settings import get_current_settings

    make = ssl.create_default_context
    cafile = str(get_current_settings().api.ssl_cert_file or certifi.where())
    prepared = [make(cafile=cafile) for _ in range(PREPARED_CONTEXTS)]

    def create_default_context(purpose=ssl.Purpose.SERVER_AUTH, **trust):
        if prepared and purpose == ssl.Purpose.SERVER_AUTH and list(trust) == ["cafile"] and str(trust["cafile"]) == cafile:
            return prepared.pop()
        return make(purpose, **trust)

    ssl.create_default_context = create_default_context


def serve(channel: socket.socket) -> dict:
    """Starts runs until nobody asks any more. Returns only in the process of a run, with what it was asked to do."""
    runs = {}
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    received = b""
    while True:
        ready, _, _ = select.select([channel, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            report_ended(channel, runs)
        if channel not in ready:
            continue
        chunk = channel.recv(1 << 16)
        if not chunk:
            # Who asked is gone; the runs go on as they would without a fork server.
            os._exit(0)
        *lines, received = (received + chunk).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for descriptor in (channel.detach(), woken, wake):
                    os.close(descriptor)
                return asked
            lead_own_group(pid)
            runs[pid] = asked["id"]
            tell(channel, {"id": asked["id"], "pid": pid})


def report_ended(channel: socket.socket, runs: dict) -> None:
    while runs:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        tell(channel, {"id": runs.pop(pid), "status": os.waitstatus_to_exitcode(status)})


def tell(channel: socket.socket, message: dict) -> None:
    channel.sendall(json.dumps(message).encode() + b"\n")


def lead_own_group(pid: int) -> None:
    """Both sides do it, so that it is done whoever comes first."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass


def become(asked: dict) -> None:
    """Makes this process what it would be had it been started for the run."""
    lead_own_group(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not asked["showOutput"]:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.path[0] = os.getcwd()
    importlib.invalidate_caches()
    if_possible(read_settings_again)


def read_settings_again() -> None:
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()


if __name__ == "__main__":
    # Interrupts of the terminal are for who asked.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=CHANNEL) as channel:
        try:
            load()
        except Exception:
            # A run that starts without us meets the same, and says so where it is looked for.
            sys.exit(1)
        tell(channel, {"ready": True})
        become(serve(channel))
    sys.argv[1:] = []
    runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)
