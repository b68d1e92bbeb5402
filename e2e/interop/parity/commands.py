"""What the command line says of flows, runs, deployments, pools and queues."""

import json
from typing import Any

from elsewhere import typed
from facts import api, main, scenario, tasks_of
from prefect import flow, task


@task(task_run_name="counts")
def counts():
    return 1


@flow(flow_run_name="first of all")
def listed():
    counts()


@scenario
def flows_and_runs():
    id = listed(return_state=True).state_details.flow_run_id
    tasks_of(id, 1)
    task_run = api("POST", "/task_runs/filter", flow_runs={"id": {"any_": [str(id)]}})[0]["id"]
    planned = api("POST", "/flow_runs/", flow_id=api("POST", "/flows/", name="listed")["id"], name="planned", state={"type": "SCHEDULED"})["id"]
    return told(
        "flow ls",
        "flow-run ls --flow-name listed --state-type COMPLETED",
        "flow-run ls --flow-name listed --state Scheduled",
        "flow-run ls --state-type NOTHING",
        f"flow-run inspect {id}",
        f"flow-run cancel {id}",
        f"flow-run cancel {planned}",
        f"flow-run delete {planned}",
        f"flow-run delete {planned}",
        "flow-run cancel 00000000-0000-4000-8000-000000000000",
        f"task-run inspect {task_run} --output json",
        "task-run ls --task-run-name counts --state Completed",
        f"api GET /flow_runs/{id}/graph-v2",
        "api POST /flows/count",
        "api GET /nowhere",
        '''api POST /flow_runs/filter --data '{"limit": -1}' ''',
    )


@scenario
def deployments():
    flow_id = api("POST", "/flows/", name="typed")["id"]
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    body = {"parameter_openapi_schema": schema, "tags": ["x"], "enforce_parameter_schema": True}
    deployment = api("POST", "/deployments/", flow_id=flow_id, name="d", **body)["id"]
    return told(
        "deployment ls",
        "deployment inspect typed/d --output json",
        "deployment run typed/d --param n=x",
        "deployment run typed/d",
        "deployment run typed/d --param n=1 --start-in '2 hours' --flow-run-name 'later on' --tag y",
        "deployment run typed/nothing",
        f"deployment run --id {deployment} --param n=2 --start-at '2100-01-01T00:00:00+00:00' --flow-run-name far",
        "deployment delete typed/d",
        "deployment inspect typed/d",
        "deployment delete typed/d",
    )


@scenario
def pools_and_queues():
    return told(
        "work-pool create typed-pool --type process --paused",
        "work-pool create typed-pool --type process",
        "work-pool inspect typed-pool --output json",
        "work-pool resume typed-pool",
        "work-pool pause typed-pool",
        "work-pool update typed-pool --concurrency-limit 4 --description 'By hand.'",
        "work-pool set-concurrency-limit typed-pool 2",
        "work-pool clear-concurrency-limit typed-pool",
        "work-pool get-default-base-job-template --type process",
        "work-pool preview typed-pool",
        "work-queue create urgent --pool typed-pool --limit 3 --priority 1",
        "work-queue create urgent --pool typed-pool",
        "work-queue set-concurrency-limit urgent 5 --pool typed-pool",
        "work-queue clear-concurrency-limit urgent --pool typed-pool",
        "work-queue pause urgent --pool typed-pool",
        "work-queue ls --pool typed-pool",
        "work-queue inspect urgent --pool typed-pool --output json",
        "work-queue preview urgent --pool typed-pool",
        "work-queue delete urgent --pool typed-pool",
        "work-queue inspect urgent --pool typed-pool",
        "work-pool delete typed-pool",
        "work-pool inspect typed-pool",
    )


@scenario
def the_server_and_the_client():
    return told("server version", "server status", "config view", "profile ls")


def told(*lines: str) -> list[Any]:
    """Types the lines; leaves out what is measured, and of objects what depends on time."""
    return json.loads(json.dumps(typed(*lines)), object_hook=lambda found: {k: v for k, v in found.items() if not measured(k)})


def measured(name: str) -> bool:
    return name.endswith(("_time", "_time_delta", "timestamp", "dynamic_key")) or name in ("created", "updated", "start", "end")


if __name__ == "__main__":
    main()
