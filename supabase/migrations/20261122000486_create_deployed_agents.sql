-- Make an agent and deploy it, both or neither: asked for in one request, half of it is never to be left behind.
create function public.create_deployed_agent(p_user uuid, p_agent jsonb, p_deployment jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform public.create_agent(p_user, p_agent);
  perform public.deploy_agent(p_user, p_agent ->> 'slug', p_deployment);
end
$$;

revoke all on function public.create_deployed_agent(uuid, jsonb, jsonb) from public, anon, authenticated;
grant execute on function public.create_deployed_agent(uuid, jsonb, jsonb) to service_role;
