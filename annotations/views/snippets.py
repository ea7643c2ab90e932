"""How programs fetch an export: lines to copy, with the address in them."""

from typing import NamedTuple


class Snippet(NamedTuple):
    name: str
    label: str
    hint: str
    code: str


def snippets(slug: str, export: str, query: str) -> list[Snippet]:
    """`export`: the endpoint, absolute. `query`: the filters and the revision."""
    lines, table = f"{export}?format=jsonl&{query}", f"{export}?format=parquet&{query}"
    links = f"{export}links/?format=parquet&{query}"
    return [
        Snippet("curl", "curl", "", CURL.format(url=lines, slug=slug)),
        Snippet("pandas", "pandas", "", PANDAS.format(url=lines)),
        Snippet("polars", "polars", BY_LINK, POLARS.format(links=links)),
        Snippet(
            "duckdb",
            "DuckDB",
            "It reads only the parts that it needs.",
            DUCKDB.format(url=table, export=export),
        ),
        Snippet(
            "datasets", "Hugging Face datasets", f"{BY_LINK} {WITH_AIOHTTP}", DATASETS.format(links=links)
        ),
    ]


BY_LINK = "It sends no headers, so a link is made first: it reads this one export for an hour."
WITH_AIOHTTP = "To read an address it needs aiohttp: pip install datasets aiohttp."
CURL = """curl --fail -H "Authorization: Token $AIGAP_TOKEN" \\
  "{url}" \\
  -o {slug}.jsonl"""
PANDAS = """import os
import pandas

claims = pandas.read_json(
    "{url}",
    lines=True,
    storage_options={{"Authorization": "Token " + os.environ["AIGAP_TOKEN"]}},
)"""
LINK = """import json
import os
import urllib.request

ask = urllib.request.Request(
    "{links}",
    method="POST",
    headers={{"Authorization": "Token " + os.environ["AIGAP_TOKEN"]}},
)
with urllib.request.urlopen(ask) as answer:
    link = json.load(answer)["url"]
"""
POLARS = f"""import polars
{LINK}claims = polars.scan_parquet(link).collect()"""
DATASETS = f"""from datasets import load_dataset
{LINK}claims = load_dataset("parquet", data_files=link, split="train")"""
DUCKDB = """import os
import duckdb

here = duckdb.connect()
here.execute("INSTALL httpfs; LOAD httpfs")
here.execute(f\"\"\"
    CREATE SECRET (TYPE http, BEARER_TOKEN '{{os.environ["AIGAP_TOKEN"]}}', SCOPE '{export}')
\"\"\")
verdicts = here.sql("SELECT verdict, count(*) FROM read_parquet('{url}') GROUP BY verdict")
print(verdicts)"""
