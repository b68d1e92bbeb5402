"""Flows that a process serves: runs from their deployments, schedules, cancellation, suspension."""

import signal
import time
from datetime import timedelta
from typing import Any

from elsewhere import Program, start, succeed, typed
from facts import api, client, eventually, main, run_in_state, scenario, states_of
from prefect import flow, serve
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule
from prefect.deployments import run_deployment
from prefect.flow_runs import suspend_flow_run
from prefect.schedules import Cron

SOON = "2026-01-01T00:00:00Z"


def tell_of_end(flow, flow_run, state):
    print("the hook heard", state.name)


@flow
def greet(name: str = "world", times: int = 1) -> str:
    print("hello", name)
    return name * times


@flow(on_cancellation=[tell_of_end], on_crashed=[tell_of_end])
def sleeps():
    print("fell asleep")
    time.sleep(120)


@flow(persist_result=True)
def suspends_itself():
    if not already():
        suspend_flow_run(timeout=60)
    return "done"


def already() -> bool:
    from prefect.runtime import flow_run

    return flow_run.run_count > 1


@flow
def calls():
    run = run_deployment("greet/served", parameters={"name": "sub"}, poll_interval=0.5)
    return run.state.name


def serve_all() -> None:
    serve(
        greet.to_deployment(
            "served",
            parameters={"times": 2},
            tags=["t"],
            description="Greets.",
            version="v1",
            schedule=Cron("0 4 * * *", timezone="Europe/Berlin"),
        ),
        sleeps.to_deployment("served", concurrency_limit=1),
        suspends_itself.to_deployment("served"),
        calls.to_deployment("served"),
        limit=5,
    )


class served:
    """Serves the flows of this module while its block runs."""

    def __enter__(self) -> Program:
        self.program = start("served:serve_all")
        self.program.says("being served")
        return self.program

    def __exit__(self, *_: Any) -> None:
        if not self.program.has_ended:
            self.program.stop(signal.SIGINT)


def schedules_of(deployment: dict[str, Any]) -> list[Any]:
    kept = ("schedule", "active", "parameters", "slug", "max_scheduled_runs")
    return [{name: schedule[name] for name in kept} for schedule in deployment["schedules"]]


@scenario
def a_process_serves_runs():
    with served() as program:
        deployment = api("GET", "/deployments/name/greet/served")
        first = run_deployment("greet/served", parameters={"name": "a"}, poll_interval=0.5, timeout=60)
        called = run_deployment("calls/served", poll_interval=0.5, timeout=60)
        wrong = typed("deployment run greet/served --param times=many")
        facts = {
            "deployment": {name: deployment[name] for name in ("tags", "description", "version", "parameters", "status", "paused")},
            "schema": deployment["parameter_openapi_schema"],
            "schedules": schedules_of(deployment),
            "first": [states_of(first.id), first.parameters, first.tags],
            "called": states_of(called.id),
            "wrong": wrong,
            "said": "hello a" in program.output,
        }
        facts["end"] = program.stop(signal.SIGINT)
        facts["paused at the end"] = api("GET", "/deployments/name/greet/served")["paused"]
        return facts


@scenario
def a_served_run_is_cancelled_from_the_command_line():
    with served() as program:
        run = run_deployment("sleeps/served", timeout=0)
        program.says("fell asleep")
        second = run_deployment("sleeps/served", timeout=0)
        waits = run_in_state(second.id, "AwaitingConcurrencySlot")
        succeed("flow-run", "cancel", str(waits.id))
        run_in_state(second.id, "Cancelled")
        said = typed(f"flow-run cancel {run.id}")
        ended = run_in_state(run.id, "Cancelled")
        program.says("the hook heard Cancelling")
        limit = api("GET", "/deployments/name/sleeps/served")["global_concurrency_limit"]
        return {
            "said": said,
            "states": states_of(run.id),
            "second": [states_of(second.id)[0], states_of(second.id)[-1]],
            "again": typed(f"flow-run cancel {ended.id}"),
            "slots": [limit["limit"], limit["active_slots"]],
        }


