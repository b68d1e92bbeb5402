from prefect import flow


@flow(log_prints=True)
def greet_from_python(name: str) -> str:
    print(f"Hello {name}!")
    return name
