-- What a model is told of an agent's instructions is the agent's, not that of whoever may ask it: it is no more kept with
-- the answers, and what a model is given again is not for the REST API's readers.

update public.messages set model_messages = (
  select jsonb_agg(message - 'instructions' order by place)
  from jsonb_array_elements(model_messages) with ordinality as item (message, place))
where jsonb_typeof(model_messages) = 'array' and jsonb_array_length(model_messages) > 0;

revoke select on public.messages from authenticated;
grant select (conversation_id, id, parent_id, role, parts, run_id, created_at) on public.messages to authenticated;
