from pathlib import Path

from prefect import flow


@flow(log_prints=True)
def greeting(name: str = "world") -> str:
    print(f"hello {name}")
    return name


if __name__ == "__main__":
    here = str(Path(__file__).parent)
    greeting.from_source(source=here, entrypoint="greeting.py:greeting").deploy(
        name="python", work_pool_name="processes", print_next_steps=False
    )
