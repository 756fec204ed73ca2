-- Discarding asks what saving asks: whose draft it is that goes. And a deployment ends a draft of somebody else only where
-- it says all that the draft says.

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
