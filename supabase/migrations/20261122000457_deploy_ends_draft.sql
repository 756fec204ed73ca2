-- What was deployed is no draft any more.

create function roost.end_draft() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.agent_drafts where agent_id = new.agent_id;
  return null;
end
$$;
revoke all on function roost.end_draft() from public;
create trigger end_draft after insert on public.deployments for each row execute function roost.end_draft();
