-- Faster writing: the words of a passage are parsed once, and several documents travel in one request.

-- As before, only that the second look is at the compounds (pg_hba.conf, ERR-4711) and not at the whole text again, which
-- was half of the cost of writing a passage. The words are the same, so that what is stored stays as it is.
create or replace function roost.words(p_language text, p_above text, p_text text) returns tsvector
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_config regconfig := case p_language
    when 'english' then 'pg_catalog.english' when 'german' then 'pg_catalog.german'
    when 'french' then 'pg_catalog.french' when 'spanish' then 'pg_catalog.spanish'
    when 'italian' then 'pg_catalog.italian' when 'portuguese' then 'pg_catalog.portuguese'
    when 'dutch' then 'pg_catalog.dutch' when 'swedish' then 'pg_catalog.swedish'
    when 'danish' then 'pg_catalog.danish' when 'norwegian' then 'pg_catalog.norwegian'
    when 'finnish' then 'pg_catalog.finnish' when 'russian' then 'pg_catalog.russian'
    when 'turkish' then 'pg_catalog.turkish' else 'pg_catalog.simple' end;
  v_all text := p_above || E'\n' || p_text;
  v_compounds text;
begin
  select string_agg(found.compound[1], E'\n') into v_compounds
  from regexp_matches(v_all, '\S*[._/:@=-]\w\S*', 'g') as found (compound);
  if v_compounds is null then
    return strip(to_tsvector(v_config, v_all));
  end if;
  return strip(to_tsvector(v_config, v_all))
    || strip(to_tsvector(v_config, regexp_replace(v_compounds, '[._/:@=-]+', ' ', 'g')));
end
$$;

-- Several documents in one request, each whole or not at all, and each with an outcome of its own:
-- {document_id, version, chunks} or {code, message} of what the database had against it. What concerns the run (another
-- one took over, the index was rebuilt) is raised, and nothing is written.
-- p_documents: [{file, document, chunks, staged}], as replace_document takes them. Text and not jsonb, so that whatever
-- stands between (a REST server) passes it on without taking it apart and putting it together again.
create function public.replace_documents(p_source uuid, p_owner uuid, p_documents text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_item jsonb;
  v_outcomes jsonb := '[]';
begin
  perform roost.hold_source(p_source, p_owner);
  for v_item in select value from jsonb_array_elements(p_documents::jsonb) loop
    begin
      v_outcomes := v_outcomes || public.replace_document(p_source, p_owner, v_item -> 'file', v_item -> 'document',
        v_item -> 'chunks', (v_item ->> 'staged')::integer);
    exception
      -- A document's own trouble, and two transactions that waited for each other: that one is sent again.
      when data_exception or integrity_constraint_violation or program_limit_exceeded or deadlock_detected then
        v_outcomes := v_outcomes || jsonb_build_object('code', sqlstate, 'message', sqlerrm);
    end;
  end loop;
  return v_outcomes;
end
$$;

revoke all on function public.replace_documents(uuid, uuid, text) from public, anon, authenticated;
grant execute on function public.replace_documents(uuid, uuid, text) to service_role;
