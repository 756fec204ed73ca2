-- The id of a person's conversation that their program calls `p_name`: as before, and a name that somebody else's
-- conversation has for its id is never taken as it is, however much it looks like one that nobody else has by chance.
create or replace function roost.conversation_named(p_user uuid, p_name text) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_own text := 'named_' || left(encode(sha256(convert_to(p_user || ' ' || p_name, 'UTF8')), 'hex'), 48);
begin
  return case
    when exists (select from public.conversations where id = p_name and user_id = p_user) then p_name
    when exists (select from public.conversations where id = v_own) then v_own
    when (
      p_name ~* '^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$'
      or p_name ~ '^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{16}$'
    ) and not exists (select from public.conversations where id = p_name) then p_name
    else v_own
  end;
end
$$;
