"""Four months of earthquakes around Indonesia and the Philippines, from the catalogue of the U.S. Geological Survey.

An ordinary flow for the unmodified Python package `prefect`; nothing in here knows which server it runs on. Shows: a task that is
tried again, tasks mapped over regions, logs, and a result kept as JSON, so that a TypeScript flow can read it
(`../report/report.ts`).

Run it alone with `python earthquakes/earthquakes.py`, or deploy it with the `prefect.yaml` of the folder above.
"""

import csv
from collections import Counter
from importlib.resources import files

from prefect import flow, get_run_logger, runtime, task, unmapped


@task(retries=2, retry_delay_seconds=0.2)
def read_catalogue() -> list[dict]:
    """Reads the catalogue, whose first answer is always that it is busy."""
    if runtime.task_run.run_count == 1:
        raise TimeoutError("the earthquake catalogue is busy")
    with (files("hvsampledata") / "_data" / "earthquakes.csv").open() as file:
        rows = list(csv.DictReader(file))
    get_run_logger().info("read %d earthquakes", len(rows))
    return [
        {
            "date": row["time"][:10],
            "magnitude": float(row["mag"]),
            "depth_km": float(row["depth"]),
            "place": row["place"],
            "region": row["place"].rsplit(", ", 1)[-1],
        }
        for row in rows
    ]


@task(task_run_name="summarise-{region}")
def summarise_region(region: str, quakes: list[dict]) -> dict:
    here = [quake for quake in quakes if quake["region"] == region]
    return {
        "region": region,
        "count": len(here),
        "strongest": max(quake["magnitude"] for quake in here),
        "mean_depth_km": round(sum(quake["depth_km"] for quake in here) / len(here), 1),
    }


@flow(persist_result=True, result_serializer="json")
def earthquakes(min_magnitude: float = 4.5) -> dict:
    """Sums up the earthquakes of at least a magnitude, by region."""
    quakes = [quake for quake in read_catalogue() if quake["magnitude"] >= min_magnitude]
    if not quakes:
        raise ValueError(f"there is no earthquake of magnitude {min_magnitude} or more")
    regions = [region for region, _ in Counter(quake["region"] for quake in quakes).most_common()]
    summaries = summarise_region.map(regions, quakes=unmapped(quakes)).result()
    strongest = sorted(quakes, key=lambda quake: -quake["magnitude"])[:5]
    get_run_logger().info("%d earthquakes in %d regions", len(quakes), len(regions))
    return {
        "min_magnitude": min_magnitude,
        "first_day": quakes[0]["date"],
        "last_day": quakes[-1]["date"],
        "count": len(quakes),
        "regions": summaries,
        "strongest": [{key: quake[key] for key in ("date", "magnitude", "place")} for quake in strongest],
    }


if __name__ == "__main__":
    print(earthquakes())
