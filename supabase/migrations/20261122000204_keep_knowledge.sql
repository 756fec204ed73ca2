-- Keeping knowledge in order: a check that reconciles ledger, documents, passages and vectors; another embedding model
-- without an outage; reports of how good the search is.

-- ---------------------------------------------------------------------------------------------------------------------
-- Check and repair

-- Everything that does not fit together, by kind: [{kind, count, examples}]. With p_repair each is mended: what is left
-- behind is deleted (with a receipt), what is incomplete is read again at the next run.
create function public.check_knowledge(p_repair boolean default false) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '15min' as $$
declare
  v_document public.documents;
  v_found jsonb;
begin
  create temporary table roost_findings (kind text, source_id uuid, external_id text, document_id uuid, chunk_id bigint)
    on commit drop;
  -- A document whose file is deleted, set aside or not read at all must not answer.
  insert into pg_temp.roost_findings
  select 'document-left-behind', file.source_id, file.external_id, document.id
  from public.documents as document join public.file_ledger as file using (source_id, external_id)
  where file.state in ('deleted', 'ignored', 'unsupported');
  -- A file that counts as ready has a document, of the same content.
  insert into pg_temp.roost_findings
  select 'file-without-document', file.source_id, file.external_id, document.id
  from public.file_ledger as file left join public.documents as document using (source_id, external_id)
  where file.state = 'ready' and (document.id is null or document.content_hash <> file.content_hash);
  -- A document has the passages it was written with, each with its vector, counted without a gap.
  insert into pg_temp.roost_findings
  select 'document-incomplete', document.source_id, document.external_id, document.id
  from public.documents as document
  left join lateral (
    select count(*) as chunks, count(item.chunk_id) as vectors, coalesce(max(chunk.ordinal), -1) as last
    from public.chunks as chunk left join public.chunk_embeddings as item on item.chunk_id = chunk.id
    where chunk.document_id = document.id
  ) as counted on true
  where counted.chunks <> document.chunk_count or counted.vectors <> counted.chunks or counted.last <> counted.chunks - 1;
  insert into pg_temp.roost_findings
  select 'passage-without-document', null, null, chunk.document_id, chunk.id
  from public.chunks as chunk where not exists (select from public.documents where id = chunk.document_id);
  insert into pg_temp.roost_findings
  select 'vector-without-passage', null, null, item.document_id, item.chunk_id
  from public.chunk_embeddings as item
  where not exists (select from public.chunks as chunk
    where chunk.id = item.chunk_id and chunk.document_id = item.document_id);
  insert into pg_temp.roost_findings
  select 'readers-wrong', file.source_id, file.external_id, document.id
  from public.file_ledger as file left join public.documents as document using (source_id, external_id)
  where file.readers <> roost.file_readers(file) or document.readers <> file.readers;
  insert into pg_temp.roost_findings
  select distinct 'staged-by-a-dead-run', staged.source_id, staged.external_id, null::uuid
  from roost.staged_chunks as staged
  join public.sources as source on source.id = staged.source_id
  left join public.rag_pipeline_state as state on state.pipeline_id = source.pipeline_id
  where state.lock_owner is distinct from staged.lock_owner or state.lock_until < now();

  select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'count', count, 'examples', examples) order by kind), '[]')
  into v_found
  from (
    select kind, count(*) as count,
      (array_agg(coalesce(external_id, document_id::text, chunk_id::text) order by external_id))[1:5] as examples
    from pg_temp.roost_findings group by kind
  ) as grouped;
  if not p_repair then
    return v_found;
  end if;

  for v_document in
    select document.* from public.documents as document
    join pg_temp.roost_findings as finding on finding.document_id = document.id
    where finding.kind = 'document-left-behind' for update of document
  loop
    perform roost.delete_document(v_document, 'deleted');
  end loop;
  update public.file_ledger as file
  set state = 'pending', reason = 'retry-asked', version_token = '', content_hash = '', tries = 0, next_try_at = null
  from pg_temp.roost_findings as finding
  where finding.kind in ('file-without-document', 'document-incomplete') and finding.source_id = file.source_id
    and finding.external_id = file.external_id;
  delete from public.chunk_embeddings as item using pg_temp.roost_findings as finding
  where finding.kind = 'vector-without-passage' and item.chunk_id = finding.chunk_id;
  delete from public.chunks as chunk using pg_temp.roost_findings as finding
  where finding.kind = 'passage-without-document' and chunk.id = finding.chunk_id;
  update public.file_ledger as file set readers = '{}' from pg_temp.roost_findings as finding
  where finding.kind = 'readers-wrong' and finding.source_id = file.source_id and finding.external_id = file.external_id;
  update public.documents as document set readers = file.readers
  from public.file_ledger as file
  where file.source_id = document.source_id and file.external_id = document.external_id
    and document.readers <> file.readers;
  delete from roost.staged_chunks as staged using pg_temp.roost_findings as finding
  where finding.kind = 'staged-by-a-dead-run' and finding.source_id = staged.source_id
    and finding.external_id = staged.external_id;
  return v_found;
