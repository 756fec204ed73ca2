-- The graph index of many passages takes minutes to build, longer than some connections last. So it is a call of its own,
-- before a run ends: a run whose call got no answer ends well all the same, while the database goes on building.

create or replace function public.finish_pipeline_run(
  p_pipeline_id text, p_owner uuid, p_checkpoint jsonb, p_report jsonb, p_changed boolean, p_error text default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
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
  return roost.files_by_state(v_source);
end
$$;

-- After much was written: clean up, build the graph index where it has become worth it, count words anew. False: somebody
-- else is at it.
create function public.tend_knowledge() returns boolean
language plpgsql security definer set search_path = '' set statement_timeout = '60min' as $$
begin
  if not pg_try_advisory_xact_lock(hashtext('roost.tend_knowledge')) then
    return false;
  end if;
  perform roost.tend_index();
  return true;
end
$$;
revoke all on function public.tend_knowledge() from public, anon, authenticated;
grant execute on function public.tend_knowledge() to service_role;

-- Build the graph index of the new vectors, where there are so many. Searches and runs go on meanwhile.
create or replace function public.prepare_reindex() returns void
language plpgsql security definer set search_path = '' set statement_timeout = '60min' as $$
begin
  -- Whoever asks again, because the answer took too long for a connection, waits here and finds it done.
  perform pg_advisory_xact_lock(hashtext('roost.tend_knowledge'));
  if (select count(*) from public.chunk_embeddings_next) >= 20000
    and to_regclass('public.chunk_embeddings_next_nearest') is null then
    perform set_config('maintenance_work_mem', '256MB', true);
    create index chunk_embeddings_next_nearest on public.chunk_embeddings_next
      using hnsw (embedding extensions.halfvec_cosine_ops) with (m = 16, ef_construction = 100);
  end if;
end
$$;
