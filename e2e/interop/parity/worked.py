"""Deployments that process workers run."""

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from elsewhere import Program, start_command, succeed, typed
from facts import api, eventually, main, run_in_state, scenario, states_of
from prefect import flow
from prefect.deployments import run_deployment

FOLDER = Path(__file__).parent

PREFECT_YAML = """
name: parity
definitions:
  pools: &pool
    name: parity-yaml
pull:
  - prefect.deployments.steps.set_working_directory:
      directory: {folder}
deployments:
  - name: first
    entrypoint: worked.py:hello
    parameters: {{name: "{{{{ $PARITY_NAME }}}}"}}
    tags: [a, b]
    schedules:
      - cron: "0 1 * * *"
        timezone: UTC
        active: false
      - interval: 7200
        slug: two-hours
    work_pool: *pool
  - name: second
    entrypoint: worked.py:hello
    concurrency_limit: {{limit: 2, collision_strategy: CANCEL_NEW}}
    work_pool: {{name: parity-yaml, work_queue_name: narrow, job_variables: {{env: {{WORD: "yes"}}}}}}
    triggers:
      - {{expect: [parity.happened], parameters: {{name: triggered}}}}
"""


@flow
def hello(name: str = "world"):
    print("hello", name, os.environ.get("WORD", "no"))


@flow
def naps():
    print("fell asleep")
    time.sleep(120)


@flow
def crashes():
    os.kill(os.getpid(), signal.SIGKILL)


def tell_of_end(flow, flow_run, state):
    print("the hook heard", state.name)


@flow(on_cancellation=[tell_of_end])
def naps_with_a_hook():
    naps.fn()


class worker:
    """A worker of a pool while its block runs."""

    def __init__(self, pool: str, *options: str) -> None:
        self.line = ("worker", "start", "--pool", pool, "--type", "process", "--name", "parity", *options)

    def __enter__(self) -> Program:
        self.program = start_command(*self.line)
        self.program.says("started!")
        return self.program

    def __exit__(self, *_: Any) -> None:
        if not self.program.has_ended:
            self.program.stop(signal.SIGINT)


def deployed(function, name: str, pool: str, **options: Any) -> None:
    source = flow.from_source(source=str(FOLDER), entrypoint=f"worked.py:{function}")
    source.deploy(name=name, work_pool_name=pool, print_next_steps=False, **options)


@scenario
def a_worker_runs_deployments():
    succeed("work-pool", "create", "parity-runs", "--type", "process")
    deployed("hello", "d", "parity-runs", parameters={"name": "deployed"}, job_variables={"env": {"WORD": "given"}})
    deployed("crashes", "d", "parity-runs")
    deployed("naps_with_a_hook", "d", "parity-runs")
    deployment = api("GET", "/deployments/name/hello/d")
    facts = {name: deployment[name] for name in ("entrypoint", "pull_steps", "path", "job_variables", "work_pool_name", "work_queue_name")}
    facts["pull_steps"] = list(facts["pull_steps"][0])
    with worker("parity-runs") as program:
        runs = [
            run_deployment("hello/d", timeout=60, poll_interval=0.5),
            run_deployment("hello/d", timeout=60, poll_interval=0.5, job_variables={"env": {"WORD": "taken"}}),
            run_deployment("crashes/d", timeout=60, poll_interval=0.5),
        ]
        sleeping = run_deployment("naps-with-a-hook/d", timeout=0)
        program.says("fell asleep")
        said = typed(f"flow-run cancel {sleeping.id}")
        run_in_state(sleeping.id, "Cancelled")
        facts["runs"] = [states_of(run.id) for run in [*runs, sleeping]]
        facts["said"] = [said, *(words in program.output for words in ("hello deployed given", "hello deployed taken"))]
        facts["ready"] = [api("GET", path)["status"] for path in ("/work_pools/parity-runs", "/deployments/name/hello/d")]
        workers = api("POST", "/work_pools/parity-runs/workers/filter", limit=5)
        facts["workers"] = [[found["name"], found["status"]] for found in workers]
        facts["end"] = program.stop(signal.SIGINT)
    return facts


