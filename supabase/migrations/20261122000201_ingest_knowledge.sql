-- What a pipeline run does, each step whole or not at all. For the service alone: every function takes the run that asks
-- (p_owner) and refuses when another run has taken the source over meanwhile.

create function roost.known_files(p_source uuid) returns jsonb
language sql stable set search_path = '' as $$
  -- Arrays and not objects: ten thousand files travel in one answer.
  select coalesce(jsonb_agg(jsonb_build_array(
    external_id, path, state, version_token, content_hash, size_bytes, modified_at,
    -- due: to be read again though nothing changed
    state = 'pending' or (state in ('failed', 'dead') and next_try_at <= now())
  )), '[]')
  from public.file_ledger where source_id = p_source and state <> 'deleted'
$$;

-- Begin a run: take the lock, find or make the source, and hand over all that is known of it, in one round trip.
-- {acquired, locked_until, holder} or {acquired, source_id, checkpoint, files, index: {model, dimension, empty}}.
create function public.begin_pipeline_run(
  p_pipeline_id text, p_pipeline_type text, p_owner uuid, p_source jsonb, p_holder jsonb default '{}',
  p_lease_seconds integer default 60, p_dead_owner uuid default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_state public.rag_pipeline_state;
  v_source public.sources;
begin
  insert into public.rag_pipeline_state (pipeline_id, pipeline_type) values (p_pipeline_id, p_pipeline_type)
  on conflict (pipeline_id) do nothing;
  select * into strict v_state from public.rag_pipeline_state where pipeline_id = p_pipeline_id for update;
  if v_state.lock_until > now() and v_state.lock_owner is distinct from p_dead_owner
    and v_state.lock_owner is distinct from p_owner then
    return jsonb_build_object('acquired', false, 'locked_until', v_state.lock_until, 'lock_owner', v_state.lock_owner,
      'holder', v_state.lock_holder);
  end if;

  insert into public.sources (pipeline_id, kind, name, settings, visibility)
  values (p_pipeline_id, p_source ->> 'kind', p_source ->> 'name', p_source -> 'settings',
    coalesce(p_source ->> 'visibility', 'everyone'))
  on conflict (pipeline_id) do nothing;
  select * into strict v_source from public.sources where pipeline_id = p_pipeline_id for update;
  if v_source.kind <> p_source ->> 'kind' or v_source.settings <> p_source -> 'settings'
    or v_source.name <> p_source ->> 'name' then
    -- Another folder or kind under the same pipeline: its checkpoint means nothing here.
    if v_source.kind <> p_source ->> 'kind' or v_source.settings <> p_source -> 'settings' then
      v_state.checkpoint := '{}';
    end if;
    update public.sources
    set kind = p_source ->> 'kind', name = p_source ->> 'name', settings = p_source -> 'settings', updated_at = now()
    where id = v_source.id;
  end if;
  -- What a run that died had put aside
  delete from roost.staged_chunks where source_id = v_source.id and lock_owner <> p_owner;

  update public.rag_pipeline_state
  set pipeline_type = p_pipeline_type, lock_owner = p_owner, lock_holder = p_holder, checkpoint = v_state.checkpoint,
    lock_until = now() + make_interval(secs => p_lease_seconds), updated_at = now()
  where pipeline_id = p_pipeline_id;
  return jsonb_build_object(
    'acquired', true, 'source_id', v_source.id, 'checkpoint', v_state.checkpoint,
    'files', roost.known_files(v_source.id),
    'index', (select jsonb_build_object('model', model, 'dimension', dimension,
      'empty', not exists (select from public.chunk_embeddings)) from public.embedding_index));
end
$$;

create function public.renew_pipeline_run(p_pipeline_id text, p_owner uuid, p_lease_seconds integer) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.rag_pipeline_state set lock_until = now() + make_interval(secs => p_lease_seconds)
  where pipeline_id = p_pipeline_id and lock_owner = p_owner;
  return found;
end
$$;

-- The fence: no write of a run that lost its lock goes through, however late it arrives.
create function roost.hold_source(p_source uuid, p_owner uuid) returns void
language plpgsql set search_path = '' as $$
begin
  perform from public.rag_pipeline_state as state
  join public.sources as source on source.pipeline_id = state.pipeline_id
  where source.id = p_source and state.lock_owner = p_owner
  for share of state;
  if not found then
    perform roost.refuse(409, 'run-superseded', 'Another run of this pipeline has taken over. This one writes no more.');
  end if;
end
$$;

-- The columns of a file as its source describes it, written into its ledger row (made where there is none).
create function roost.note_file(p_source uuid, p_file jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.file_ledger as file (
    source_id, external_id, path, title, uri, mime_type, size_bytes, modified_at, owner_id, visibility, version_token,
    content_hash)
  values (
    p_source, p_file ->> 'external_id', p_file ->> 'path', coalesce(p_file ->> 'title', ''), p_file ->> 'uri',
    coalesce(p_file ->> 'mime_type', ''), (p_file ->> 'size_bytes')::bigint, (p_file ->> 'modified_at')::timestamptz,
    (select user_id from public.user_profiles where user_id = (p_file ->> 'owner_id')::uuid),
    coalesce(p_file ->> 'visibility', 'source'), coalesce(p_file ->> 'version_token', ''),
    coalesce(p_file ->> 'content_hash', ''))
  on conflict (source_id, external_id) do update set
    path = excluded.path, title = case when excluded.title = '' then file.title else excluded.title end,
    uri = excluded.uri, mime_type = excluded.mime_type,
    size_bytes = coalesce(excluded.size_bytes, file.size_bytes),
    modified_at = coalesce(excluded.modified_at, file.modified_at), updated_at = now(),
    owner_id = case when p_file ? 'owner_id' then excluded.owner_id else file.owner_id end,
    visibility = case when p_file ? 'visibility' then excluded.visibility else file.visibility end,
    version_token = case when p_file ? 'version_token' then excluded.version_token else file.version_token end,
    content_hash = case when p_file ? 'content_hash' then excluded.content_hash else file.content_hash end;
  if p_file ? 'grants' then
    delete from public.document_grants as item
    where item.source_id = p_source and item.external_id = p_file ->> 'external_id'
      and not exists (select from jsonb_to_recordset(p_file -> 'grants') as wanted (kind text, name text)
        where wanted.kind = item.kind and wanted.name = item.name);
    insert into public.document_grants (source_id, external_id, kind, name)
    select p_source, p_file ->> 'external_id', wanted.kind, wanted.name
    from jsonb_to_recordset(p_file -> 'grants') as wanted (kind text, name text)
    on conflict do nothing;
  end if;
end
$$;

create function public.stage_chunks(p_source uuid, p_owner uuid, p_external_id text, p_part integer, p_chunks jsonb)
returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform roost.hold_source(p_source, p_owner);
  insert into roost.staged_chunks (source_id, external_id, lock_owner, part, chunks)
  values (p_source, p_external_id, p_owner, p_part, p_chunks)
  on conflict (source_id, external_id, lock_owner, part) do update set chunks = excluded.chunks;
end
$$;

create function roost.keep_table_rows(p_document uuid, p_tables jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.document_tables (document_id, ordinal, name, columns, row_count, truncated)
  select p_document, (item ->> 'ordinal')::integer, item ->> 'name', item -> 'columns',
    (item ->> 'row_count')::integer, (item ->> 'truncated')::boolean
  from jsonb_array_elements(p_tables) as item
  on conflict (document_id, ordinal) do nothing;
  insert into public.document_table_rows (document_id, ordinal, batch, rows)
  select p_document, (item ->> 'ordinal')::integer, (item ->> 'batch')::integer, item -> 'rows'
  from jsonb_array_elements(p_tables) as item where jsonb_array_length(item -> 'rows') > 0;
end
$$;

-- Replace a document: ledger row, document, version, chunks, vectors and tables in one transaction. Until it commits, the
-- old version answers. p_chunks is {"chunks": [{ordinal, text, above, heading, place, embedding}], "tables": [...]};
-- what was staged for this file by this run goes before it (p_staged: the number of parts, so that none is missing).
create function public.replace_document(
  p_source uuid, p_owner uuid, p_file jsonb, p_document jsonb, p_chunks jsonb, p_staged integer default 0
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_external_id text := p_file ->> 'external_id';
  v_document public.documents;
  v_parts integer;
  v_written integer := 0;
  v_part jsonb;
begin
  perform roost.hold_source(p_source, p_owner);
  perform roost.note_file(p_source, p_file);
  if exists (select from public.file_ledger
      where source_id = p_source and external_id = v_external_id and state = 'ignored') then
    -- A person set it aside while it was being read.
    return jsonb_build_object('document_id', null, 'version', 0, 'chunks', 0);
  end if;
  -- A swap of the index waits for this write, or this write is told of it.
  perform from public.embedding_index where model = p_document ->> 'embedding_model' for share;
  if not found then
    perform roost.refuse(409, 'embedding-model-changed', 'The index was rebuilt with another model. Run again.');
  end if;
  select count(*) into v_parts from roost.staged_chunks
  where source_id = p_source and external_id = v_external_id and lock_owner = p_owner;
  if v_parts <> p_staged then
    perform roost.refuse(409, 'staging-incomplete', 'A part of the document did not arrive. It is read again.');
  end if;

  insert into public.documents as document (
    source_id, external_id, title, titled, path, uri, mime_type, size_bytes, content_hash, modified_at, language)
  values (
    p_source, v_external_id, p_document ->> 'title', (p_document ->> 'titled')::boolean, p_file ->> 'path',
    p_file ->> 'uri', p_document ->> 'mime_type', coalesce((p_file ->> 'size_bytes')::bigint, 0),
    p_file ->> 'content_hash', (p_file ->> 'modified_at')::timestamptz, p_document ->> 'language')
  on conflict (source_id, external_id) do update set
    title = excluded.title, titled = excluded.titled, path = excluded.path, uri = excluded.uri,
    mime_type = excluded.mime_type, size_bytes = excluded.size_bytes, content_hash = excluded.content_hash,
    modified_at = excluded.modified_at, language = excluded.language, version = document.version + 1, updated_at = now()
  returning * into v_document;

  delete from public.chunks where document_id = v_document.id;
  delete from public.document_tables where document_id = v_document.id;
  for v_part in
    select staged.chunks from roost.staged_chunks as staged
    where staged.source_id = p_source and staged.external_id = v_external_id and staged.lock_owner = p_owner
    order by staged.part
  loop
    v_written := v_written + roost.write_chunks(v_document, v_part);
  end loop;
  v_written := v_written + roost.write_chunks(v_document, p_chunks);
  delete from roost.staged_chunks where source_id = p_source and external_id = v_external_id;

  insert into public.document_versions (document_id, number, content_hash, size_bytes, modified_at, chunk_count)
  values (v_document.id, v_document.version, v_document.content_hash, v_document.size_bytes, v_document.modified_at,
    v_written);
  update public.documents set chunk_count = v_written where id = v_document.id;
  update public.file_ledger
  set state = 'ready', reason = p_document ->> 'reason', last_error = null, tries = 0, next_try_at = null,
    processed_at = now(), mime_type = v_document.mime_type
  where source_id = p_source and external_id = v_external_id;
  return jsonb_build_object('document_id', v_document.id, 'version', v_document.version, 'chunks', v_written);
end
$$;

create function roost.write_chunks(p_document public.documents, p_part jsonb) returns integer
language plpgsql set search_path = '' as $$
declare
  v_written integer;
begin
  with given as (
    select * from jsonb_to_recordset(p_part -> 'chunks')
      as item (ordinal integer, text text, above text, heading text[], place jsonb, embedding text)
  ), kept as (
    insert into public.chunks (document_id, ordinal, text, above, heading, place, language)
    select p_document.id, given.ordinal, given.text, given.above, given.heading, given.place, p_document.language
    from given order by given.ordinal
    returning id, ordinal
  ), placed as (
    insert into public.chunk_embeddings (chunk_id, document_id, embedding)
    select kept.id, p_document.id, given.embedding::extensions.halfvec
    from kept join given using (ordinal)
    returning 1
  )
  select count(*) into v_written from placed;
  perform roost.keep_table_rows(p_document.id, coalesce(p_part -> 'tables', '[]'));
  return v_written;
end
$$;

-- Record what came of files that got no new document: [{external_id, path, …, state, reason, last_error, retries}].
-- `touched` is a file whose bytes turned out the same. A failed file keeps its old version, if it had one; after
-- `retries` tries it is dead: looked at again only when it changes, or when a person asks.
create function public.record_files(p_source uuid, p_owner uuid, p_files jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_file jsonb;
begin
  perform roost.hold_source(p_source, p_owner);
  for v_file in select * from jsonb_array_elements(p_files) order by value ->> 'external_id' loop
    perform roost.note_file(p_source, v_file);
    if v_file ->> 'state' = 'touched' then
      update public.file_ledger as file
      set state = case when exists (select from public.documents as document
            where document.source_id = file.source_id and document.external_id = file.external_id)
          then 'ready' else file.state end,
        reason = null, last_error = null, tries = 0, next_try_at = null
      where source_id = p_source and external_id = v_file ->> 'external_id';
      update public.documents
      set modified_at = coalesce((v_file ->> 'modified_at')::timestamptz, modified_at)
      where source_id = p_source and external_id = v_file ->> 'external_id';
    else
      update public.file_ledger
      set state = case
          when v_file ->> 'state' = 'failed' and tries + 1 >= (v_file ->> 'retries')::integer then 'dead'
          else v_file ->> 'state' end,
        tries = tries + 1, reason = v_file ->> 'reason', last_error = left(v_file ->> 'last_error', 2000),
        -- one minute, two, four … at most six hours
        next_try_at = case when v_file ->> 'state' = 'failed' and tries + 1 < (v_file ->> 'retries')::integer
          then now() + least(interval '6 hours', interval '1 minute' * power(2, least(tries, 10))) end,
        processed_at = now()
      where source_id = p_source and external_id = v_file ->> 'external_id';
    end if;
  end loop;
  return '{}';
end
$$;

-- A file under another name or in another place, or with other readers: nothing of it is read or written again.
create function public.move_document(p_source uuid, p_owner uuid, p_previous text, p_file jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_external_id text := p_file ->> 'external_id';
begin
  perform roost.hold_source(p_source, p_owner);
  if p_previous <> v_external_id then
    delete from public.file_ledger
    where source_id = p_source and external_id = v_external_id and state = 'deleted';
    update public.file_ledger set external_id = v_external_id
    where source_id = p_source and external_id = p_previous;
    if not found then
      return false;
    end if;
  end if;
  perform roost.note_file(p_source, p_file);
  update public.documents
  set path = p_file ->> 'path', uri = p_file ->> 'uri', updated_at = now(),
    title = case when titled then title else p_file ->> 'title' end,
    modified_at = coalesce((p_file ->> 'modified_at')::timestamptz, modified_at)
  where source_id = p_source and external_id = v_external_id;
  -- The title stands at the beginning of what a passage stands under.
  update public.chunks as chunk
  set above = concat_ws(E'\n', document.title, nullif(array_to_string(chunk.heading, E'\n'), ''))
  from public.documents as document
  where document.source_id = p_source and document.external_id = v_external_id and not document.titled
    and chunk.document_id = document.id;
  return true;
end
$$;

-- Delete a document with everything of it, and keep the receipt. The ledger row is the caller's to set.
create function roost.delete_document(p_document public.documents, p_reason text, p_user uuid default null)
returns public.deletion_receipts
language plpgsql set search_path = '' as $$
declare
  v_receipt public.deletion_receipts;
  v_versions integer;
  v_chunks integer;
begin
  select count(*) into v_versions from public.document_versions where document_id = p_document.id;
  with gone as (delete from public.chunks where document_id = p_document.id returning 1)
  select count(*) into v_chunks from gone;
  delete from public.documents where id = p_document.id;
  insert into public.deletion_receipts (document_id, source_id, source_name, external_id, title, path, content_hash,
    reason, chunks_deleted, versions_deleted, deleted_by)
  select p_document.id, p_document.source_id, coalesce(source.name, ''), p_document.external_id, p_document.title,
    p_document.path, p_document.content_hash, p_reason, v_chunks, v_versions, p_user
  from (select 1) as one left join public.sources as source on source.id = p_document.source_id
  returning * into v_receipt;
  return v_receipt;
end
$$;

-- Files that are no more in their source: [{external_id, reason}]. Gives the receipts.
create function public.delete_documents(p_source uuid, p_owner uuid, p_files jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_file record;
  v_document public.documents;
  v_receipts jsonb := '[]';
begin
  perform roost.hold_source(p_source, p_owner);
  for v_file in
    select * from jsonb_to_recordset(p_files) as item (external_id text, reason text) order by external_id
  loop
    select * into v_document from public.documents
    where source_id = p_source and external_id = v_file.external_id for update;
    if found then
      v_receipts := v_receipts || to_jsonb(roost.delete_document(v_document, v_file.reason));
    end if;
    update public.file_ledger
    set state = 'deleted', reason = v_file.reason, version_token = '', content_hash = '', last_error = null, tries = 0,
      next_try_at = null, processed_at = now(), updated_at = now()
    where source_id = p_source and external_id = v_file.external_id;
  end loop;
  return v_receipts;
end
$$;

-- End a run. p_checkpoint null: the run did not come through, and the next one begins where this one began.
create function public.finish_pipeline_run(
  p_pipeline_id text, p_owner uuid, p_checkpoint jsonb, p_report jsonb, p_changed boolean, p_error text default null
) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '15min' as $$
declare
  v_source uuid;
begin
  select source.id into v_source from public.rag_pipeline_state as state
  join public.sources as source on source.pipeline_id = state.pipeline_id
  where state.pipeline_id = p_pipeline_id and state.lock_owner = p_owner for update of state;
  if v_source is null then
    perform roost.refuse(409, 'run-superseded', 'Another run of this pipeline has taken over. This one writes no more.');
  end if;
  -- A deleted file's row has told its story after a quarter of a year; the receipt stays.
  delete from public.file_ledger
  where source_id = v_source and state = 'deleted' and updated_at < now() - interval '90 days';
  update public.rag_pipeline_state
  set lock_owner = null, lock_until = null, lock_holder = null, last_run = now(), updated_at = now(),
    last_check_time = case when p_checkpoint is null then last_check_time else now() end,
    checkpoint = coalesce(p_checkpoint, checkpoint), last_report = p_report, last_error = p_error,
    known_files = case when p_changed then (
      select coalesce(jsonb_object_agg(external_id, jsonb_build_object(
        'state', state, 'version', version_token, 'hash', content_hash)), '{}')
      from public.file_ledger where source_id = v_source and state <> 'deleted')
      else known_files end
  where pipeline_id = p_pipeline_id;
  update public.sources set sync_requested_at = null where id = v_source;
  if p_changed then
    perform roost.tend_index();
  end if;
  return (select coalesce(jsonb_object_agg(counted.state, counted.files), '{}') from (
    select state, count(*) as files from public.file_ledger where source_id = v_source group by state) as counted);
end
$$;

-- Take the configured model for an index that holds nothing yet.
create function public.adopt_embedding_model(p_model text, p_dimension integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_index public.embedding_index;
begin
  select * into strict v_index from public.embedding_index for update;
  if v_index.model = p_model and v_index.dimension = p_dimension then
    return;
  end if;
  lock table public.chunk_embeddings in access exclusive mode;
  if exists (select from public.chunk_embeddings) then
    perform roost.refuse(409, 'embedding-model-mismatch', format(
      'The index was built with the embedding model %s. To change it, run: python -m rag_pipeline reindex '
      '--embedding-model %s', v_index.model, p_model));
  end if;
  drop index if exists public.chunk_embeddings_nearest;
  execute format('alter table public.chunk_embeddings alter column embedding type extensions.halfvec(%s)', p_dimension);
  update public.embedding_index set model = p_model, dimension = p_dimension, updated_at = now();
end
$$;

-- After much was written: a graph index once exact search would take too long, and the words that many passages hold.
create function roost.tend_index() returns void
language plpgsql set search_path = '' as $$
declare
  v_chunks bigint;
  v_before bigint;
begin
  perform pg_catalog.gin_clean_pending_list('public.chunks_by_word');
  select count(*) into v_chunks from public.chunk_embeddings;
  if v_chunks >= 20000 and to_regclass('public.chunk_embeddings_nearest') is null then
    perform set_config('maintenance_work_mem', '256MB', true);
    create index chunk_embeddings_nearest on public.chunk_embeddings
      using hnsw (embedding extensions.halfvec_cosine_ops) with (m = 16, ef_construction = 100);
  end if;
  select chunks into v_before from roost.word_statistics for update;
  if abs(v_chunks - v_before) > greatest(50, 0.1 * v_before) then
    analyze public.chunks;
    analyze public.chunk_embeddings;
    analyze public.documents;
    update roost.word_statistics set chunks = v_chunks;
    delete from roost.word_frequencies;
    insert into roost.word_frequencies (word, share)
    select words.word, words.share
    from pg_catalog.pg_stats as stats
    cross join lateral rows from (
      unnest(stats.most_common_elems::text::text[]), unnest(stats.most_common_elem_freqs)
    ) as words (word, share)
    where stats.schemaname = 'public' and stats.tablename = 'chunks' and stats.attname = 'fts'
      and words.word is not null
    on conflict (word) do nothing;
  end if;
end
$$;

revoke all on function
  public.begin_pipeline_run(text, text, uuid, jsonb, jsonb, integer, uuid),
  public.renew_pipeline_run(text, uuid, integer),
  public.stage_chunks(uuid, uuid, text, integer, jsonb),
  public.replace_document(uuid, uuid, jsonb, jsonb, jsonb, integer),
  public.record_files(uuid, uuid, jsonb),
  public.move_document(uuid, uuid, text, jsonb),
  public.delete_documents(uuid, uuid, jsonb),
  public.finish_pipeline_run(text, uuid, jsonb, jsonb, boolean, text),
  public.adopt_embedding_model(text, integer)
from public, anon, authenticated;
grant execute on function
  public.begin_pipeline_run(text, text, uuid, jsonb, jsonb, integer, uuid),
  public.renew_pipeline_run(text, uuid, integer),
  public.stage_chunks(uuid, uuid, text, integer, jsonb),
  public.replace_document(uuid, uuid, jsonb, jsonb, jsonb, integer),
  public.record_files(uuid, uuid, jsonb),
  public.move_document(uuid, uuid, text, jsonb),
  public.delete_documents(uuid, uuid, jsonb),
  public.finish_pipeline_run(text, uuid, jsonb, jsonb, boolean, text),
  public.adopt_embedding_model(text, integer)
to service_role;
revoke all on function
  roost.known_files(uuid), roost.hold_source(uuid, uuid), roost.note_file(uuid, jsonb),
  roost.keep_table_rows(uuid, jsonb), roost.write_chunks(public.documents, jsonb),
  roost.delete_document(public.documents, text, uuid), roost.tend_index()
from public;
