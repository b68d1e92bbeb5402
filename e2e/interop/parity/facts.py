"""What the programs of this folder share: they are scenarios, each of which gives its facts as JSON.

A program ends with `main()`; the facts go to the file that `PARITY_FACTS` names, a line for each scenario.
"""

import asyncio
import functools
import inspect
import json
import os
import re
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterName
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.1

_scenarios: dict[str, Callable[[], Any]] = {}


def scenario(function: Callable[[], Any]) -> Callable[[], Any]:
    """Makes a function a scenario, called as its name reads."""
    _scenarios[function.__name__.replace("_", " ")] = function
    return function


def main() -> None:
    """Runs the scenarios of the program one after another; arguments choose some of them."""
    if "elsewhere" in sys.modules:
        sys.modules["elsewhere"].begin()
    # A flow waits up to a second for the thread of its heartbeats; the runs of workers and runners keep them.
    no_heartbeats = temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})
    with no_heartbeats, open(os.environ.get("PARITY_FACTS", "/dev/stdout"), "a") as file:
        for name, function in _scenarios.items():
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            start = time.monotonic()
            try:
                facts = function()
                if inspect.iscoroutine(facts):
                    facts = asyncio.run(facts)
                told = {"facts": facts}
            except BaseException:
                told = {"error": traceback.format_exc()}
            seconds = round(time.monotonic() - start, 1)
            file.write(json.dumps({"scenario": name, **told, "seconds": seconds}, default=str) + "\n")
            file.flush()


def eventually(what: str, ask: Callable[[], Any], patience: float = PATIENCE_SECONDS) -> Any:
    """Asks again until there is an answer, and gives it."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {patience} s still not: {what}")
        time.sleep(LOOK_SECONDS)
    return answer


def tell(state: State | None) -> str:
    """A state in a line: `COMPLETED`, or `SCHEDULED AwaitingRetry: its message`."""
    if state is None:
        return "none"
    usual = state.type.value.capitalize()
    name = "" if state.name == usual else f" {state.name}"
    return f"{state.type.value}{name}" + (f": {state.message}" if state.message else "")


def raised(call: Callable[[], Any]) -> str:
    """What a call raises, in a line."""
    try:
        answer = call()
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return f"nothing, gave {answer!r}"


@functools.cache
def client() -> SyncPrefectClient:
    return get_client(sync_client=True)


def api(method: str, path: str, **body: Any) -> Any:
    """The JSON that the server answers."""
    answer = client()._client.request(method, path, json=body or None)
    return answer.json() if answer.content else None


def read_run(id: UUID | str) -> FlowRun:
    return client().read_flow_run(UUID(str(id)))


def run_named(name: str) -> FlowRun | None:
    named = FlowRunFilter(name=FlowRunFilterName(any_=[name]))
    runs = client().read_flow_runs(flow_run_filter=named, sort=FlowRunSort.EXPECTED_START_TIME_DESC)
    return runs[0] if runs else None


def set_state(kind: str, id: str, state: dict[str, Any], force: bool = False) -> str:
    """Proposes a state for a run, of `flow_runs` or `task_runs`, and gives the server's answer in a line."""
    return answer(api("POST", f"/{kind}/{id}/set_state", state=state, force=force))


def answer(told: dict[str, Any]) -> str:
    state = tell(State.model_validate(told["state"])) if told["state"] else "none"
    reason = told["details"].get("reason")
    return f"{told['status']} {state}" + (f" ({reason})" if reason else "")


def run_in_state(run: UUID | str, *names: str) -> FlowRun:
    """Waits until a run, of an id or a name, is in a state of one of these names."""

    def look() -> FlowRun | None:
        found = read_run(run) if is_id(run) else run_named(str(run))
        return found if found and found.state and found.state.name in names else None

    return eventually(f"{run} is {' or '.join(names)}", look)


def is_id(text: UUID | str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f-]{36}", str(text)))


def states_of(id: UUID | str) -> list[str]:
    """The states that a flow run went through, whether or not it was late."""
    answer = client()._client.get("/flow_run_states/", params={"flow_run_id": str(id)})
    return [tell(State.model_validate(state)) for state in answer.json() if state["name"] != "Late"]


def tasks_of(id: UUID | str, count: int) -> list[Any]:
    """The task runs of a flow run, by name, once so many have ended and their states have arrived."""

    def look() -> list[TaskRun] | None:
        flow_runs = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(str(id))]))
        runs = client().read_task_runs(flow_run_filter=flow_runs, sort=TaskRunSort.EXPECTED_START_TIME_ASC)
        return runs if len(runs) == count and all(has_ended(run.state) for run in runs) else None

    runs = eventually(f"{count} task runs of {id} have ended", look)
    return sorted(([plain(run.name), task_facts(run)] for run in runs), key=json.dumps)


def has_ended(state: State | None) -> bool:
    """A task run that is not ready stays so."""
    return state is not None and (state.is_final() or state.name == "NotReady")


def task_facts(run: TaskRun) -> dict[str, Any]:
    # Whether a submitted task knows its parents depends on which thread was first.
    known = {name: kinds for name, kinds in run.task_inputs.items() if kinds and name != "__parents__"}
    inputs = {name: [kind.input_type for kind in kinds] for name, kinds in known.items()}
    facts: dict[str, Any] = {"states": task_states(run.id), "run_count": run.run_count}
    if inputs:
        facts["inputs"] = inputs
    if run.tags:
        facts["tags"] = sorted(run.tags)
    return facts


def task_states(id: UUID) -> list[str]:
    """The states of a task run that has ended. They arrive one by one, so it waits for the last one."""

    def look() -> list[State] | None:
        answer = client()._client.get("/task_run_states/", params={"task_run_id": str(id)})
        states = [State.model_validate(state) for state in answer.json()]
        began = any(state.is_pending() or state.is_scheduled() for state in states)
        return states if began and has_ended(states[-1]) else None

    return [tell(state) for state in eventually(f"the last state of {id}", look)]


def words(text: str) -> str:
    """The words of what a command printed, without the frames of its tables and without how long ago things were."""
    text = re.sub(r"[\u2500-\u257f]|\s+", " ", text)
    text = re.sub(r"(an?|a few|\d+) (second|minute)s? ago|just now|in (an?|a few|\d+) (second|minute)s?|\bnow\b", "<when>", text)
    text = re.sub(r"(datetime\.)?(DateTime|datetime|timedelta)\(([^()]|\([^()]*\))*\)", "<time>", text)
    return re.sub(r" +", " ", text).strip()


def plain(name: str) -> str:
    """A task run's name without its random end."""
    return re.sub(r"-[0-9a-f]{3,}$", "", name)


def wait_for_file(path: Path) -> str:
    eventually(f"{path.name} is there", path.exists)
    return path.read_text()
