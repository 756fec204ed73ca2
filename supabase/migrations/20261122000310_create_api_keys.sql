-- API keys: how programs act for a person. A key is 256 random bits, so a plain SHA-256 of it is enough to keep: there is
-- nothing to guess that a slow hash would have to protect. The key itself is shown once and is nowhere here.

create table public.api_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.user_profiles (user_id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- Its first characters, by which a person tells one from another.
  prefix text not null check (length(prefix) <= 16),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  -- null: every agent that the person may use. The id of a deleted agent may stay: it opens nothing.
  agent_ids uuid[],
  expires_at timestamptz,
  -- To the minute: writing it on every request would make one row the bottleneck of a busy program.
  last_used_at timestamptz,
  -- A revoked key stays, so that what was done with it can still be told.
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_keys_of_user on public.api_keys (user_id, created_at desc);

alter table public.api_keys enable row level security;
revoke all on public.api_keys from anon, authenticated;
grant select (id, user_id, name, prefix, agent_ids, expires_at, last_used_at, revoked_at, created_at)
  on public.api_keys to authenticated;
grant all on public.api_keys to service_role;
create policy "own keys, or any as admin" on public.api_keys for select to authenticated
  using (user_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));

-- Keys that are not revoked, newest first, under the reader's own rights: an agent that they may not see has no name here.
create function public.list_api_keys(p_everyone boolean default false) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', k.id, 'user_id', k.user_id, 'email', p.email, 'name', k.name, 'prefix', k.prefix,
    'agents', case when k.agent_ids is not null then
      array(select a.slug from public.agents as a where a.id = any (k.agent_ids) order by a.slug) end,
    'expires_at', k.expires_at, 'last_used_at', k.last_used_at, 'created_at', k.created_at
  ) order by k.created_at desc, k.id), '[]')
  from public.api_keys as k left join public.user_profiles as p on p.user_id = k.user_id
  where k.revoked_at is null and (p_everyone or k.user_id = auth.uid())
$$;

--   p_key: {name, prefix, hash, agents: [slug] | null, expires_at | null}
create function public.create_api_key(p_user uuid, p_key jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_key public.api_keys;
  v_slug text;
  v_agents uuid[];
begin
  if roost.principals(p_user) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  elsif (select count(*) >= 100 from public.api_keys where user_id = p_user and revoked_at is null) then
    perform roost.refuse(409, 'too-many-api-keys', 'You have 100 API keys. Revoke one before you make another.');
  elsif (p_key ->> 'expires_at')::timestamptz <= now() then
    perform roost.refuse(422, 'expiry-in-the-past', 'The key would have expired already. Choose a later time.');
  end if;
  if jsonb_typeof(p_key -> 'agents') = 'array' then
    v_agents := '{}';
    for v_slug in select value from jsonb_array_elements_text(p_key -> 'agents') loop
      v_agents := v_agents || (
        select id from public.agents
        where slug = v_slug and (readers && roost.principals(p_user) or roost.is_admin(p_user)));
      if v_agents[cardinality(v_agents)] is null then
        perform roost.refuse(422, 'agent-not-found', format('There is no agent called %s that you may use.', v_slug));
      end if;
    end loop;
  end if;
  insert into public.api_keys (user_id, name, prefix, hash, agent_ids, expires_at)
  values (p_user, p_key ->> 'name', p_key ->> 'prefix', p_key ->> 'hash', v_agents, (p_key ->> 'expires_at')::timestamptz)
  returning * into v_key;
  perform roost.audit(p_user, 'api_key.create', 'api_key', v_key.id::text, v_key.name, null, to_jsonb(v_key) - 'hash');
  return to_jsonb(v_key) - 'hash' || jsonb_build_object(
    'agents', p_key -> 'agents', 'email', (select email from public.user_profiles where user_id = p_user));
end
$$;

-- One's own key, or any as an admin. From the moment that this is committed nothing begins with it.
create function public.revoke_api_key(p_user uuid, p_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_key public.api_keys;
begin
  update public.api_keys set revoked_at = now()
  where id = p_id and revoked_at is null and (user_id = p_user or roost.is_admin(p_user)) returning * into v_key;
  if v_key.id is null then
    return false;
  end if;
  perform roost.audit(p_user, 'api_key.revoke', 'api_key', v_key.id::text, v_key.name, to_jsonb(v_key) - 'hash', null);
  return true;
end
$$;

-- Who acts: {"user_id": …} for a person whose access token was verified already, {"key_hash": …} for an API key.
-- To be called within the function that does the work. So a key costs no round trip of its own and is never remembered
-- anywhere: what begins after a key was revoked is refused.
create function roost.caller(p_caller jsonb, out user_id uuid, out key_id uuid, out agent_ids uuid[])
language plpgsql security definer set search_path = '' as $$
declare
  v_key public.api_keys;
begin
  if p_caller ->> 'key_hash' is not null then
    select * into v_key from public.api_keys as k where k.hash = p_caller ->> 'key_hash';
    if v_key.id is null or v_key.revoked_at is not null then
      perform roost.refuse(401, 'api-key-not-accepted',
        'This API key is not known here or was revoked. Make a new one in the web app.');
    elsif v_key.expires_at <= now() then
      perform roost.refuse(401, 'api-key-expired', 'This API key has expired. Make a new one in the web app.');
    end if;
    user_id := v_key.user_id;
    key_id := v_key.id;
    agent_ids := v_key.agent_ids;
    if v_key.last_used_at is null or v_key.last_used_at < now() - interval '1 minute' then
      -- Whoever comes at the same moment does not wait for this.
      update public.api_keys as k set last_used_at = now()
      where k.id = (select l.id from public.api_keys as l where l.id = v_key.id for update skip locked);
    end if;
  else
    user_id := (p_caller ->> 'user_id')::uuid;
  end if;
  if roost.principals(user_id) is null then
    perform roost.refuse(403, 'account-suspended', 'This account cannot be used now. Please ask an admin.');
  end if;
end
$$;

-- Whom a key stands for, where nothing is begun that could ask by itself: {user_id, key_id, agents: [slug] | null}.
create function public.identify_caller(p_caller jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select jsonb_build_object('user_id', c.user_id, 'key_id', c.key_id, 'agents', case when c.agent_ids is not null then
    array(select a.slug from public.agents as a where a.id = any (c.agent_ids)) end)
  from roost.caller(p_caller) as c
$$;

-- The agents that answer to this caller now, by slug.
create function public.agents_of_caller(p_caller jsonb) returns jsonb
language sql security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'slug', a.slug, 'name', a.name, 'description', a.description, 'created_at', a.created_at) order by a.slug), '[]')
  from roost.caller(p_caller) as c
  join public.agents as a on a.status = 'deployed'
    and (a.readers && roost.principals(c.user_id) or roost.is_admin(c.user_id))
    and (c.agent_ids is null or a.id = any (c.agent_ids))
$$;

revoke all on function
  public.list_api_keys(boolean), public.create_api_key(uuid, jsonb), public.revoke_api_key(uuid, uuid),
  roost.caller(jsonb), public.identify_caller(jsonb), public.agents_of_caller(jsonb)
from public, anon, authenticated;
grant execute on function public.list_api_keys(boolean) to authenticated;
grant execute on function
  public.create_api_key(uuid, jsonb), public.revoke_api_key(uuid, uuid), public.identify_caller(jsonb),
  public.agents_of_caller(jsonb)
to service_role;
