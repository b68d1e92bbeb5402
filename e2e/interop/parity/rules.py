"""What the server answers to every state that a client proposes."""

from typing import Any
from uuid import uuid4

from facts import answer, api, main, scenario, set_state

TYPES = [
    "SCHEDULED",
    "PENDING",
    "RUNNING",
    "PAUSED",
    "CANCELLING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "CRASHED",
]
LATER = "2100-01-01T00:00:00Z"


def a_flow() -> str:
    return api("POST", "/flows/", name=f"flow {uuid4()}")["id"]


def state_of(name: str) -> dict[str, Any]:
    """A state of a type, that pauses as a client would."""
    details = {"pause_timeout": LATER, "pause_key": str(uuid4())} if name == "PAUSED" else {}
    return {"type": name, "state_details": details}


@scenario
def flow_runs_go_from_every_state_to_every_state():
    flow = a_flow()
    answers = {}
    for initial in TYPES:
        for proposed in TYPES:
            run = api("POST", "/flow_runs/", flow_id=flow, state=state_of(initial))
            answers[f"{initial} to {proposed}"] = set_state("flow_runs", run["id"], state_of(proposed))
    return answers


@scenario
def flow_runs_of_deployments_go_from_every_state_to_every_state():
    flow = a_flow()
    deployment = api("POST", "/deployments/", flow_id=flow, name="d")["id"]
    answers = {}
    for initial in TYPES:
        for proposed in TYPES:
            run = api("POST", f"/deployments/{deployment}/create_flow_run", state=state_of(initial))
            answers[f"{initial} to {proposed}"] = set_state("flow_runs", run["id"], state_of(proposed))
    return answers


@scenario
def task_runs_go_from_every_state_to_every_state():
    flow_run = api("POST", "/flow_runs/", flow_id=a_flow(), state={"type": "RUNNING"})["id"]
    answers = {}
    for initial in TYPES:
        for proposed in TYPES:
            body = {"flow_run_id": flow_run, "task_key": "key", "dynamic_key": str(uuid4()), "state": {"type": initial}}
            run = api("POST", "/task_runs/", **body)
            answers[f"{initial} to {proposed}"] = set_state("task_runs", run["id"], {"type": proposed})
    return answers


@scenario
def a_forced_state_is_taken():
    run = api("POST", "/flow_runs/", flow_id=a_flow(), state={"type": "COMPLETED"})["id"]
    return [
        set_state("flow_runs", run, {"type": name, "message": "forced"}, force=True)
        for name in ("CANCELLED", "RUNNING", "PENDING", "CRASHED", "PAUSED", "SCHEDULED")
    ]


@scenario
def a_completed_run_with_a_result_stays_completed():
    flow = a_flow()
    result = {"type": "result", "storage_key": "k"}
    flow_run, around = (api("POST", "/flow_runs/", flow_id=flow, state={"type": "RUNNING"})["id"] for _ in range(2))
    body = {"flow_run_id": around, "task_key": "key", "dynamic_key": "1", "state": {"type": "RUNNING"}}
    task_run = api("POST", "/task_runs/", **body)["id"]
    proposed = [{"type": "COMPLETED", "data": result}]
    proposed += [{"type": name} for name in ("RUNNING", "FAILED", "SCHEDULED", "CANCELLED", "COMPLETED")]
    return {
        kind: [set_state(kind, id, state) for state in proposed]
        for kind, id in (("flow_runs", flow_run), ("task_runs", task_run))
    }


@scenario
def scheduled_runs_wait_for_their_time():
    flow = a_flow()
    later = {"type": "SCHEDULED", "state_details": {"scheduled_time": LATER}}
    run = api("POST", "/flow_runs/", flow_id=flow, state=later)["id"]
    told = [
        set_state("flow_runs", run, {"type": "SCHEDULED", "name": "Late"}),
        set_state("flow_runs", run, {"type": "PENDING"}),
        set_state("flow_runs", run, {"type": "RUNNING"}),
        set_state("flow_runs", run, {"type": "RUNNING"}, force=True),
    ]
    read = api("GET", f"/flow_runs/{run}")
    return [told, {name: read[name] for name in ("run_count", "state_name", "next_scheduled_start_time")}]


@scenario
def a_transition_that_was_made_is_not_made_again():
    run = api("POST", "/flow_runs/", flow_id=a_flow(), state={"type": "PENDING"})["id"]
    running = {"type": "RUNNING", "state_details": {"transition_id": str(uuid4())}}
    return [set_state("flow_runs", run, running), set_state("flow_runs", run, running), api("GET", f"/flow_runs/{run}")["run_count"]]


@scenario
def failed_runs_are_tried_again():
    flow = a_flow()
    facts = []
    for policy in ({"retries": 1, "retry_delay": 0}, {"retries": 0}, {"retries": 2, "retry_type": "reschedule"}):
        run = api("POST", "/flow_runs/", flow_id=flow, state={"type": "PENDING"}, empirical_policy=policy)["id"]
        told = []
        for name in ("RUNNING", "FAILED", "RUNNING", "FAILED", "SCHEDULED"):
            told.append(set_state("flow_runs", run, {"type": name, "message": "m"}))
        read = api("GET", f"/flow_runs/{run}")
        facts.append([told, read["run_count"], read["empirical_policy"]])
    return facts


@scenario
def tasks_do_not_start_in_flows_that_stopped():
    flow = a_flow()
    answers = {}
    for name in TYPES:
        flow_run = api("POST", "/flow_runs/", flow_id=flow, state=state_of(name))["id"]
        body = {"flow_run_id": flow_run, "task_key": "key", "dynamic_key": "1", "state": {"type": "PENDING"}}
        answers[name] = set_state("task_runs", api("POST", "/task_runs/", **body)["id"], {"type": "RUNNING"})
    return answers


@scenario
def paused_runs_are_resumed():
    flow = a_flow()
    facts = {}
    for name in TYPES:
        run = api("POST", "/flow_runs/", flow_id=flow, state=state_of(name))["id"]
        facts[name] = answer(api("POST", f"/flow_runs/{run}/resume"))
    suspended = {
        "type": "PAUSED",
        "name": "Suspended",
        "state_details": {"pause_timeout": LATER, "pause_key": "1", "pause_reschedule": True},
    }
    run = api("POST", "/flow_runs/", flow_id=flow, state={"type": "RUNNING"})["id"]
    facts["suspended without a deployment"] = [set_state("flow_runs", run, suspended), answer(api("POST", f"/flow_runs/{run}/resume"))]
    deployment = api("POST", "/deployments/", flow_id=flow, name="d")["id"]
    run = api("POST", f"/deployments/{deployment}/create_flow_run", state={"type": "RUNNING"})["id"]
    facts["suspended"] = [set_state("flow_runs", run, suspended), answer(api("POST", f"/flow_runs/{run}/resume"))]
    facts["pending after it"] = [set_state("flow_runs", run, {"type": name}) for name in ("PENDING", "RUNNING")]
    facts["paused with the same key"] = set_state("flow_runs", run, suspended)
    facts["run"] = {name: api("GET", f"/flow_runs/{run}")[name] for name in ("run_count", "empirical_policy")}
    return facts


if __name__ == "__main__":
    main()
