"""The API's description is true: it is valid, every answer fits it, and its examples are answers of this site."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from claims.models import User
from feed.describing.answers import address_of
from feed.describing.examples import Known
from feed.describing.openapi import openapi
from feed.describing.operations import answering
from tests.feed_rows import get
from tests.make import make_correction
from tests.schema_rows import Site, made, site

__all__ = ["made", "site"]

SCHEMA = "/api/schema/"


def faults(described: Any, schema: Any, answer: Any) -> list[str]:
    whole = schema | {"components": described["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)]


def test_it_is_valid_openapi_3_1(client: Client, site: Site) -> None:
    described = get(client, SCHEMA)
    assert described["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_verdict_in_every_state_fits_its_description(client: Client, site: Site) -> None:
    described = openapi()
    sources = [row["id"] for row in get(client, "/api/v1/sources/")["results"]]
    verdicts = [claim.public_id for claim in vars(site).values()]
    for operation in answering():
        for name in sources if operation.name == "source" else verdicts:
            known = Known(verdict=name, source=name, word="bridge")
            needs = any(parameter.required for parameter in operation.parameters)
            response = client.get(address_of(operation, known) if needs else operation.sample(known))
            body = response.getvalue()
            if operation.is_json:
                answer = json.loads(body)
                schema = {"$ref": f"#/components/schemas/{operation.answers}"}
                assert (operation.name, faults(described, schema, answer)) == (operation.name, [])
                assert answer.get("results") != [], operation.name
            assert response["Content-Type"].partition(";")[0] == operation.media_type


def test_every_example_finds_something_here(client: Client, site: Site) -> None:
    described = get(client, SCHEMA)
    for path, item in described["paths"].items():
        parameters = {each["name"]: each for each in item["get"]["parameters"]}
        asked = {
            name: each["example"]
            for name, each in parameters.items()
            if each["in"] == "query" and "example" in each and name != "status"
        }
        for name, each in parameters.items():
            if each["in"] == "path":
                path = path.replace(f"{{{name}}}", str(each["example"]))
        response = client.get(path, asked)
        assert response.status_code == 200, (path, asked)
        body = response.getvalue()
        if response["Content-Type"] == "application/json":
            assert json.loads(body).get("results", [1]) != [], (path, asked)


def test_every_example_fits_the_schema_of_its_parameter(client: Client, site: Site) -> None:
    described = get(client, SCHEMA)
    for item in described["paths"].values():
        for each in item["get"]["parameters"]:
            if "example" in each:
                assert faults(described, each["schema"], each["example"]) == [], each["name"]


def test_every_example_answer_is_what_the_address_answers(client: Client, site: Site) -> None:
    described, seen = get(client, SCHEMA), 0
    for item in described["paths"].values():
        operation = item["get"]
        for media_type, content in operation["responses"]["200"]["content"].items():
            if "example" in content:
                assert faults(described, content["schema"], content["example"]) == [], (operation, media_type)
                seen += 1
    assert seen >= 10
    example = described["paths"]["/api/v1/verdicts/{id}/"]["get"]["responses"]["200"]["content"]["application/json"]
    assert get(client, f"/api/v1/verdicts/{site.published.public_id}/") != {}
    assert example["example"] == get(client, f"/api/v1/verdicts/{example['example']['id']}/")


def test_the_problem_shown_is_the_problem_answered(client: Client, db: None) -> None:
    described = get(client, SCHEMA)["paths"]["/api/v1/topics/"]["get"]["responses"]["400"]
    example = described["content"]["application/problem+json"]["example"]
    assert client.get("/api/v1/topics/", {"page_size": "0"}).json() == example


def test_it_names_every_address_of_the_machine_side(db: None) -> None:
    from feed.urls import urlpatterns

    unnamed = {pattern.name for pattern in urlpatterns if hasattr(pattern, "name")}
    unnamed -= {operation.view_name for operation in answering()}
    # The page for people, and what answers where nothing is.
    assert unnamed == {"docs", "root", "unknown", "google_root", "google_unknown"}


def test_it_names_every_parameter_an_address_takes(db: None) -> None:
    for operation in answering():
        described = openapi()["paths"][operation.path]["get"]["parameters"]
        named = {each["name"] for each in described if each["in"] == "query"}
        # Google's own page describes the rest.
        named |= (
            {"reviewPublisherSiteFilter", "pageToken", "fields", "key"} if operation.name == "google_search" else set()
        )
        assert named == {each.name for each in operation.parameters}, operation.name


def test_every_link_leads_to_an_operation_and_its_parameters(db: None) -> None:
    paths = openapi()["paths"]
    taken = {
        item["get"]["operationId"]: {each["name"] for each in item["get"]["parameters"]} for item in paths.values()
    }
    for item in paths.values():
        for link in item["get"]["responses"]["200"].get("links", {}).values():
            assert set(link["parameters"]) <= taken[link["operationId"]]


def test_verdicts_lead_to_versions_and_events_to_verdicts(client: Client, site: Site) -> None:
    """What a client finds by following the links, as schemathesis does."""
    paths = openapi()["paths"]
    links = {
        (item["get"]["operationId"], link["operationId"])
        for item in paths.values()
        for link in item["get"]["responses"]["200"].get("links", {}).values()
    }
    assert {("verdicts", "verdict"), ("verdict", "version"), ("events", "verdict"), ("source", "verdict")} <= links


def test_a_webhook_body_is_an_event_with_its_document(client: Client, site: Site) -> None:
    described = openapi()
    body = described["webhooks"]["verdict"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    event = get(client, "/api/v1/events/")["results"][0]
    document = get(client, f"/api/v1/verdicts/{event['verdict']['id']}/")
    assert faults(described, body, event | {"document": document}) == []
    assert faults(described, body, event) != []


def test_the_description_is_public_json(client: Client, db: None) -> None:
    response = client.get(SCHEMA, headers={"accept": "application/yaml"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(SCHEMA, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert json.loads(response.content)["servers"] == [{"url": "http://testserver"}]


def test_it_is_made_once_and_anew_when_something_public_changes(
    client: Client, site: Site, checker: User, editor: User, django_assert_max_num_queries: Any
) -> None:
    client.get(SCHEMA)
    first = client.get(SCHEMA)  # what is asked for twice is kept
    with django_assert_max_num_queries(1):
        assert client.get(SCHEMA).content == first.content
    make_correction(site.published, checker, editor, headline="Another headline")
    again = client.get(SCHEMA)
    assert again["ETag"] != first["ETag"]
    assert b"Another headline" in again.content