@scenario
def queues_and_pools_are_limited_and_paused():
    succeed("work-pool", "create", "parity-narrow", "--type", "process")
    typed("work-queue create narrow --pool parity-narrow --limit 1 --priority 1", "work-pool set-concurrency-limit parity-narrow 2")
    deployed("hello", "narrow", "parity-narrow", work_queue_name="narrow")
    deployed("hello", "wide", "parity-narrow")
    past = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2026-01-01T00:00:00Z"}}

    def waiting(name: str) -> str:
        id = api("GET", f"/deployments/name/hello/{name}")["id"]
        return api("POST", f"/deployments/{id}/create_flow_run", state=past)["id"]

    queues = {waiting("narrow"): "narrow" for _ in range(2)} | {waiting("wide"): "wide" for _ in range(2)}

    def given(**body: Any) -> list[str]:
        found = api("POST", "/work_pools/parity-narrow/get_scheduled_flow_runs", **body)
        return [queues[one["flow_run"]["id"]] for one in found]

    facts = [given(limit=10)]
    first = api("POST", "/work_pools/parity-narrow/get_scheduled_flow_runs", limit=1)[0]["flow_run"]["id"]
    api("POST", f"/flow_runs/{first}/set_state", state={"type": "PENDING"})
    facts += [given(limit=10), given(work_queue_names=["narrow"])]
    typed("work-queue pause narrow --pool parity-narrow")
    facts.append(given(limit=10))
    typed("work-queue resume narrow --pool parity-narrow", "work-pool pause parity-narrow")
    facts.append(given(limit=10))
    typed("work-pool resume parity-narrow", "work-pool clear-concurrency-limit parity-narrow")
    facts.append(given(limit=10))
    return facts


@scenario
def a_folder_is_deployed_by_its_prefect_yaml():
    folder = Path(tempfile.mkdtemp())
    (folder / "prefect.yaml").write_text(PREFECT_YAML.format(folder=FOLDER))
    (folder / "worked.py").write_text(Path(__file__).read_text())
    succeed("work-pool", "create", "parity-yaml", "--type", "process")
    os.environ["PARITY_NAME"] = "from the environment"
    here = os.getcwd()
    os.chdir(folder)
    try:
        code = typed("deploy --all")[0][1]
        again = typed("deploy --all")[0][1]
    finally:
        os.chdir(here)
    kept = ("parameters", "tags", "work_queue_name", "job_variables", "concurrency_options", "pull_steps", "paused")
    facts: dict[str, Any] = {"codes": [code, again]}
    for name in ("first", "second"):
        deployment = api("GET", f"/deployments/name/hello/{name}")
        schedules = [[one["schedule"].get("cron"), one["schedule"].get("interval"), one["active"], one["slug"]] for one in deployment["schedules"]]
        limit = deployment["global_concurrency_limit"]
        facts[name] = {
            **{key: deployment[key] for key in kept},
            "schedules": sorted(schedules, key=str),
            "limit": limit and limit["limit"],
        }
        facts[name]["tags"].sort()
        facts[name]["pull_steps"] = len(facts[name]["pull_steps"])
    facts["automations"] = [[one["name"], one["trigger"]["expect"], one["actions"][0]["type"]] for one in api("POST", "/automations/filter")]
    from prefect.events import emit_event

    emit_event("parity.happened", resource={"prefect.resource.id": "parity"})
    id = api("GET", "/deployments/name/hello/second")["id"]
    wanted = {"deployments": {"id": {"any_": [id]}}}
    run = eventually("the trigger made a run", lambda: api("POST", "/flow_runs/filter", **wanted))[0]
    facts["triggered"] = [run["parameters"], run["created_by"]["type"], run["state_name"] in ("Scheduled", "Late")]
    return facts


if __name__ == "__main__":
    main()
