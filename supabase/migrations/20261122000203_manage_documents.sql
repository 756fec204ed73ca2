-- What people do with files: look at them, upload, have one read again, set one aside, delete one with a receipt.

-- The ledger as people see it, each file with its document. Under the reader's own rights.
create view public.knowledge_files with (security_invoker = true) as
select
  file.source_id, source.name as source_name, source.kind as source_kind, file.external_id, document.id as document_id,
  coalesce(document.title, nullif(file.title, ''), file.path) as title, file.path, file.uri, file.mime_type,
  file.size_bytes, file.state, file.reason, file.tries, file.last_error, file.next_try_at,
  document.version, document.chunk_count as chunks, document.language, file.visibility, file.owner_id,
  file.modified_at, file.processed_at, file.first_seen_at, file.updated_at,
  -- what a person looks for, and where a page of a list ends: one column each, for one plain filter each
  concat_ws(' ', document.title, file.title, file.path) as names,
  to_char(file.updated_at at time zone 'utc', 'YYYYMMDDHH24MISSUS') || ' ' || file.source_id || ' ' || file.external_id
    as sort_key
from public.file_ledger as file
join public.sources as source on source.id = file.source_id
left join public.documents as document
  on document.source_id = file.source_id and document.external_id = file.external_id;
revoke all on public.knowledge_files from anon, authenticated;
grant select on public.knowledge_files to authenticated, service_role;

-- When a source was last looked at, which anyone who sees the source may know; the rest of the state is the admin's.
create function roost.source_run(p_pipeline_id text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'finished_at', state.last_run, 'checked_at', state.last_check_time, 'error', state.last_error,
    'running', coalesce(state.lock_until > now(), false),
    'files_processed', coalesce((state.last_report ->> 'files_processed')::integer, 0),
    'files_failed', coalesce((state.last_report ->> 'files_failed')::integer, 0),
    'files_deleted', coalesce((state.last_report ->> 'files_deleted')::integer, 0))
  from public.rag_pipeline_state as state where state.pipeline_id = p_pipeline_id
$$;
revoke all on function roost.source_run(text) from public;
grant execute on function roost.source_run(text) to authenticated, service_role;

-- Sources with their files by state, as far as the reader sees them.
create view public.knowledge_sources with (security_invoker = true) as
select source.id, source.kind, source.name, source.visibility, source.sync_requested_at, source.created_at,
  roost.source_run(source.pipeline_id) as last_run,
  (select coalesce(jsonb_object_agg(counted.state, counted.files), '{}') from (
    select file.state, count(*) as files from public.file_ledger as file
    where file.source_id = source.id group by file.state) as counted) as files
from public.sources as source;
revoke all on public.knowledge_sources from anon, authenticated;
grant select on public.knowledge_sources to authenticated, service_role;

-- Note an upload whose file stands in the uploads folder. The owner reads it; everyone does when p_visibility says so,
-- which is an admin's to say.
create function public.record_upload(p_user uuid, p_external_id text, p_file jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_source uuid;
  v_visibility text := coalesce(p_file ->> 'visibility', 'restricted');
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'not-allowed', 'This account is suspended.');
  end if;
  if v_visibility = 'everyone' and not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may add a document for everyone. Upload it for yourself.');
  end if;
  insert into public.sources (pipeline_id, kind, name) values ('uploads', 'upload', 'Uploads')
  on conflict (pipeline_id) do nothing;
  select id into strict v_source from public.sources where pipeline_id = 'uploads';
  perform roost.note_file(v_source, p_file || jsonb_build_object(
    'external_id', p_external_id, 'owner_id', p_user, 'visibility', v_visibility));
  update public.file_ledger set state = 'pending', reason = 'uploaded'
  where source_id = v_source and external_id = p_external_id;
  update public.sources set sync_requested_at = now() where id = v_source;
  return v_source;
end
$$;

-- May this person change that file? Admins any, everyone what they uploaded. Refuses as if it were not there.
create function roost.file_to_change(p_user uuid, p_source uuid, p_external_id text) returns public.file_ledger
language plpgsql set search_path = '' as $$
declare
  v_file public.file_ledger;
