"""What flows keep on the server: artifacts, variables, blocks."""

from typing import Any, Optional
from uuid import UUID

from elsewhere import typed
from facts import api, main, raised, scenario
from prefect import flow, task
from prefect.artifacts import (
    Artifact,
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.variables import Variable
from pydantic import Field, SecretStr


class Inner(Block):
    """Inside of another."""

    word: SecretStr
    size: int = 3


class Outer(Block):
    """Holds another block and secrets in many places."""

    _block_type_name = "Parity outer"

    url: str
    password: SecretStr = Field(default=SecretStr("p4ss"), title="The password")
    many: dict[str, SecretStr] = Field(default_factory=dict)
    inner: Inner
    maybe: Optional[Inner] = None


@scenario
def artifacts_of_every_kind():
    @task
    def makes():
        return create_link_artifact("https://example.com", link_text="there", key="parity-link", description="A link.")

    @flow
    def reports():
        makes()
        create_markdown_artifact("# Title", key="parity-markdown")
        create_markdown_artifact("# Newer", key="parity-markdown")
        create_table_artifact([{"a": 1, "b": float("nan")}, {"a": 2, "b": 3.5}], key="parity-table")
        create_table_artifact({"a": [1, 2], "b": ["x", "y"]}, key="parity-columns")
        create_image_artifact("https://example.com/image.png", key="parity-image")
        progress = create_progress_artifact(progress=10, key="parity-progress")
        update_progress_artifact(progress, progress=150, description="done")
        create_markdown_artifact("no key")
        Artifact(key="parity-raw", type="custom", data={"any": ["json"]}).create()
        return Artifact.get("parity-markdown").data, Artifact.get("parity-nothing"), Artifact.get_or_create("parity-raw")[1]

    state = reports(return_state=True)
    run = str(state.state_details.flow_run_id)
    kept = api("POST", "/artifacts/filter", artifacts={"flow_run_id": {"any_": [run]}}, sort="ID_DESC")
    latest = api("POST", "/artifacts/latest/filter", artifacts={"flow_run_id": {"any_": [run]}}, sort="KEY_ASC")
    return {
        "result": list(state.result()),
        "kept": sorted([str(one["key"]), one["type"], str(one["data"]), one["description"], one["task_run_id"] is not None] for one in kept),
        "latest": [[one["key"], one["data"]] for one in latest],
        "bad key": raised(lambda: create_markdown_artifact("x", key="Not OK")).split("\n")[0],
    }


@scenario
def variables():
    Variable.set("parity_number", 5, tags=["a"])
    Variable.set("parity_text", "text")
    Variable.set("parity_object", {"list": [1, None, {"deep": True}]})
    return {
        "again": raised(lambda: Variable.set("parity_number", 6)),
        "over": [Variable.set("parity_number", 6, overwrite=True).value, Variable.get("parity_number")],
        "read": [Variable.get("parity_text"), Variable.get("parity_object"), Variable.get("parity_none", "default")],
        "unset": [Variable.unset("parity_text"), Variable.unset("parity_text")],
        "bad name": raised(lambda: Variable.set("Not-OK!", 1)).split("\n")[0],
        "too long": raised(lambda: Variable.set("parity_long", "x" * 6000)).split("\n")[0],
        "left": sorted([found["name"], found["value"], found["tags"]] for found in api("POST", "/variables/filter", sort="NAME_ASC")),
    }


@scenario
def blocks_with_secrets():
    Secret(value="hidden").save("parity-secret", overwrite=True)
    Secret(value={"a": [1, "b"]}).save("parity-json-secret", overwrite=True)
    inner = Inner(word="magic")
    inner.save("parity-inner")
    Outer(url="u", many={"x": "secret x"}, inner=inner, maybe=Inner(word="anonymous")).save("parity-outer")
    outer = Outer.load("parity-outer")

    def document(slug: str, name: str, secrets: bool = False) -> dict[str, Any]:
        found = api("GET", f"/block_types/slug/{slug}/block_documents/name/{name}?include_secrets={str(secrets).lower()}")
        # Of a whole object of secrets the reference hides nothing.
        found["data"].pop("many", None)
        return {"data": found["data"], "references": found["block_document_references"], "name": found["name"]}

    facts = {
        "secret": [Secret.load("parity-secret").get(), Secret.load("parity-json-secret").get()],
        "loaded": [outer.password.get_secret_value(), outer.many["x"].get_secret_value(), outer.inner.word.get_secret_value()],
        "optional": outer.maybe and outer.maybe.word.get_secret_value(),
        "by slug": type(Block.load("parity-outer/parity-outer")).__name__,
        "hidden": [document("secret", "parity-secret"), document("parity-outer", "parity-outer"), document("inner", "parity-inner")],
        "shown": [document("secret", "parity-json-secret", True), document("parity-outer", "parity-outer", True)],
        "again": raised(lambda: inner.save("parity-inner")),
    }
    schema = api("GET", "/block_schemas/checksum/" + Outer._calculate_schema_checksum())
    facts["schema"] = [schema["fields"], schema["checksum"], schema["capabilities"], schema["version"]]
    outer.url = "changed"
    outer.save(overwrite=True)
    facts["changed"] = [Outer.load("parity-outer").url, Outer.load("parity-outer").password.get_secret_value()]
    Block.delete("parity-outer/parity-outer")
    facts["deleted"] = raised(lambda: Outer.load("parity-outer"))
    return facts


@scenario
def blocks_as_parameters():
    Inner(word="for a parameter").save("parity-parameter")
    id = api("GET", "/block_types/slug/inner/block_documents/name/parity-parameter")["id"]

    @flow
    def takes(inner: Inner, plain: dict):
        return inner.word.get_secret_value(), plain

    state = takes(Inner.load("parity-parameter"), {"a": 1}, return_state=True)
    by_reference = takes(inner={"$ref": {"block_document_id": id}}, plain={}, return_state=True)
    run = api("GET", f"/flow_runs/{state.state_details.flow_run_id}")
    return [list(state.result()), list(by_reference.result()), run["parameters"], UUID(id).version is not None]


@scenario
def what_is_kept_from_the_command_line():
    return typed(
        """variable set parity_cli '{"a": 1}' --tag x""",
        "variable set parity_cli again",
        "variable set parity_cli again --overwrite",
        "variable get parity_cli",
        "variable inspect parity_cli --output json",
        "variable unset parity_cli",
        "variable get parity_cli",
        "variable ls",
        "block type inspect inner",
        "block ls --output json",
        "block inspect secret/parity-secret",
        "block delete secret/parity-secret",
        "block inspect secret/parity-secret",
        "artifact ls",
        "artifact inspect parity-table --output json",
        "artifact delete parity-image",
        "artifact inspect parity-image",
    )


if __name__ == "__main__":
    main()
