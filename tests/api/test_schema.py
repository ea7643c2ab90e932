"""The schema is complete and true: schemathesis asks for everything in it and checks every answer (T25).

AIGAP_SCHEMA_EXAMPLES=50 looks harder, and elsewhere each time.
"""

import logging
import os

import pytest
import schemathesis
from django.db import connections
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.api.cast import api, cite, make_desk, tag

REFUSALS = {
    # No schema can say which revision is live, or that one of two headers is needed.
    "positive_data_acceptance": ["2xx", "304", "401", "403", "404", "409", "410", "412", "422", "428"],
    "negative_data_rejection": [
        "400",
        "401",
        "403",
        "404",
        "405",
        "406",
        "409",
        "410",
        "412",
        "415",
        "422",
        "428",
    ],
    "missing_required_header": ["400", "401", "403", "404", "406", "415", "422", "428"],
}
# Nor that start is less than end, that an HTML text has words, where the blocks of an article begin, or that one
# field is needed because of another's value.
ALSO_INVALID = (
    *("spans_post", "spandetail_patch", "spanevidence_post", "articles_post", "articledetail_patch"),
    "articleworkdetail_put",
)


@pytest.fixture
def short_connections(transactional_db, monkeypatch):
    """The engine's threads end without a word: no connection may outlive its request."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)


@pytest.fixture
def briefly(monkeypatch):
    """Of thousands of refusals nothing is logged, and for none is it looked whether somebody has a ~/.netrc."""
    monkeypatch.setenv("NETRC", os.devnull)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def loaded(server, token):
    headers = {"Authorization": f"Bearer {token}"}
    config = SchemathesisConfig.from_dict(
        {
            "headers": headers | {"Connection": "close"},
            "generation": {
                "max-examples": int(os.environ.get("AIGAP_SCHEMA_EXAMPLES", "4")),
                "deterministic": "AIGAP_SCHEMA_EXAMPLES" not in os.environ,
                "database": "none",
            },
            "checks": {name: {"expected-statuses": codes} for name, codes in REFUSALS.items()},
            "operations": [
                {
                    "include-operation-id": operation,
                    "checks": {
                        "positive_data_acceptance": {
                            "expected-statuses": ["400", *REFUSALS["positive_data_acceptance"]]
                        }
                    },
                }
                for operation in ALSO_INVALID
            ],
        }
    )
    return schemathesis.openapi.from_url(f"{server.url}/api/v1/schema/", headers=headers, config=config)


def faults_of(event):
    if isinstance(event, events.NonFatalError):
        yield f"{event.label}: {event.value!r}"
    elif isinstance(event, events.FatalError):
        yield repr(event.exception)
    elif isinstance(event, events.ScenarioFinished):
        for case, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    answer = event.recorder.interactions[case].response
                    yield (
                        f"{event.phase} {event.recorder.label}: {check.failure_info.failure!r}\n"
                        f"  {check.failure_info.code_sample}\n  {answer.status_code} {answer.content[:300]!r}"
                    )


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_every_operation_is_as_described(short_connections, briefly, live_server):
    desk = make_desk()
    tag(desk.collection, desk.ana, desk.span)
    cite(desk.collection, desk.ana, desk.span)
    schema = loaded(live_server, api(desk.owner).token)
    asked, faults = 0, []
    for event in from_schema(schema).execute():
        faults += faults_of(event)
        if isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.interactions)
    assert not faults, "\n".join(faults)
    assert asked > 500
