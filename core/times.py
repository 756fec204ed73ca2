"""Points in time as callers give them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def _to_utc(time: datetime) -> datetime:
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is outside the years 1 to 9999 in UTC") from error


UtcTime = Annotated[datetime, AfterValidator(_to_utc)]
"""A datetime in UTC: one without an offset is taken as UTC, any other is converted.

Python takes offsets up to 23:59, Postgres refuses those from 16:00: what reaches the database has none.
"""

AwareUtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""The same where an offset must be given, so that nobody is surprised by an hour."""
