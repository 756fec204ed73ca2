-- A document of 20,000 passages takes longer to write than the role that requests come by may take, once the graph index is
-- there: half a minute, on hosted Supabase eight seconds. It was sent again by each run, in vain. The REST server takes the
-- time that a function may take from the function's own setting.

alter function public.stage_chunks(uuid, uuid, text, integer, jsonb) set statement_timeout = '15min';
alter function public.replace_documents(uuid, uuid, text) set statement_timeout = '15min';
alter function public.record_files(uuid, uuid, jsonb) set statement_timeout = '15min';
alter function public.move_document(uuid, uuid, text, jsonb) set statement_timeout = '15min';
alter function public.delete_documents(uuid, uuid, jsonb) set statement_timeout = '15min';
alter function public.finish_pipeline_run(text, uuid, jsonb, jsonb, boolean, text) set statement_timeout = '15min';
alter function public.store_reindexed(text, jsonb) set statement_timeout = '15min';
alter function public.finish_reindex(text) set statement_timeout = '15min';
alter function public.share_source(uuid, uuid, text, uuid[]) set statement_timeout = '15min';
-- These wait for such a write.
alter function public.begin_pipeline_run(text, text, uuid, jsonb, jsonb, integer, uuid) set statement_timeout = '15min';
alter function public.renew_pipeline_run(text, uuid, integer) set statement_timeout = '15min';
