"""An admin's own prices over the table that is known."""

from decimal import Decimal

import pytest
from genai_prices.data_snapshot import get_snapshot
from pydantic_ai.usage import RequestUsage

from agent_api.assistant.prices import OwnPrices
from agent_api.assistant.settings import PriceOfModel

USAGE = RequestUsage(input_tokens=1_000_000, cache_read_tokens=400_000, output_tokens=1_000_000)


def priced(prices: dict[str, PriceOfModel], model: str, provider: str | None) -> Decimal:
    return OwnPrices(get_snapshot(), prices).calc(USAGE, model, provider, None, None).total_price


PRICE = PriceOfModel(input=Decimal(10), output=Decimal(20), cached=Decimal(1))


def test_input_output_and_what_came_from_the_cache() -> None:
    assert priced({"openai:own": PRICE}, "own", "openai") == Decimal("26.4")  # 0.6 * 10 + 0.4 * 1 + 20


def test_without_a_price_for_the_cache_it_costs_as_any_input() -> None:
    price = PriceOfModel(input=Decimal(10), output=Decimal(20))
    assert priced({"openai:own": price}, "own", "openai") == Decimal(30)


@pytest.mark.parametrize("key", ["openai:gpt-5", "openai-chat:gpt-5", "openai-responses:gpt-5", "gpt-5"])
@pytest.mark.parametrize("answered_as", ["gpt-5", "GPT-5", "gpt-5-2025-08-07"])
def test_a_name_is_found_as_its_provider_answers(key: str, answered_as: str) -> None:
    assert priced({key: PRICE}, answered_as, "openai") == Decimal("26.4")


def test_others_keep_the_price_of_the_table() -> None:
    table = get_snapshot().calc(USAGE, "gpt-5-mini", "openai", None, None).total_price
    assert priced({"openai:gpt-5": PRICE}, "gpt-5-mini", "openai") == table


def test_a_price_at_one_provider_is_not_anothers() -> None:
    with pytest.raises(LookupError):
        priced({"box:own": PRICE}, "own", "openai")
    assert priced({"box:own": PRICE}, "own", "box") == Decimal("26.4")


def test_asked_without_its_provider_it_is_asked_for_again() -> None:
    with pytest.raises(LookupError):
        priced({"box:own": PRICE}, "own", None)


@pytest.mark.parametrize(("key", "provider"), [("box:llama3:8b", "box"), ("llama3:8b", None), ("llama3:8b", "box")])
def test_a_models_name_may_have_a_colon(key: str, provider: str | None) -> None:
    assert priced({key: PRICE}, "llama3:8b", provider) == Decimal("26.4")
