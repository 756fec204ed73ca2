"""What the REST API shows to whom: every table under row-level security, every function on purpose."""

import asyncpg

from tests.support.stack import Stack

#: What a logged-in person may call at /rest/v1/rpc. Each asks for the caller's own rights.
FOR_PEOPLE = {
    "export_conversations",
    "find_conversations",
    "get_conversation",
    "list_api_keys",
    "list_budgets",
    "list_groups",
    "list_people",
    "search_knowledge",
}


async def _ask(stack: Stack, query: str) -> set[str]:
    connection = await asyncpg.connect(stack.admin_database_url)
    try:
        return {row[0] for row in await connection.fetch(query)}
    finally:
        await connection.close()


def _functions(role: str) -> str:
    return f"""
        select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname = 'public' and has_function_privilege('{role}', p.oid, 'execute')
          and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    """


async def test_every_table_is_under_row_level_security(stack: Stack) -> None:
    query = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    assert await _ask(stack, query + " and not relrowsecurity") == set()
    assert len(await _ask(stack, query)) > 15


async def test_functions_are_the_services_but_for_those_that_are_named(stack: Stack) -> None:
    assert await _ask(stack, _functions("anon")) == set()
    assert await _ask(stack, _functions("authenticated")) == FOR_PEOPLE


async def test_functions_with_the_owners_rights_name_what_they_mean(stack: Stack) -> None:
    # Without a search path of their own they could be made to call somebody else's functions.
    query = """
        select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname in ('public', 'roost') and p.prosecdef
          and not exists (select from unnest(p.proconfig) as setting where setting like 'search_path=%')
    """
    assert await _ask(stack, query) == set()


async def test_nobody_reads_without_logging_in(stack: Stack) -> None:
    query = """
        select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')
          and has_table_privilege('anon', oid, 'select, insert, update, delete')
    """
    assert await _ask(stack, query) == set()
