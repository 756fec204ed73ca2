-- Where a person is logged in. GoTrue keeps it and has no words for it; its table is read here, each column by name, for
-- not every version has all of them. Ending a session takes its refresh tokens along: a browser goes on for at most the
-- life of the access token that it holds (an hour).

create function public.list_sessions(p_user uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', s.id, 'created_at', s.created_at,
      'used_at', coalesce(to_jsonb(s) ->> 'refreshed_at', to_jsonb(s) ->> 'updated_at', to_jsonb(s) ->> 'created_at'),
      'user_agent', coalesce(to_jsonb(s) ->> 'user_agent', ''), 'address', coalesce(to_jsonb(s) ->> 'ip', '')
    ) order by s.created_at desc), '[]')
    from auth.sessions as s
    where s.user_id = p_user and coalesce((to_jsonb(s) ->> 'not_after')::timestamptz > now(), true));
exception when undefined_table or insufficient_privilege then
  perform roost.refuse(409, 'sessions-not-kept', 'This Supabase does not say where you are logged in.');
end
$$;

-- End one session, or (p_session null) all but p_keep. Returns how many.
create function public.end_sessions(p_user uuid, p_session uuid, p_keep uuid) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_ended integer;
begin
  delete from auth.sessions
  where user_id = p_user and case when p_session is not null then id = p_session else id is distinct from p_keep end;
  get diagnostics v_ended = row_count;
  return v_ended;
exception when undefined_table or insufficient_privilege then
  perform roost.refuse(409, 'sessions-not-kept', 'This Supabase does not let sessions be ended one by one.');
end
$$;

revoke all on function public.list_sessions(uuid), public.end_sessions(uuid, uuid, uuid)
from public, anon, authenticated;
grant execute on function public.list_sessions(uuid), public.end_sessions(uuid, uuid, uuid) to service_role;
