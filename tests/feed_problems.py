"""What every refusal of the machine side has."""

from __future__ import annotations

import json
from typing import Any


def refused(response: Any, *statuses: int) -> Any:
    """The problem, which is complete and says something; of the Google search in Google's own shape."""
    assert response.status_code in (statuses or range(400, 500)), (response.status_code, response.content[:300])
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"
    answer = json.loads(response.content)
    if "error" in answer:
        assert answer["error"]["code"] == response.status_code and answer["error"]["message"]
        return answer["error"]
    assert response["Content-Type"] == "application/problem+json"
    assert set(answer) == {"type", "title", "status", "detail", "errors"}
    assert answer["status"] == response.status_code and answer["detail"]
    return answer
