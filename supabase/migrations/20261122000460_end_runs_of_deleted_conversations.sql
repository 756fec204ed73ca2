-- Whoever deletes a conversation in the middle of an answer wants no more of it: its run ends there and costs nothing
-- further, and nothing of it is written afterwards. The process that works on it is told when it next keeps its lease.

create or replace function roost.forget_words() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.runs set state = 'cancelled', owner = null, lease_until = null, finished_at = now()
  where conversation_id = old.id and state in ('queued', 'running', 'waiting');
  delete from public.run_steps where run_id in (select id from public.runs where conversation_id = old.id);
  update public.runs set partial = null, error = null where conversation_id = old.id;
  return old;
end
$$;
