"""The blocks of sdk-blocks.test.ts in Python."""

import sys

from prefect.blocks.core import Block
from pydantic import SecretStr


class AwsKeys(Block):
    """Keys of an account."""

    _block_type_slug = "aws-keys"
    access_key: str
    secret: SecretStr


class LakeStore(Block):
    _block_type_slug = "lake-store"
    bucket_name: str
    prefixes: list[str] = []
    keys: AwsKeys


(command,) = sys.argv[1:]
if command == "save":
    keys = AwsKeys(access_key="from python", secret="hush")
    keys.save("py-keys")
    LakeStore(bucket_name="lake", prefixes=["a"], keys=keys).save("py-lake")
    print(LakeStore._calculate_schema_checksum())
elif command == "load":
    lake = LakeStore.load("ts-lake")
    print(lake.bucket_name, lake.prefixes, lake.keys.access_key, lake.keys.secret.get_secret_value())
    lake.bucket_name = "changed"
    lake.save("ts-lake", overwrite=True)
