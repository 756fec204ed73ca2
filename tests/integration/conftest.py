"""The order of the files: those that take longest begin first, so that none of them is left to the end, alone."""

import pytest

_LONGEST = (
    "rag_pipeline/test_survival.py",
    "agent_api/test_budgets.py",
    "embedded/test_supervisor.py",
    "agent_api/test_openapi.py",
    "rag_pipeline/test_keeping_order.py",
    "knowledge/test_table_limits.py",
    "rag_pipeline/test_disks_and_rights.py",
    "google_drive/test_pipeline.py",
    "agent_api/test_one_request.py",
    "database/test_real_calls.py",
    "knowledge/test_api.py",
    "agent_api/test_replicas.py",
    "agent_api/test_agents.py",
    "agent_api/test_outage.py",
    "agent_api/test_kills.py",
    "agent_api/test_crash.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first and leave all others as they are."""

    def place(item: pytest.Item) -> int:
        file = "/".join(item.path.parts[-2:])
        return _LONGEST.index(file) if file in _LONGEST else len(_LONGEST)

    items.sort(key=place)
