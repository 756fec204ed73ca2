"""Calls of functions straight to Postgres: callers see what they see over the REST API, whatever they send.

Where the embedded REST server differs from PostgREST, the tests say what PostgREST answers.
"""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

import pytest

from tests.integration.database.conftest import Ways, execute, outcome_of
from tests.support.stack import Stack

SENTENCE = (
    'The database lacks something that this version needs (A sentence with a % sign and "quotes".). Run the migrations '
    "in supabase/migrations, then try again."
)
EVERYBODY = "00000000-0000-0000-0000-000000000001"
SCHEMA = """
create table public.things (
  id bigint primary key, name text unique, price numeric(10, 2), at timestamptz, parent bigint references public.things,
  tags text[], details jsonb, constraint price_is_real check (price >= 0)
);
insert into public.things values
  (1, 'one', 1.50, '2026-01-02 03:04:05.6+00', null, '{a,"b c"}', '{"x": [1, null]}'),
  (2, 'two', null, null, 1, null, null);
create function public.everything(
  p_text text, p_json json, p_jsonb jsonb, p_list text[], p_ids uuid[], p_whole integer, p_large bigint, p_real real,
  p_exact numeric, p_yes boolean, p_at timestamptz, p_day date, p_id uuid, p_vector extensions.vector
) returns table (
  text text, "json" json, "jsonb" jsonb, list text[], ids uuid[], whole integer, large bigint, "real" real,
  exact numeric, yes boolean, at timestamptz, day date, id uuid, vector extensions.vector, nothing text
) language sql as $$ select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, null $$;
create function public.returns_void(p_name text) returns void language sql as $$ select $$;
create function public.returns_text(p_value text) returns text language sql as $$ select p_value $$;
create function public.returns_json(p_value json) returns json language sql as $$ select p_value $$;
create function public.returns_jsonb(p_value jsonb) returns jsonb language sql as $$ select p_value $$;
create function public.returns_large(p_value bigint) returns bigint language sql as $$ select p_value $$;
create function public.returns_list("p_Value" text[]) returns text[] language sql as $$ select "p_Value" $$;
create function public.returns_bytes(p_value bytea) returns bytea language sql as $$ select p_value $$;
create function public.returns_yes(p_value boolean) returns boolean language sql as $$ select p_value $$;
create function public.returns_row(p_id bigint) returns public.things language sql as
  $$ select * from public.things where id = p_id $$;
create function public.returns_rows(p_ids bigint[]) returns setof public.things language sql as
  $$ select * from public.things where id = any (p_ids) order by id $$;
create function public.returns_numbers(p_to integer) returns setof integer language sql as
  $$ select * from generate_series(1, p_to) $$;
create function public.returns_lone_column(p_to integer) returns table (number integer) language sql as
  $$ select * from generate_series(1, p_to) $$;
create function public.returns_out(p_in integer, out twice integer, out half numeric) language sql as
  $$ select p_in * 2, p_in / 2.0 $$;
create function public.takes_defaults(p_a text, p_b text default 'b', p_c integer default 3) returns text
  language sql as $$ select concat_ws('/', p_a, p_b, p_c) $$;
create function public.fail(p_code text, p_hint text) returns jsonb language plpgsql as $$
begin
  raise exception using errcode = p_code, message = 'A sentence with a % sign and "quotes".', detail = 'd',
    hint = coalesce(p_hint, '');
end $$;
create function public.write(p_id bigint, p_name text, p_price numeric, p_parent bigint) returns public.things
language sql as $$
  insert into public.things (id, name, price, parent) values (p_id, p_name, p_price, p_parent) returning * $$;
create function public.who() returns jsonb language sql as
  $$ select jsonb_build_object('user', current_user, 'uid', auth.uid(), 'setting', current_setting('TimeZone')) $$;
create function public.not_yours() returns void language sql as $$ select $$;
revoke all on function public.not_yours() from public, service_role;
"""


@pytest.fixture(scope="module", autouse=True)
def _functions(module_stack: Stack) -> None:  # pyright: ignore[reportUnusedFunction]
    asyncio.run(execute(module_stack, SCHEMA))
    module_stack.wait_for_table("things")