begin
  select * into v_file from public.file_ledger
  where source_id = p_source and external_id = p_external_id and state <> 'deleted' for update;
  if not found or roost.principals(p_user) is null
    or not (roost.is_admin(p_user) or v_file.owner_id = p_user or v_file.readers && roost.principals(p_user)) then
    perform roost.refuse(404, 'document-not-found', 'There is no such document, or it is not yours to see.');
  end if;
  if not (roost.is_admin(p_user) or coalesce(v_file.owner_id = p_user, false)) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin, or whoever uploaded the document, may do this.');
  end if;
  return v_file;
end
$$;

create function public.retry_file(p_user uuid, p_source uuid, p_external_id text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform roost.file_to_change(p_user, p_source, p_external_id);
  -- Without its hash: a file that was read already is read again, not only looked at.
  update public.file_ledger
  set state = 'pending', reason = 'retry-asked', version_token = '', content_hash = '', tries = 0, next_try_at = null,
    updated_at = now()
  where source_id = p_source and external_id = p_external_id;
  update public.sources set sync_requested_at = now() where id = p_source;
end
$$;

create function public.ignore_file(p_user uuid, p_source uuid, p_external_id text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_document public.documents;
  v_receipt jsonb;
begin
  perform roost.file_to_change(p_user, p_source, p_external_id);
  select * into v_document from public.documents where source_id = p_source and external_id = p_external_id for update;
  if found then
    v_receipt := to_jsonb(roost.delete_document(v_document, 'ignored-by-user', p_user));
  end if;
  update public.file_ledger
  set state = 'ignored', reason = 'ignored-by-user', last_error = null, next_try_at = null, updated_at = now()
  where source_id = p_source and external_id = p_external_id;
  return v_receipt;
end
$$;

-- The upload that a document came from, for somebody who may delete it; null where it is no upload. Asked before anything
-- on disk is touched.
create function public.upload_to_remove(p_user uuid, p_document uuid) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_document public.documents;
begin
  select * into v_document from public.documents where id = p_document;
  if not found then
    perform roost.refuse(404, 'document-not-found', 'There is no such document, or it is not yours to see.');
  end if;
  perform roost.file_to_change(p_user, v_document.source_id, v_document.external_id);
  return (select v_document.external_id from public.sources where id = v_document.source_id and kind = 'upload');
end
$$;

-- Delete a document for good. An upload is gone; a file of a watched folder, which Roost does not touch, is set aside, so
-- that the next run does not bring it back.
create function public.remove_document(p_user uuid, p_document uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_document public.documents;
  v_receipt public.deletion_receipts;
  v_upload boolean;
begin
  select * into v_document from public.documents where id = p_document for update;
  if not found then
    perform roost.refuse(404, 'document-not-found', 'There is no such document, or it is not yours to see.');
  end if;
  perform roost.file_to_change(p_user, v_document.source_id, v_document.external_id);
  select kind = 'upload' into v_upload from public.sources where id = v_document.source_id;
  v_receipt := roost.delete_document(v_document, 'deleted-by-user', p_user);
  update public.file_ledger
  set state = case when v_upload then 'deleted' else 'ignored' end, reason = 'deleted-by-user', last_error = null,
    next_try_at = null, updated_at = now(), processed_at = now(),
    content_hash = case when v_upload then '' else content_hash end
  where source_id = v_document.source_id and external_id = v_document.external_id;
  perform roost.audit(p_user, 'document.delete', 'document', v_document.id::text, v_document.title,
    jsonb_build_object('path', v_document.path, 'version', v_document.version, 'chunks', v_receipt.chunks_deleted));
  return to_jsonb(v_receipt) || jsonb_build_object('upload', v_upload);
end
$$;

-- An upload that never became a document: damaged, of a kind that is not read, or not yet looked at.
-- With p_check it only asks whether that is allowed.
create function public.remove_upload(p_user uuid, p_external_id text, p_check boolean default false) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_source uuid;
begin
  select id into v_source from public.sources where pipeline_id = 'uploads';
  perform roost.file_to_change(p_user, v_source, p_external_id);
  if p_check then
    return;
  end if;
  if exists (select from public.documents where source_id = v_source and external_id = p_external_id) then
    perform roost.refuse(409, 'upload-has-document', 'This upload has become a document. Delete the document.');
  end if;
  update public.file_ledger
  set state = 'deleted', reason = 'deleted-by-user', version_token = '', content_hash = '', updated_at = now()
  where source_id = v_source and external_id = p_external_id;
end
$$;

create function public.request_sync(p_user uuid, p_source uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may ask for a run of the pipeline.');
  end if;
  update public.sources set sync_requested_at = now() where id = p_source;
  if not found then
    perform roost.refuse(404, 'source-not-found', 'There is no such source.');
  end if;
end
$$;

-- Delete a source with all it brought; gives how much that was. The pipeline that watches it must be stopped first, or
-- it begins anew.
create function public.remove_source(p_user uuid, p_source uuid) returns jsonb
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

-- Who may read a source, set by an admin: everyone, or the persons and groups named.
create function public.share_source(p_user uuid, p_source uuid, p_visibility text, p_principals uuid[] default '{}')
returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_before jsonb;
begin
  if not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may say who reads a source.');
  end if;
  select jsonb_build_object('visibility', visibility, 'readers', roost.source_readers(id)) into v_before
  from public.sources where id = p_source;
  delete from public.source_grants where source_id = p_source and not (principal_id = any (p_principals));
  insert into public.source_grants (source_id, principal_id)
  select p_source, principal from unnest(p_principals) as principal on conflict do nothing;
  update public.sources set visibility = p_visibility, updated_at = now() where id = p_source;
  if not found then
    perform roost.refuse(404, 'source-not-found', 'There is no such source.');
  end if;
  perform roost.audit(p_user, 'source.share', 'source', id::text, name, v_before,
    jsonb_build_object('visibility', visibility, 'readers', roost.source_readers(id)))
  from public.sources where id = p_source;
end
$$;

-- Who may read one file: as its source (null p_grants with 'source'), everyone, or its owner and those named.
create function public.share_file(
  p_user uuid, p_source uuid, p_external_id text, p_visibility text, p_grants jsonb default '[]'
) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_file public.file_ledger;
begin
  v_file := roost.file_to_change(p_user, p_source, p_external_id);
  if p_visibility = 'everyone' and not roost.is_admin(p_user) then
    perform roost.refuse(403, 'not-allowed', 'Only an admin may show a document to everyone.');
  end if;
  delete from public.document_grants where source_id = p_source and external_id = p_external_id;
  insert into public.document_grants (source_id, external_id, kind, name)
  select p_source, p_external_id, item.kind, item.name
  from jsonb_to_recordset(p_grants) as item (kind text, name text) on conflict do nothing;
  update public.file_ledger set visibility = p_visibility, updated_at = now()
  where source_id = p_source and external_id = p_external_id;
  perform roost.audit(p_user, 'document.share', 'file', p_external_id, v_file.title,
    jsonb_build_object('visibility', v_file.visibility),
    jsonb_build_object('visibility', p_visibility, 'grants', p_grants));
end
$$;

do $$
declare
  v_function regprocedure;
begin
  foreach v_function in array array[
    'public.record_upload(uuid, text, jsonb)', 'public.retry_file(uuid, uuid, text)',
    'public.ignore_file(uuid, uuid, text)', 'public.remove_document(uuid, uuid)', 'public.remove_upload(uuid, text, boolean)', 'public.upload_to_remove(uuid, uuid)',
    'public.request_sync(uuid, uuid)', 'public.remove_source(uuid, uuid)',
    'public.share_source(uuid, uuid, text, uuid[])', 'public.share_file(uuid, uuid, text, text, jsonb)'
  ]::regprocedure[] loop
    execute format('revoke all on function %s from public, anon, authenticated', v_function);
    execute format('grant execute on function %s to service_role', v_function);
  end loop;
end
$$;
revoke all on function roost.file_to_change(uuid, uuid, text) from public;