@scenario
def a_served_run_is_suspended_and_resumed():
    with served():
        run = run_deployment("suspends-itself/served", timeout=0)
        suspended = run_in_state(run.id, "Suspended")
        eventually("its process has ended", lambda: api("GET", f"/flow_runs/{run.id}")["state_name"] == "Suspended")
        time_out = suspended.state.state_details.pause_timeout
        answer = client().resume_flow_run(run.id)
        run_in_state(run.id, "Completed")
        return {
            "states": states_of(run.id),
            "answer": [answer.status.value, answer.state.name],
            "timeout": time_out is not None,
            "run_count": api("GET", f"/flow_runs/{run.id}")["run_count"],
        }


@scenario
def a_run_that_nobody_takes_is_late():
    flow_id = api("POST", "/flows/", name="late")["id"]
    deployment = api("POST", "/deployments/", flow_id=flow_id, name="d")["id"]
    past = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2026-01-01T00:00:00Z"}}
    run = api("POST", f"/deployments/{deployment}/create_flow_run", state=past)["id"]
    late = run_in_state(run, "Late")
    return [late.state_type, late.state.message, late.run_count, late.estimated_start_time_delta > timedelta()]


@scenario
def schedules_are_planned():
    flow_id = api("POST", "/flows/", name="planned")["id"]
    schedules = [
        CronSchedule(cron="30 2 * * 1", timezone="America/New_York"),
        IntervalSchedule(interval=timedelta(hours=36), anchor_date="2026-01-01T00:00:00+00:00", timezone="Asia/Tokyo"),
        RRuleSchedule(rrule="FREQ=MONTHLY;BYDAY=2FR", timezone="Europe/London"),
    ]
    facts = {}
    for schedule in schedules:
        name = type(schedule).__name__
        body = {"schedule": schedule.model_dump(mode="json"), "active": True, "slug": name.lower(), "parameters": {"by": name}}
        deployment = api("POST", "/deployments/", flow_id=flow_id, name=name, schedules=[body])["id"]
        wanted = {"deployments": {"id": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"}
        runs = eventually("runs are planned", lambda wanted=wanted: len(found := api("POST", "/flow_runs/filter", **wanted)) >= 3 and found)
        first = runs[0]
        facts[name] = {
            "count": len(runs),
            "times": [run["expected_start_time"].replace("T", " at ") for run in runs[:3]],
            "run": [first["parameters"], first["auto_scheduled"], first["tags"], first["state_name"], first["job_variables"]],
            "creator": {**first["created_by"], "id": "id"},
        }
    return facts


@scenario
def schedules_from_the_command_line():
    flow_id = api("POST", "/flows/", name="by-hand")["id"]
    api("POST", "/deployments/", flow_id=flow_id, name="d")
    told = typed(
        "deployment schedule create by-hand/d --cron '0 0 * * *' --timezone UTC",
        "deployment schedule create by-hand/d --interval 3600",
        "deployment schedule create by-hand/d --rrule 'FREQ=DAILY;COUNT=3' --inactive",
        "deployment schedule create by-hand/d --cron 'not a cron'",
    )
    schedules = {next(iter(one["schedule"])): one["id"] for one in api("GET", "/deployments/name/by-hand/d")["schedules"]}
    cron = next(id for id in schedules.values())
    told += typed(
        f"deployment schedule pause by-hand/d {cron}",
        f"deployment schedule pause by-hand/d {cron}",
        f"deployment schedule resume by-hand/d {cron}",
        f"deployment schedule delete by-hand/d {cron} --accept-yes",
        "deployment schedule clear by-hand/d --accept-yes",
        "deployment schedule ls by-hand/d",
    )
    return [told, api("GET", "/deployments/name/by-hand/d")["schedules"]]


if __name__ == "__main__":
    main()
