-- Two who edit one agent: the draft of the one does not take the place of the other's without a word.

-- Keep what the editor holds. One's own trials of the agent that are older than a day go.
--   p_checked: refuse where the draft is not the one of `p_seen`, its `saved_at`; null: no draft was seen.
drop function public.save_agent_draft(uuid, text, jsonb);
create function public.save_agent_draft(
  p_user uuid, p_slug text, p_deployment jsonb, p_seen timestamptz default null, p_checked boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
  v_draft public.agent_drafts;
begin
  perform roost.check_deployment(p_user, v_agent.id, p_deployment);
  insert into public.agent_drafts as d (agent_id, deployment, saved_by) values (v_agent.id, p_deployment, p_user)
  on conflict (agent_id) do update set
    deployment = excluded.deployment, saved_by = excluded.saved_by,
    -- Later than the one before also where both came within one tick of the clock.
    saved_at = greatest(clock_timestamp(), d.saved_at + interval '1 microsecond')
  where not p_checked or d.saved_at = p_seen
  returning * into v_draft;
  if v_draft.agent_id is null then
    perform roost.refuse(409, 'draft-overtaken',
      'Another draft of this agent was saved meanwhile. Look at it, then save yours in its place or go on with it.');
  end if;
  delete from public.conversations
  where user_id = p_user and agent_id = v_agent.id and trial and updated_at < now() - interval '1 day';
  return to_jsonb(v_draft);
end
$$;
revoke all on function public.save_agent_draft(uuid, text, jsonb, timestamptz, boolean) from public, anon, authenticated;
grant execute on function public.save_agent_draft(uuid, text, jsonb, timestamptz, boolean) to service_role;

-- Discarding asks what saving asks: whose draft it is that goes.
drop function public.discard_agent_draft(uuid, text);
create function public.discard_agent_draft(
  p_user uuid, p_slug text, p_seen timestamptz default null, p_checked boolean default false
) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_agent public.agents := roost.agent_to_manage(p_user, p_slug);
begin
  delete from public.agent_drafts as d where d.agent_id = v_agent.id and (not p_checked or d.saved_at = p_seen);
  if not found and exists (select from public.agent_drafts where agent_id = v_agent.id) then
    perform roost.refuse(409, 'draft-overtaken',
      'Another draft of this agent was saved meanwhile. Look at it before you discard it.');
  end if;
  delete from public.conversations where user_id = p_user and agent_id = v_agent.id and trial;
end
$$;
revoke all on function public.discard_agent_draft(uuid, text, timestamptz, boolean) from public, anon, authenticated;
grant execute on function public.discard_agent_draft(uuid, text, timestamptz, boolean) to service_role;

-- What was deployed is no draft any more; what somebody else keeps as a draft stays one, unless it is the same.
create or replace function roost.end_draft() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.agent_drafts as d where d.agent_id = new.agent_id and (
    d.saved_by is null or new.created_by is null or d.saved_by = new.created_by
    or coalesce(d.deployment ->> 'instructions', '') = new.instructions
      and d.deployment ->> 'model' is not distinct from new.model
      and coalesce(d.deployment -> 'fallback_models', '[]') = to_jsonb(new.fallback_models)
      and coalesce(d.deployment -> 'model_settings', '{}') = new.model_settings
      and coalesce(d.deployment -> 'tools', '[]') = new.tools
      and coalesce(d.deployment -> 'knowledge', new.knowledge) = new.knowledge
      and coalesce(d.deployment -> 'limits', '{}') = new.limits
      and coalesce(d.deployment -> 'starters', '[]') = to_jsonb(new.starters));
  return null;
end
$$;