def everything(**more: Any) -> dict[str, Any]:
    """Arguments of every type as JSON has them, some of them others."""
    return {
        "p_text": "Grüße 🐦 \\ \" ' % $1 :x\n\t\u2028", "p_json": {"b": 1, "a": [None, "ü"]},
        "p_jsonb": {"b": 1, "a": []}, "p_list": ["a", "b,c", '"', "{}", ""], "p_ids": [EVERYBODY],
        "p_whole": -2147483648, "p_large": 9007199254740991, "p_real": 0.1, "p_exact": 12.5, "p_yes": True,
        "p_at": "2026-02-03T04:05:06.789+02:00", "p_day": "2026-02-03", "p_id": EVERYBODY.upper(),
        "p_vector": "[1,2.5,-3e-5]", **more,
    }  # fmt: skip


async def test_values_of_every_type_come_and_go_alike(ways: Ways) -> None:
    rows = await ways.agree("everything", everything())
    assert rows[0]["text"] == everything()["p_text"]
    assert (rows[0]["at"], rows[0]["vector"], rows[0]["real"]) == (
        "2026-02-03T02:05:06.789+00:00", "[1,2.5,-3e-05]", 0.1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        dict.fromkeys(everything()),
        {"p_list": [], "p_ids": []},
        {"p_vector": [1, 2, 3.5]},
        {"p_whole": "12", "p_large": "-9", "p_exact": "1.25", "p_yes": "off", "p_real": "1e3"},
        {"p_json": [], "p_jsonb": [1, {"a": None}]},
        {"p_json": "text", "p_jsonb": "te\"xt"},
        {"p_jsonb": {"deep": {"er": [[[{"": " "}]]]}}},
        {"p_at": "infinity"},
        {"p_at": "2026-02-03 04:05:06"},
        {"p_text": "x" * 1_000_000},
        {"p_text": json.dumps({"a": "text that is JSON"})},
    ],
    ids=lambda changes: ",".join(changes) if len(changes) < 9 else "nothing",
)  # fmt: skip
async def test_unusual_values_come_and_go_alike(ways: Ways, changes: dict[str, Any]) -> None:
    assert isinstance(await ways.agree("everything", everything(**changes)), list)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"p_id": "no-uuid"}, "Unprocessable"),
        ({"p_ids": ["no-uuid"]}, "Unprocessable"),
        ({"p_whole": 2147483648}, "Unprocessable"),
        ({"p_large": 2**63}, "Unprocessable"),
        ({"p_whole": 1.5}, "Unprocessable"),
        ({"p_whole": "one"}, "Unprocessable"),
        ({"p_at": "yesterday evening"}, None),
        ({"p_at": "2026-13-45T00:00:00Z"}, "Unprocessable"),
        ({"p_day": ""}, None),
        ({"p_jsonb": {"a": "NUL \0 inside"}}, "Unprocessable"),
        ({"p_vector": "[1,x]"}, "Unprocessable"),
    ],
)
async def test_values_that_do_not_fit_are_refused_alike(ways: Ways, changes: dict[str, Any], kind: str | None) -> None:
    told = await ways.agree("everything", everything(**changes))
    assert isinstance(told, tuple)
    assert kind in (None, told[0])


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("returns_void", {"p_name": "x"}, None),
        ("returns_text", {"p_value": "x"}, "x"),
        ("returns_text", {"p_value": ""}, ""),
        ("returns_text", {"p_value": None}, None),
        ("returns_text", {"p_value": "null"}, "null"),
        ("returns_json", {"p_value": {"a": 1}}, {"a": 1}),
        ("returns_jsonb", {"p_value": [1, "2", None]}, [1, "2", None]),
        ("returns_jsonb", {"p_value": None}, None),
        ("returns_large", {"p_value": 4503599627370497}, 4503599627370497),
        ("returns_rows", {"p_ids": []}, []),
        ("returns_numbers", {"p_to": 3}, [1, 2, 3]),
        ("returns_numbers", {"p_to": 0}, []),
        ("returns_lone_column", {"p_to": 2}, [{"number": 1}, {"number": 2}]),
        ("returns_out", {"p_in": 3}, {"twice": 6, "half": 1.5}),
        ("takes_defaults", {"p_a": "a"}, "a/b/3"),
        ("takes_defaults", {"p_c": 1, "p_a": "x"}, "x/b/1"),
        ("takes_defaults", {"p_a": "a", "p_b": None}, "a/3"),
    ],
)
async def test_every_kind_of_answer_is_the_same(ways: Ways, function: str, arguments: Any, expected: Any) -> None:
    assert await ways.agree(function, arguments) == expected


async def test_rows_are_the_same(ways: Ways) -> None:
    one = await ways.agree("returns_row", {"p_id": 1})
    assert (one["name"], one["tags"], one["details"]) == ("one", ["a", "b c"], {"x": [1, None]})
    assert [row["id"] for row in await ways.agree("returns_rows", {"p_ids": [2, 1]})] == [1, 2]


