-- A conversation with all its branches in one round trip, under the reader's own rights. As before; each answer also
-- tells how many of its tokens are of requests whose price is not known: what they cost is not in its cost.
create or replace function public.get_conversation(p_id text) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object(
    'id', c.id, 'title', c.title, 'head_id', c.head_id, 'pinned', c.pinned, 'archived', c.archived,
    'created_at', c.created_at, 'updated_at', c.updated_at,
    'agent_slug', a.slug, 'agent_name', a.name,
    'active_run_id', (
      select r.id from public.runs as r
      where r.conversation_id = c.id and r.state in ('queued', 'running') and r.lease_until > now()
    ),
    'messages', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', m.id, 'parent_id', m.parent_id, 'role', m.role, 'parts', m.parts, 'created_at', m.created_at,
        'run', case when r.id is null then null else jsonb_build_object(
          'id', r.id, 'state', r.state, 'error', r.error, 'model', r.model,
          'agent_name', b.name, 'deployment_number', r.deployment_number,
          'input_tokens', r.input_tokens, 'output_tokens', r.output_tokens, 'cost', r.cost,
          'unpriced_tokens', (
            select coalesce(sum(s.input_tokens + s.output_tokens), 0)
            from public.run_steps as s where s.run_id = r.id and s.kind = 'model' and s.cost is null),
          'created_at', r.created_at, 'finished_at', r.finished_at) end,
        'feedback', case when f.rating is null then null else jsonb_build_object(
          'rating', f.rating, 'comment', f.comment, 'include_text', f.answer is not null) end
      ) order by m.created_at, m.id)
      from public.messages as m
      left join public.runs as r on r.id = m.run_id
      left join public.agents as b on b.id = r.agent_id
      left join public.feedback as f on f.conversation_id = m.conversation_id and f.message_id = m.id
      where m.conversation_id = c.id
    ), '[]')
  )
  from public.conversations as c left join public.agents as a on a.id = c.agent_id
  where c.id = p_id
$$;