end
$$;

-- What the ledger knows of a pipeline's source, without a run: to compare the source with.
create function public.known_to_pipeline(p_pipeline_id text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('source_id', source.id, 'files', roost.known_files(source.id))
  from public.sources as source where source.pipeline_id = p_pipeline_id
$$;

-- Has anybody asked for a run since? What a pipeline in continuous mode looks at while it waits.
create function public.sync_requested(p_pipeline_ids text[]) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.sources where pipeline_id = any (p_pipeline_ids) and sync_requested_at is not null)
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Another embedding model: the new index grows beside the old one, then takes its place in one transaction

create function public.begin_reindex(p_model text, p_dimension integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_index public.embedding_index;
begin
  select * into strict v_index from public.embedding_index for update;
  if v_index.model = p_model and v_index.dimension = p_dimension then
    return jsonb_build_object('needed', false, 'chunks', 0, 'missing', 0);
  end if;
  -- One that was begun with the same model is gone on with.
  if v_index.next_model is distinct from p_model or v_index.next_dimension is distinct from p_dimension
    or to_regclass('public.chunk_embeddings_next') is null then
    drop table if exists public.chunk_embeddings_next;
    execute format('create table public.chunk_embeddings_next (
      chunk_id bigint not null, document_id uuid not null, embedding extensions.halfvec(%s) not null)', p_dimension);
    alter table public.chunk_embeddings_next
      add constraint chunk_embeddings_next_pkey primary key (chunk_id),
      add constraint chunk_embeddings_next_chunk_id_fkey foreign key (chunk_id) references public.chunks (id)
        on delete cascade;
    create index chunk_embeddings_next_of_document on public.chunk_embeddings_next (document_id);
    alter table public.chunk_embeddings_next enable row level security;
    revoke all on public.chunk_embeddings_next from anon, authenticated;
    grant all on public.chunk_embeddings_next to service_role;
    update public.embedding_index set next_model = p_model, next_dimension = p_dimension, updated_at = now();
  end if;
  return jsonb_build_object('needed', true, 'chunks', (select count(*) from public.chunks),
    'missing', (select count(*) from public.chunks as chunk
      where not exists (select from public.chunk_embeddings_next as item where item.chunk_id = chunk.id)));
end
$$;

-- Passages that the new index lacks, after p_after: [{id, document_id, text, heading}].
create function public.reindex_batch(p_after bigint, p_limit integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select coalesce(jsonb_agg(to_jsonb(batch)), '[]') from (
    select chunk.id, chunk.document_id, chunk.text, chunk.heading from public.chunks as chunk
    where chunk.id > p_after
      and not exists (select from public.chunk_embeddings_next as item where item.chunk_id = chunk.id)
    order by chunk.id limit p_limit) as batch);
end
$$;

create function public.store_reindexed(p_model text, p_rows jsonb) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_stored integer;
begin
  perform from public.embedding_index where next_model = p_model for share;
  if not found then
    perform roost.refuse(409, 'reindex-superseded', 'Another reindex has begun meanwhile. This one ends.');
  end if;
  insert into public.chunk_embeddings_next (chunk_id, document_id, embedding)
  select chunk.id, chunk.document_id, item.embedding::extensions.halfvec
  from jsonb_to_recordset(p_rows) as item (id bigint, embedding text)
  -- A passage may have been replaced while its vector was made.
  join public.chunks as chunk on chunk.id = item.id for key share of chunk
  on conflict (chunk_id) do nothing;
  get diagnostics v_stored = row_count;
  return v_stored;
end
$$;

-- Build the graph index of the new vectors, where there are so many. Searches and runs go on meanwhile.
create function public.prepare_reindex() returns void
language plpgsql security definer set search_path = '' set statement_timeout = '60min' as $$
begin
  if (select count(*) from public.chunk_embeddings_next) >= 20000
    and to_regclass('public.chunk_embeddings_next_nearest') is null then
    perform set_config('maintenance_work_mem', '256MB', true);
    create index chunk_embeddings_next_nearest on public.chunk_embeddings_next
      using hnsw (embedding extensions.halfvec_cosine_ops) with (m = 16, ef_construction = 100);
  end if;
end
$$;

-- Swap, if the new index holds every passage. Gives the number that is still missing: 0 means that it is done.
create function public.finish_reindex(p_model text) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_missing bigint;
begin
  perform from public.embedding_index where next_model = p_model for update;
  if not found then
    perform roost.refuse(409, 'reindex-superseded', 'Another reindex has begun meanwhile. This one ends.');
  end if;
  lock table public.chunks, public.chunk_embeddings in share row exclusive mode;
  select count(*) into v_missing from public.chunks as chunk
  where not exists (select from public.chunk_embeddings_next as item where item.chunk_id = chunk.id);
  if v_missing > 0 then
    return v_missing;
  end if;
  drop table public.chunk_embeddings;
  alter table public.chunk_embeddings_next rename to chunk_embeddings;
  alter table public.chunk_embeddings rename constraint chunk_embeddings_next_pkey to chunk_embeddings_pkey;
  alter table public.chunk_embeddings
    rename constraint chunk_embeddings_next_chunk_id_fkey to chunk_embeddings_chunk_id_fkey;
  alter index public.chunk_embeddings_next_of_document rename to chunk_embeddings_of_document;
  alter index if exists public.chunk_embeddings_next_nearest rename to chunk_embeddings_nearest;
  update public.embedding_index
  set model = next_model, dimension = next_dimension, next_model = null, next_dimension = null, updated_at = now();
  return 0;
end
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- How good the search is, measured on one's own documents

create table public.search_evaluations (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  -- which questions were asked: reports are comparable only among the same
  golden_set text not null,
  model text,
  report jsonb not null
);
alter table public.search_evaluations enable row level security;
revoke all on public.search_evaluations from anon, authenticated;
grant select on public.search_evaluations to authenticated;
grant all on public.search_evaluations to service_role;
create policy "admin" on public.search_evaluations for select to authenticated
  using ((select roost.is_admin(auth.uid())));

create function public.keep_evaluation(p_report jsonb) returns void
language sql security definer set search_path = '' as $$
  insert into public.search_evaluations (golden_set, model, report)
  values (p_report ->> 'golden_set', p_report ->> 'model', p_report)
$$;

-- Passages that a person may read, spread over the documents, to make questions of.
create function public.sample_passages(p_user uuid, p_count integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(picked)), '[]') from (
    select document.path, document.title, document.mime_type, chunk.ordinal, chunk.text, chunk.heading
    from public.documents as document
    cross join lateral (
      select item.* from public.chunks as item
      where item.document_id = document.id and length(item.text) > 200
      order by md5(item.id::text) limit 3
    ) as chunk
    where document.readers && roost.principals(p_user)
    order by md5(chunk.id::text) limit p_count
  ) as picked
$$;

do $$
declare
  v_function regprocedure;
begin
  foreach v_function in array array[
    'public.check_knowledge(boolean)', 'public.known_to_pipeline(text)', 'public.sync_requested(text[])',
    'public.begin_reindex(text, integer)', 'public.reindex_batch(bigint, integer)',
    'public.store_reindexed(text, jsonb)', 'public.prepare_reindex()', 'public.finish_reindex(text)',
    'public.sample_passages(uuid, integer)', 'public.keep_evaluation(jsonb)'
  ]::regprocedure[] loop
    execute format('revoke all on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to service_role', v_function);
  end loop;
end
$$;
