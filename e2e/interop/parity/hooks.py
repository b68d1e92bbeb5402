"""Hooks of flows and tasks, and what they are told."""

from facts import main, raised, scenario, states_of, tasks_of, tell
from prefect import flow, task
from prefect.runtime import flow_run
from prefect.states import Cancelled


@scenario
def hooks_of_flows():
    told = []

    def tells(name):
        def hook(flow, run, state):
            told.append([name, flow.name, tell(state), run.state_name if run.state else None])

        hook.__name__ = name
        return hook

    hooks = {
        f"on_{name}": [tells(name)] for name in ("running", "completion", "failure", "crashed", "cancellation")
    }

    @flow(**hooks)
    def good():
        pass

    @flow(**hooks)
    def bad():
        raise ValueError("bad")

    @flow(**hooks)
    def crashes():
        raise KeyboardInterrupt

    @flow(**hooks)
    def gives_up():
        return Cancelled()

    @flow(**{**hooks, "on_completion": [tells("first"), lambda *_: 1 / 0, tells("last")]})
    def with_a_broken_hook():
        pass

    for function in (good, bad, crashes, gives_up, with_a_broken_hook):
        told.append(raised(lambda function=function: function(return_state=True).name).split(":")[0])
    return told


@scenario
def hooks_of_tasks():
    told = []
    left = [1]

    def tells(name):
        def hook(task, run, state):
            told.append([name, task.name, tell(state), run.run_count])

        return hook

    hooks = {f"on_{name}": [tells(name)] for name in ("running", "completion", "failure")}

    @task(**hooks)
    def good():
        pass

    @task(retries=1, **hooks)
    def recovers():
        if left[0]:
            left[0] -= 1
            raise ValueError("once")

    @task(**hooks)
    def bad():
        raise ValueError("bad")

    ids = []

    @flow
    def holds():
        ids.append(flow_run.id)
        for each in (good, recovers, bad):
            each(return_state=True)

    holds(return_state=True)
    return {"told": told, "states": states_of(ids[0]), "tasks": tasks_of(ids[0], 3)}


if __name__ == "__main__":
    main()
