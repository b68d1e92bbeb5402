"""Events, and automations that act on them."""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from uuid import uuid4

from elsewhere import typed
from facts import api, eventually, main, run_in_state, scenario
from prefect import flow
from prefect.automations import Automation
from prefect.events import emit_event
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.events.schemas.automations import EventTrigger, Posture


def found(*names: str) -> list:
    body = {"filter": {"event": {"name": list(names)}, "order": "ASC"}, "limit": 50}
    return api("POST", "/events/filter", **body)["events"]


@scenario
def events_are_emitted_and_found():
    name = f"parity.{uuid4().hex}"
    emit_event(
        name,
        resource={"prefect.resource.id": "parity.thing", "prefect.resource.name": "thing", "colour": "red"},
        related=[{"prefect.resource.id": "parity.other", "prefect.resource.role": "part"}],
        payload={"deep": {"list": [1, None, "x"]}},
    )
    event = eventually("the event is found", lambda: found(name))[0]
    counts = api("POST", "/events/count-by/resource", filter={"event": {"name": [name]}})
    return [
        {key: event[key] for key in ("resource", "related", "payload", "follows")},
        [[one["value"], one["label"], one["count"]] for one in counts],
    ]


@scenario
async def events_are_subscribed_to():
    prefix = f"parity.{uuid4().hex[:8]}."
    heard = []
    wanted = EventFilter(event=EventNameFilter(prefix=[prefix]))
    async with get_events_subscriber(filter=wanted) as subscriber:
        emit_event("other.event", resource={"prefect.resource.id": "x"})
        for word in ("one", "two"):
            emit_event(prefix + word, resource={"prefect.resource.id": "x"})
        async with asyncio.timeout(30):
            async for event in subscriber:
                heard.append(event.event.removeprefix(prefix))
                if len(heard) == 2:
                    break
    return sorted(heard)


@scenario
def a_run_tells_of_its_states():
    @flow(flow_run_name="tells")
    def tells():
        return 1

    id = tells(return_state=True).state_details.flow_run_id
    body = {"filter": {"resource": {"id": [f"prefect.flow-run.{id}"]}, "order": "ASC"}, "limit": 50}

    def states():
        events = [one for one in api("POST", "/events/filter", **body)["events"] if "heartbeat" not in one["event"]]
        return events if events and events[-1]["event"].endswith("Completed") else None

    return [
        [one["event"], one["payload"], sorted(one["resource"]), [related["prefect.resource.role"] for related in one["related"]]]
        for one in eventually("the run's events", states)
    ]


@scenario
def automations_act_on_events():
    flow_id = api("POST", "/flows/", name="acted on")["id"]
    deployment = api("POST", "/deployments/", flow_id=flow_id, name="d", parameter_openapi_schema={"type": "object", "properties": {}})["id"]
    run = api("POST", "/flow_runs/", flow_id=flow_id, state={"type": "RUNNING"})["id"]
    name = f"parity.{uuid4().hex[:8]}"
    Automation(
        name=f"runs {name}",
        trigger=EventTrigger(expect={name}, match={"prefect.resource.id": "thing.*"}, posture=Posture.Reactive, threshold=2, within=60),
        actions=[RunDeployment(deployment_id=deployment, parameters={"by": "{{ event.resource.name }}"})],
    ).create()
    Automation(
        name=f"cancels {name}",
        trigger=EventTrigger(expect={name + ".cancel"}, match={"prefect.resource.id": "prefect.flow-run.*"}, threshold=1),
        actions=[ChangeFlowRunState(state="CANCELLED", name="Enough", message="by an automation")],
    ).create()
    emit_event(name, resource={"prefect.resource.id": "other.1"})
    # Which of them was the last one depends on who handled them first.
    for number in (1, 2):
        emit_event(name, resource={"prefect.resource.id": f"thing.{number}", "prefect.resource.name": "thing"})
    emit_event(name + ".cancel", resource={"prefect.resource.id": f"prefect.flow-run.{run}"})
    wanted = {"deployments": {"id": {"any_": [deployment]}}}
    made = eventually("a run was made", lambda: api("POST", "/flow_runs/filter", **wanted))
    ended = run_in_state(run, "Enough")
    return {
        "made": [len(made), made[0]["parameters"], made[0]["created_by"]["type"], made[0]["created_by"]["display_value"] == f"runs {name}"],
        "ended": [ended.state_type, ended.state.message],
    }


@scenario
def automations_from_the_command_line():
    file = Path(tempfile.mkdtemp()) / "automation.json"
    automation = {
        "name": "parity-by-hand",
        "description": "By hand.",
        "trigger": {"type": "event", "expect": ["parity.never"], "posture": "Reactive", "threshold": 1, "within": 0},
        "actions": [{"type": "do-nothing"}],
    }
    file.write_text(json.dumps(automation))
    os.chdir(file.parent)
    return typed(
        "automation create --from-file automation.json",
        "automation inspect parity-by-hand --output json",
        "automation pause parity-by-hand",
        "automation resume parity-by-hand",
        "automation delete parity-by-hand",
        "automation inspect parity-by-hand",
        """event emit parity.by-hand --resource-id parity.thing --payload '{"a": 1}'""",
    )


if __name__ == "__main__":
    main()
