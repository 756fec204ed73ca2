-- Tables are found and asked within the sources that a deployment is for, as passages are. null: in all of them.

drop function public.find_tables_as(uuid, text, integer);
drop function public.table_rows_as(uuid, uuid, integer);

create function public.find_tables_as(
  p_user uuid, p_query text default '', p_limit integer default 10, p_sources uuid[] default null
) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(found)), '[]') from (
    select document.id as document_id, item.ordinal, document.title, document.path, item.name, item.columns,
      item.row_count, item.truncated
    from public.document_tables as item
    join public.documents as document on document.id = item.document_id
    cross join lateral (
      select count(*) as hits
      from unnest(roost.words(document.language, '', p_query)) as asked
      where asked.lexeme = any (tsvector_to_array(roost.words(document.language, document.title || ' ' || document.path,
        item.name || ' ' || item.columns::text)))
    ) as matched
    where document.readers && roost.principals(p_user) and (p_sources is null or document.source_id = any (p_sources))
    order by matched.hits desc, document.updated_at desc, document.id, item.ordinal
    limit least(greatest(p_limit, 1), 100)
  ) as found
$$;

-- One batch of a document's rows: {name, columns, ordinal, batch, rows}; null after the last one.
create function public.table_rows_as(
  p_user uuid, p_document uuid, p_after integer default -1, p_sources uuid[] default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not exists (
    select from public.documents
    where id = p_document and readers && roost.principals(p_user) and (p_sources is null or source_id = any (p_sources))
  ) then
    perform roost.refuse(404, 'document-not-found', 'There is no such document, or it is not yours to see.');
  end if;
  return (
    select to_jsonb(part) from (
      select item.name, item.columns, item.ordinal, batch.rows,
        row_number() over (order by item.ordinal, batch.batch) - 1 as number
      from public.document_tables as item
      join public.document_table_rows as batch on batch.document_id = item.document_id and batch.ordinal = item.ordinal
      where item.document_id = p_document
    ) as part where part.number > p_after order by part.number limit 1
  );
end
$$;

revoke all on function public.find_tables_as(uuid, text, integer, uuid[]), public.table_rows_as(uuid, uuid, integer, uuid[])
  from public, anon, authenticated;
grant execute on function
  public.find_tables_as(uuid, text, integer, uuid[]), public.table_rows_as(uuid, uuid, integer, uuid[])
to service_role;
