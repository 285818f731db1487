#!/usr/bin/env python3
"""Runs the program over buckets of moto, an S3 server that checks signatures, and compares with the same files on disk.

    pip install 'moto[server]' duckdb
    python3 tests/s3.py PROGRAM
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import boto3
import duckdb
from moto.server import ThreadedMotoServer

REPORTS = Path(__file__).parent.parent / "examples" / "reports"
REGION = "us-east-1"

# Columns that tell of the run or of the place, and not of what was read.
OF_THE_RUN = "source_uri, run_id, ingested_at"


def pipeline(folder, name, source, store=None):
    job = folder / f"{name}.toml"
    job.write_text(f'name = "{name}"\nstore = "{store or name}"\n[[source]]\n{source}[defaults]\nregion = "330800"\n')
    return job


def bucket(endpoint, url):
    return f'kind = "bucket"\nurl = "{url}"\nendpoint = "{endpoint}"\nregion = "{REGION}"\nallow_http = true\n'


def run(program, job, key, code, *arguments, **variables):
    environment = os.environ | variables | {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [program, "run", job, "--summary", *arguments], env=environment, capture_output=True, text=True
    )
    check(done.returncode == code, f"{job.stem}: exit code {done.returncode}, expected {code}\n{done.stderr}")
    return done.stdout + done.stderr


def try_store(program, s3, endpoint, key, folder, files):
    """A store in a bucket: the rows of the folder `files`, from this machine and from another."""
    here = {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": REGION, "ZHIBIAO_CACHE": str(folder / "here")}
    there = here | {"ZHIBIAO_CACHE": str(folder / "there")}
    source = f'kind = "files"\ninclude = ["{REPORTS.resolve()}/*.txt"]\n'
    job = pipeline(folder, "kept", source, "s3://figures/衢州/store")
    run(program, job, key, 0, **here)

    def names():
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="figures")
        return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}

    copy = folder / "copy"
    for name in names():
        place = copy / name.removeprefix("衢州/store/")
        place.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file("figures", name, str(place))
    for table in ["observations", "series", "entities", "numbers"]:
        check(rows(copy, table) == rows(files, table), f"{table}: the rows of the bucket are not those of the folder")
    before = names()
    check(not any("meta/tmp" in name or "lock" in name or "journal" in name for name in before), f"left: {before}")
    check("nothing new in 12 inputs" in run(program, job, key, 0, **there), "another machine found something new")
    check(names() == before, "a second run wrote objects")
    s3.put_object(Bucket="figures", Key="衢州/store/meta/lock.json", Body=json.dumps(
        {"owner": "other", "expires": "2099-01-01T00:00:00Z", "renewed_every_seconds": 15}).encode())
    check("another run is writing" in run(program, job, key, 75, **here), "two runs at once")
    s3.delete_object(Bucket="figures", Key="衢州/store/meta/lock.json")
    check("SignatureDoesNotMatch" in run(program, job, key | {"SecretAccessKey": "wrong"}, 74, **here), "a wrong secret")
    print(f"a store in a bucket: {len(before)} objects, the rows of the folder, from two machines")


def rows(store, table):
    files = f"read_parquet('{store}/v1/{table}/**/*.parquet')"
    return duckdb.sql(f"SELECT * EXCLUDE ({OF_THE_RUN}) FROM {files} ORDER BY ALL").fetchall()


def check(holds, message):
    if not holds:
        sys.exit(f"failed: {message}")


def main(program):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    endpoint = "http://%s:%d" % server.get_host_and_port()
    first = {"aws_access_key_id": "first", "aws_secret_access_key": "first"}
    client = lambda service: boto3.client(service, endpoint_url=endpoint, region_name=REGION, **first)

    s3 = client("s3")
    s3.create_bucket(Bucket="reports")
    for path in REPORTS.iterdir():
        s3.upload_file(str(path), "reports", f"统计/{path.name}")
    for number in range(1100):
        text = f"第{number}号快报\n2022年1—7月,衢州市规上工业增加值{number}.5亿元。\n"
        s3.put_object(Bucket="reports", Key=f"many/{number % 7}/{number}.txt", Body=text.encode())
    client("iam").create_user(UserName="reader")
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    client("iam").put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=policy)
    key = client("iam").create_access_key(UserName="reader")["AccessKey"]
    # From here on every request must be signed by a user that may make it.
    switch = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
    urllib.request.urlopen(switch)

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        files = pipeline(folder, "files", f'kind = "files"\ninclude = ["{REPORTS.resolve()}/*.txt"]\n')
        source = bucket(endpoint, "s3://reports/统计/") + 'include = ["*.txt"]\n'
        objects = pipeline(folder, "objects", source)
        run(program, files, key, 0)
        run(program, objects, key, 0)
        check("nothing new in 12 inputs" in run(program, objects, key, 0), "the second run found something new")
        for table in ["observations", "entities", "numbers"]:
            same = rows(folder / "files", table) == rows(folder / "objects", table)
            check(same, f"{table}: the rows of the bucket are not those of the files")
        print(f"12 reports: {len(rows(folder / 'objects', 'observations'))} observations, as from the files")

        s3 = boto3.client("s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=key["AccessKeyId"],
                          aws_secret_access_key=key["SecretAccessKey"])
        s3.create_bucket(Bucket="figures")
        try_store(program, s3, endpoint, key, folder, folder / "files")

        many = pipeline(folder, "many", bucket(endpoint, "s3://reports/many/"))
        run(program, many, key, 0)
        count = len(rows(folder / "many", "observations"))
        check(count >= 1100, f"{count} observations of 1100 objects")
        check("nothing new in 1100 inputs" in run(program, many, key, 0), "not all pages of the list were read")
        print("1100 objects: all pages of the list")

        before = rows(folder / "objects", "observations")
        said = run(program, objects, key | {"SecretAccessKey": "wrong"}, 3)
        check("SignatureDoesNotMatch" in said, f"a wrong secret: {said}")
        said = run(program, objects, key | {"AccessKeyId": "AKIANOBODY"}, 3)
        check("InvalidAccessKeyId" in said, f"a wrong key: {said}")
        missing = pipeline(folder, "missing", bucket(endpoint, "s3://nowhere/"))
        said = run(program, missing, key, 3)
        check("NoSuchBucket" in said, f"a missing bucket: {said}")
        check(rows(folder / "objects", "observations") == before, "rows were lost")
        print("a wrong secret, a wrong key, a missing bucket: rejected, and nothing stored was lost")
    server.stop()


if __name__ == "__main__":
    main(sys.argv[1])