@pytest.mark.parametrize(
    ("code", "hint", "kind"),
    [
        ("PT404", "conversation-gone", "NotFound"),
        ("PT401", None, "NotAuthenticated"),
        ("PT402", None, "BudgetExceeded"),
        ("PT409", None, "Conflict"),
        ("PT429", "slow-down", "RateLimited"),
        ("PT503", None, "Unavailable"),
        ("P0001", None, "RoostError"),
        ("42501", None, "NotAllowed"),
        ("23505", None, "Conflict"),
        ("23514", None, "Unprocessable"),
        ("40001", None, "Conflict"),
        ("40P01", None, "Conflict"),
        ("57014", None, "Unavailable"),
        ("42883", None, "ConfigurationError"),
        ("55P03", None, "RoostError"),
        ("XX000", None, "RoostError"),
        ("28P01", None, "RoostError"),
        ("57P01", None, "DatabaseUnreachable"),
        ("53300", None, "DatabaseUnreachable"),
    ],
)
async def test_what_a_function_raises_is_the_same(ways: Ways, code: str, hint: str | None, kind: str) -> None:
    assert (await ways.agree("fail", {"p_code": code, "p_hint": hint}))[0] == kind


@pytest.mark.parametrize(
    "row",
    [(1, "again", None, None), (9, "one", None, None), (9, "n", -1, None), (9, "n", None, 99), (None, "n", None, None)],
)
async def test_what_a_table_refuses_is_the_same(ways: Ways, row: Any) -> None:
    told = await ways.agree("write", dict(zip(("p_id", "p_name", "p_price", "p_parent"), row, strict=True)))
    assert told[0] in {"Conflict", "Unprocessable"}


async def test_what_is_missing_or_not_open_is_the_same(ways: Ways) -> None:
    for function, arguments in (
        ("there_is_none", {}),
        ("there_is_none", {"a": 1, "b": 2}),
        ("takes_defaults", {}),
        ("takes_defaults", {"p_b": "b"}),
        ("takes_defaults", {"p_a": "a", "p_d": "d"}),
        ('re"turns', {}),
    ):
        assert (await ways.agree(function, arguments))[0] == "ConfigurationError"
    assert (await ways.agree("not_yours", {}))[0] == "NotAllowed"


async def test_both_act_as_the_service_and_as_nobody(ways: Ways) -> None:
    assert await ways.agree("who", {}) == {"user": "service_role", "uid": None, "setting": "UTC"}


FORM, RANGE = (
    ("Unprocessable", "A value has the wrong form."),
    ("Unprocessable", "A number is outside what is allowed."),
)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("returns_json", {"p_value": 5}, 5),
        ("returns_jsonb", {"p_value": False}, False),
        ("returns_jsonb", {"p_value": json.dumps({"a": 1})}, json.dumps({"a": 1})),
        ("returns_jsonb", {"p_value": 10**40}, 10**40),
        ("returns_large", {"p_value": 2**63 - 1}, 2**63 - 1),
        ("returns_large", {"p_value": 10**40}, RANGE),
        ("returns_list", {"p_Value": ["a", None, "NULL"]}, ["a", None, "NULL"]),
        ("returns_bytes", {"p_value": "\\x00ff"}, "\\x00ff"),
        ("returns_yes", {"p_value": "perhaps"}, FORM),
        ("returns_text", {"p_value": {"a": [1]}}, '{"a": [1]}'),
        (
            "returns_text",
            {"p_value": "NUL \0"},
            ("Unprocessable", "A text holds a NUL character, which cannot be stored."),
        ),
        ("returns_text", {"p_value": "lone \ud800 surrogate"}, FORM),
        ("returns_jsonb", {"p_value": "lone \udfff surrogate"}, FORM),
        ("returns_jsonb", {"p_value": math.nan}, FORM),
        ("returns_row", {"p_id": 77}, dict.fromkeys(("id", "name", "price", "at", "parent", "tags", "details"))),
        ("fail", {"p_code": "42P01", "p_hint": None}, ("ConfigurationError", SENTENCE)),
    ],
)
async def test_values_are_those_of_postgrest(ways: Ways, function: str, arguments: Any, expected: Any) -> None:
    outcome = await outcome_of(ways.direct, function, arguments)
    assert (outcome[:2] if isinstance(outcome, tuple) else outcome) == expected


async def test_rows_are_not_cut(ways: Ways) -> None:
    assert len(await ways.direct.call("returns_numbers", {"p_to": 3000})) == 3000
