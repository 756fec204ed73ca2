"""What models cost: pydantic-ai's table of prices, with an admin's own prices over it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from genai_prices import calc_price
from genai_prices.data_snapshot import DataSnapshot, get_snapshot, set_custom_snapshot
from genai_prices.types import (
    AbstractUsage,
    ClauseEquals,
    ModelInfo,
    ModelPrice,
    PriceCalculation,
    PriceContext,
    Provider,
)
from pydantic_ai.models import AbstractModel, Model

from agent_api.assistant.passages_model import passages_model
from agent_api.assistant.settings import PriceOfModel

#: pydantic-ai's names of models say which of a provider's APIs is spoken; the provider is the same.
_SAME_PROVIDER = {"openai-chat": "openai", "openai-responses": "openai"}


class OwnPrices(DataSnapshot):
    """The table that is there, asked only for models without a price of one's own.

    Args:
        table: The table underneath.
        prices: By ``provider:model``, or by the model's name alone for any provider.
    """

    def __init__(self, table: DataSnapshot, prices: Mapping[str, PriceOfModel]) -> None:
        super().__init__(providers=table.providers, from_auto_update=table.from_auto_update)
        self._own: dict[tuple[str | None, str], ModelPrice] = {}
        for key, price in prices.items():
            provider, colon, model = key.partition(":")
            made = ModelPrice(
                input_mtok=price.input,
                output_mtok=price.output,
                cache_read_mtok=price.input if price.cached is None else price.cached,
                cache_write_mtok=price.input if price.cache_written is None else price.cache_written,
            )
            # A model's name may have a colon of its own (llama3:8b): what stands before it need be no provider.
            self._own[None, key.lower()] = made
            if colon:
                self._own[_SAME_PROVIDER.get(provider, provider), model.lower()] = made

    def calc(
        self,
        usage: AbstractUsage,
        model_ref: str,
        provider_id: str | None,
        provider_api_url: str | None,
        genai_request_timestamp: datetime | None,
        price_context: PriceContext | None = None,
    ) -> PriceCalculation:
        """The price of a request, by one's own price where there is one.

        Raises:
            LookupError: Neither table knows the model, or only by its provider, which is asked for in a second call.
        """
        own = self._find(model_ref.lower(), provider_id)
        if own is None:
            if provider_id is None and any(model == model_ref.lower() for _, model in self._own):
                raise LookupError(f"{model_ref} has a price of its own by its provider")
            return super().calc(usage, model_ref, provider_id, provider_api_url, genai_request_timestamp, price_context)
        info = ModelInfo(id=model_ref, match=ClauseEquals(equals=model_ref), prices=own)
        provider = Provider(id=provider_id or "own", name=provider_id or "own", api_pattern="")
        return PriceCalculation(
            **own.calc_price(usage), model=info, provider=provider, model_price=own, auto_update_timestamp=None
        )

    def _find(self, model: str, provider_id: str | None) -> ModelPrice | None:
        # A provider may answer with a dated name: gpt-5 answers as gpt-5-2025-08-07.
        for (provider, name), price in self._own.items():
            if provider in (None, provider_id) and (model == name or model.startswith(f"{name}-20")):
                return price
        return None


def costs_nothing(model: AbstractModel, provider: str | None) -> bool:
    """Whether answers of a model, or of that ``provider`` in its place, run on one's own machine.

    For all else without a known price MODEL_PRICES is to give one.
    """
    return model is passages_model or provider == "ollama"


def price_of(model: Model, usage: AbstractUsage) -> Decimal | None:
    """What a request to a model costs in US dollars; None where its price is not known.

    As pydantic-ai does, by the address first: one provider's protocol is spoken at addresses of others.
    """
    name, address = model.model_name, model.base_url
    if address:
        with suppress(LookupError):
            return calc_price(usage, name, provider_api_url=address).total_price
    with suppress(LookupError):
        return calc_price(usage, name, provider_id=model.system).total_price
    return Decimal(0) if costs_nothing(model, model.system) else None


def use_prices(prices: Mapping[str, PriceOfModel]) -> None:
    """Let ``prices`` hold in this process; called once, when it starts."""
    if prices:
        set_custom_snapshot(OwnPrices(get_snapshot(), prices))
