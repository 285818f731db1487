#!/usr/bin/env python3
"""Puts the dashboard of pipelines/bi/superset into a running Superset, over its REST API, and says what each chart shows.
What is there of an earlier time is replaced. Needs nothing but Python; the password is read from SUPERSET_PASSWORD.

    python3 pipelines/bi/superset.py http://127.0.0.1:8088 admin /srv/zhibiao/zhibiao.duckdb
"""

import io
import json
import os
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

BUNDLE = Path(__file__).parent / "superset"
# The place of the DuckDB file in the bundle.
PLACE = "/srv/zhibiao/zhibiao.duckdb"


class Superset:
    def __init__(self, url, user, password):
        self.url, self.headers = url.rstrip("/"), {}
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        login = {"username": user, "password": password, "provider": "db", "refresh": True}
        self.headers["Authorization"] = "Bearer " + self.ask("security/login", login)["access_token"]
        # Superset takes what changes something only with this, and from its own pages.
        self.headers |= {"X-CSRFToken": self.ask("security/csrf_token/")["result"], "Referer": self.url}

    def ask(self, path, body=None, kind="application/json"):
        """The answer to a POST of `body`, or to a GET without one."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, self.headers | {"Content-Type": kind})
        try:
            with self.opener.open(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read().decode(errors='replace')[:2000]}")
        except urllib.error.URLError as error:
            sys.exit(f"{self.url}: {error.reason}")

    def put(self, bundle):
        """Imports a dashboard, in place of what has the same ids."""
        line = "zhibiao-bundle"
        fields = f'--{line}\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\ntrue\r\n'
        file = (f'--{line}\r\nContent-Disposition: form-data; name="formData"; filename="zhibiao.zip"\r\n'
                "Content-Type: application/zip\r\n\r\n")
        body = (fields + file).encode() + bundle + f"\r\n--{line}--\r\n".encode()
        self.ask("dashboard/import/", body, f"multipart/form-data; boundary={line}")

    def rows(self, chart):
        """How many rows a chart of the dashboard has to show."""
        params = json.loads(self.ask(f"chart/{chart['id']}")["result"]["params"])
        columns = params.get("all_columns") or [params["x_axis"], *params["groupby"]]
        filters = [{"col": one["subject"], "op": one["operator"], "val": one["comparator"]} for one in params["adhoc_filters"]]
        query = {"columns": columns, "metrics": params.get("metrics"), "filters": filters, "row_limit": 10000}
        source, kind = chart["form_data"]["datasource"].split("__")
        answer = self.ask("chart/data", {"datasource": {"id": int(source), "type": kind}, "queries": [query]})
        return answer["result"][0]["rowcount"]


def bundle(database):
    """The dashboard as Superset exports it, over the DuckDB file `database`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(BUNDLE.rglob("*.yaml")):
            text = path.read_text().replace(PLACE, str(database))
            archive.writestr(f"zhibiao/{path.relative_to(BUNDLE)}", text)
    return packed.getvalue()


def main(url, user, database):
    database = Path(database).resolve()
    if not database.is_file():
        sys.exit(f"{database}: no file; docs/BI.md says how it is made")
    superset = Superset(url, user, os.environ.get("SUPERSET_PASSWORD", ""))
    superset.put(bundle(database))
    empty = 0
    for chart in superset.ask("dashboard/zhibiao/charts")["result"]:
        rows = superset.rows(chart)
        empty += rows == 0
        print(f"{chart['slice_name']}: {rows} rows")
    print(f"{superset.url}/superset/dashboard/zhibiao/")
    return 1 if empty else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
