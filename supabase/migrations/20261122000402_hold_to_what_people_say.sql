-- What a person says about a file holds: nothing that a run reads or writes meanwhile undoes it. And what a run sends twice,
-- because an answer was lost, is answered as it was the first time.

-- Somebody said who may read it, and that stays until it is left to the source again.
alter table public.file_ledger add column shared_by_hand boolean not null default false;
-- The run that wrote its document last
alter table public.file_ledger add column written_by uuid;
alter table public.rag_pipeline_state
  -- When the lock was taken, and who had it last and came to an end
  add column lock_began_at timestamptz,
  add column finished_by uuid;

create function roost.note_begin() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.lock_began_at := now();
  return new;
end
$$;
create trigger note_begin before update of lock_owner on public.rag_pipeline_state
  for each row when (new.lock_owner is not null and new.lock_owner is distinct from old.lock_owner)
  execute function roost.note_begin();

create function roost.files_by_state(p_source uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(counted.state, counted.files), '{}') from (
    select state, count(*) as files from public.file_ledger where source_id = p_source group by state) as counted
$$;

-- Has a person set this file aside, or deleted it?
create function roost.is_set_aside(p_source uuid, p_external_id text) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.file_ledger
    where source_id = p_source and external_id = p_external_id
      and (state = 'ignored' or (state = 'deleted' and reason = 'deleted-by-user')))
$$;

create or replace function roost.note_file(p_source uuid, p_file jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_by_hand boolean;
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
    -- What a person said about sharing outlasts what the source says.
    visibility = case when p_file ? 'visibility' and not file.shared_by_hand then excluded.visibility else file.visibility end,
    version_token = case when p_file ? 'version_token' then excluded.version_token else file.version_token end,
    content_hash = case when p_file ? 'content_hash' then excluded.content_hash else file.content_hash end
  returning shared_by_hand into v_by_hand;
  if p_file ? 'grants' and not v_by_hand then
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

create or replace function public.replace_document(
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
  if roost.is_set_aside(p_source, v_external_id) then
    -- A person set it aside, or deleted it, while it was being read.
    return jsonb_build_object('document_id', null, 'version', 0, 'chunks', 0);
  end if;
  -- The same call once more, because its answer was lost on the way.
  select document.* into v_document from public.documents as document
  join public.file_ledger as file using (source_id, external_id)
  where file.source_id = p_source and file.external_id = v_external_id and file.state = 'ready'
    and file.written_by = p_owner and document.content_hash = p_file ->> 'content_hash';
  if found then
    return jsonb_build_object('document_id', v_document.id, 'version', v_document.version,
      'chunks', v_document.chunk_count);
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
    processed_at = now(), mime_type = v_document.mime_type, written_by = p_owner
  where source_id = p_source and external_id = v_external_id;
  return jsonb_build_object('document_id', v_document.id, 'version', v_document.version, 'chunks', v_written);
end
$$;

create or replace function public.record_files(p_source uuid, p_owner uuid, p_files jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_file jsonb;
begin
  perform roost.hold_source(p_source, p_owner);
  for v_file in select * from jsonb_array_elements(p_files) order by value ->> 'external_id' loop
    perform roost.note_file(p_source, v_file);
    -- Asked when the row is held: what a person says from now on waits for this.
    continue when roost.is_set_aside(p_source, v_file ->> 'external_id');
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

create or replace function public.finish_pipeline_run(
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
    select source.id into v_source from public.rag_pipeline_state as state
    join public.sources as source on source.pipeline_id = state.pipeline_id
    where state.pipeline_id = p_pipeline_id and state.finished_by = p_owner;
    if v_source is not null then
      -- The same call once more, because its answer was lost on the way.
      return roost.files_by_state(v_source);
    end if;
    perform roost.refuse(409, 'run-superseded', 'Another run of this pipeline has taken over. This one writes no more.');
  end if;
  -- A deleted file's row has told its story after a quarter of a year; the receipt stays.
  delete from public.file_ledger
  where source_id = v_source and state = 'deleted' and updated_at < now() - interval '90 days';
  update public.rag_pipeline_state
  set lock_owner = null, finished_by = p_owner, lock_until = null, lock_holder = null, last_run = now(), updated_at = now(),
    last_check_time = case when p_checkpoint is null then last_check_time else now() end,
    checkpoint = coalesce(p_checkpoint, checkpoint), last_report = p_report, last_error = p_error,
    known_files = case when p_changed then (
      select coalesce(jsonb_object_agg(external_id, jsonb_build_object(
        'state', state, 'version', version_token, 'hash', content_hash)), '{}')
      from public.file_ledger where source_id = v_source and state <> 'deleted')
      else known_files end
  where pipeline_id = p_pipeline_id;
  -- Who asked after the run began may have asked because of something that it did not see.
  update public.sources as source set sync_requested_at = null
  from public.rag_pipeline_state as state
  where source.id = v_source and state.pipeline_id = source.pipeline_id
    and source.sync_requested_at <= coalesce(state.lock_began_at, now());
  if p_changed then
    perform roost.tend_index();
  end if;
  return roost.files_by_state(v_source);
end
$$;

create or replace function roost.file_to_change(p_user uuid, p_source uuid, p_external_id text) returns public.file_ledger
language plpgsql set search_path = '' as $$
declare
  v_file public.file_ledger;
begin
  select * into v_file from public.file_ledger
  where source_id = p_source and external_id = p_external_id and state <> 'deleted' for update;
  if not found or roost.principals(p_user) is null
    or not (roost.is_admin(p_user) or coalesce(v_file.owner_id = p_user, false) or v_file.readers && roost.principals(p_user)) then
    perform roost.refuse(404, 'document-not-found', 'There is no such document, or it is not yours to see.');
  end if;
  if not (roost.is_admin(p_user) or coalesce(v_file.owner_id = p_user, false)) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin, or whoever uploaded the document, may do this.');
  end if;
  return v_file;
end
$$;

create or replace function public.share_file(
  p_user uuid, p_source uuid, p_external_id text, p_visibility text, p_grants jsonb default '[]'
) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_file public.file_ledger;
  v_upload boolean;
begin
  v_file := roost.file_to_change(p_user, p_source, p_external_id);
  select kind = 'upload' into v_upload from public.sources where id = p_source;
  -- Whoever reads the source of uploads is everyone, unless an admin has said otherwise.
  if (p_visibility = 'everyone' or (p_visibility = 'source' and v_upload)) and not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may show a document to everyone.');
  end if;
  delete from public.document_grants where source_id = p_source and external_id = p_external_id;
  insert into public.document_grants (source_id, external_id, kind, name)
  select p_source, p_external_id, item.kind, item.name
  from jsonb_to_recordset(p_grants) as item (kind text, name text) on conflict do nothing;
  update public.file_ledger set visibility = p_visibility, updated_at = now(),
    shared_by_hand = p_visibility <> 'source' or v_upload
  where source_id = p_source and external_id = p_external_id;
  perform roost.audit(p_user, 'document.share', 'file', p_external_id, v_file.title,
    jsonb_build_object('visibility', v_file.visibility),
    jsonb_build_object('visibility', p_visibility, 'grants', p_grants));
end
$$;

create or replace function public.remove_source(p_user uuid, p_source uuid) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '15min' as $$
declare
  v_source public.sources;
  v_document public.documents;
  v_receipt public.deletion_receipts;
  v_documents integer := 0;
  v_chunks bigint := 0;
begin
  if not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may delete a source.');
  end if;
  select * into v_source from public.sources where id = p_source for update;
  if not found then
    perform roost.refuse(404, 'source-not-found', 'There is no such source.');
  end if;
  if v_source.kind = 'upload' then
    perform roost.refuse(409, 'uploads-stay',
      'Uploads have no folder of their own that could be let go of. Delete the documents in it one by one.');
  end if;
  if exists (select from public.rag_pipeline_state
      where pipeline_id = v_source.pipeline_id and lock_until > now()) then
    perform roost.refuse(409, 'source-busy', 'A run of this source is at work. Wait for its end, then delete it.');
  end if;
  for v_document in select * from public.documents where source_id = p_source for update loop
    v_receipt := roost.delete_document(v_document, 'deleted-by-user', p_user);
    v_documents := v_documents + 1;
    v_chunks := v_chunks + v_receipt.chunks_deleted;
  end loop;
  delete from public.sources where id = p_source;
  delete from public.rag_pipeline_state where pipeline_id = v_source.pipeline_id;
  perform roost.audit(p_user, 'source.delete', 'source', p_source::text, v_source.name,
    jsonb_build_object('kind', v_source.kind, 'documents', v_documents, 'chunks', v_chunks));
  return jsonb_build_object('source_id', p_source, 'name', v_source.name, 'documents_deleted', v_documents,
    'chunks_deleted', v_chunks, 'deleted_at', now());
end
$$;

revoke all on function roost.files_by_state(uuid), roost.is_set_aside(uuid, text), roost.note_begin() from public;
