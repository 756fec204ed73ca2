-- Search: vectors and full text fused by reciprocal rank, with the permission filter inside.
--
-- Vectors. Without a graph index (small collections) the search is exact. With it, an iterative scan goes on until enough
-- permitted passages are found; where it would have to go far, few are permitted, and those are compared exactly. So a
-- filter never loses a passage.
--
-- Full text. A question is a handful of words of which one or two tell it apart. Each word weighs by how few passages hold
-- it; words that are nearly everywhere are left out; any word may match. A passage that holds a rare word of the question
-- (a part number, a name) therefore comes first, and everyday words change little.

-- Words of a question with their weights, rarest first. `reach` is the running number of passages to look at.
create function roost.question_words(p_query text)
returns table (word text, weight real, reach bigint)
language plpgsql stable set search_path = '' as $$
declare
  v_total real;
begin
  select reltuples into v_total from pg_catalog.pg_class where oid = 'public.chunks'::regclass;
  if v_total < 1000 then
    -- A small table is quickly counted, and rarely analyzed.
    select greatest(count(*), 1) into v_total from public.chunks;
  end if;
  return query
    with recursive languages as (
      (select language from public.documents order by language limit 1)
      union all
      select (select document.language from public.documents as document
        where document.language > languages.language order by document.language limit 1)
      from languages where languages.language is not null
    ), words as (
      select distinct item.lexeme
      from languages
      cross join lateral unnest(roost.words(languages.language, '', left(p_query, 2000))) as item
      where languages.language is not null and length(item.lexeme) > 1
      order by item.lexeme limit 64
    ), counted as (
      select words.lexeme, coalesce(
        (select (known.share * v_total)::bigint from roost.word_frequencies as known where known.word = words.lexeme),
        (select count(*) from (
          select from public.chunks as chunk
          where chunk.fts @@ (quote_literal(words.lexeme))::tsquery limit 2000) as held)
      ) as passages
      from words
    ), weighed as (
      select counted.lexeme, counted.passages,
        ln(1 + v_total / counted.passages)::real as idf
      from counted
      where counted.passages > 0
        and (counted.passages <= 20 or counted.passages < 0.25 * v_total)
    )
    select weighed.lexeme, weighed.idf,
      (sum(weighed.passages) over (order by weighed.passages, weighed.lexeme))::bigint
    from weighed;
end
$$;

create function roost.search(
  p_user uuid, p_query text, p_embedding text, p_limit integer, p_filters jsonb
) returns table (
  chunk_id bigint, document_id uuid, title text, path text, uri text, ordinal integer, text text, heading text[],
  place jsonb, score real, vector_rank integer, text_rank integer
)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_principals uuid[] := roost.principals(p_user);
  v_filters jsonb := coalesce(p_filters, '{}');
  v_sources uuid[] := array(select value::uuid from jsonb_array_elements_text(v_filters -> 'source_ids'));
  v_documents uuid[] := array(select value::uuid from jsonb_array_elements_text(v_filters -> 'document_ids'));
  v_types text[] := array(select value from jsonb_array_elements_text(v_filters -> 'mime_types'));
  v_after timestamptz := (v_filters ->> 'modified_after')::timestamptz;
  v_before timestamptz := (v_filters ->> 'modified_before')::timestamptz;
  v_by_source boolean := coalesce(jsonb_typeof(v_filters -> 'source_ids') = 'array', false);
  v_by_document boolean := coalesce(jsonb_typeof(v_filters -> 'document_ids') = 'array', false);
  v_by_type boolean := coalesce(jsonb_typeof(v_filters -> 'mime_types') = 'array', false);
  v_limit integer := least(greatest(coalesce(p_limit, 8), 1), 100);
  v_depth integer := greatest(40, 2 * v_limit);
  v_embedding extensions.halfvec := p_embedding::extensions.halfvec;
  v_visible uuid[];
  v_near bigint[] := '{}';
  v_found bigint[] := '{}';
begin
  if v_principals is null then
    return;
  end if;
  if v_embedding is not null then
    if not exists (select from public.embedding_index
        where dimension = extensions.vector_dims(v_embedding)
          and (model is null or model = coalesce(v_filters ->> 'embedding_model', model))) then
      perform roost.refuse(409, 'embedding-model-changed',
        'The question was embedded by another model than the index. Ask again.');
    end if;
    if to_regclass('public.chunk_embeddings_nearest') is not null and not v_by_document then
      perform set_config('hnsw.iterative_scan', 'relaxed_order', true),
        set_config('hnsw.max_scan_tuples', '2000', true),
        set_config('hnsw.ef_search', '100', true);
      v_near := array(
        select near.chunk_id
        from (
          select item.chunk_id, item.embedding operator(extensions.<=>) v_embedding as distance
          from public.chunk_embeddings as item
          where exists (
            select from public.documents as document
            where document.id = item.document_id and document.readers && v_principals
              and (not v_by_source or document.source_id = any (v_sources))
              and (not v_by_type or document.mime_type = any (v_types))
              and (v_after is null or document.modified_at >= v_after)
              and (v_before is null or document.modified_at < v_before))
          order by item.embedding operator(extensions.<=>) v_embedding limit v_depth
        ) as near order by near.distance, near.chunk_id);
    end if;
    if cardinality(v_near) < v_depth then
      v_visible := array(
        select document.id from public.documents as document
        where document.readers && v_principals
          and (not v_by_source or document.source_id = any (v_sources))
          and (not v_by_document or document.id = any (v_documents))
          and (not v_by_type or document.mime_type = any (v_types))
          and (v_after is null or document.modified_at >= v_after)
          and (v_before is null or document.modified_at < v_before));
      v_near := array(
        select near.chunk_id from (
          -- `+ 0` keeps the graph index out: this comparison is exact
          select item.chunk_id, (item.embedding operator(extensions.<=>) v_embedding) + 0 as distance
          from public.chunk_embeddings as item where item.document_id = any (v_visible)
        ) as near order by near.distance, near.chunk_id limit v_depth);
    end if;
  end if;

  v_found := array(
    with words as materialized (
      select item.word, item.weight from roost.question_words(p_query) as item
      where item.reach <= 3000 or item.reach = (select min(first.reach) from roost.question_words(p_query) as first)
    ), matched as (
      select chunk.id, chunk.document_id, sum(words.weight) as weight
      from words join public.chunks as chunk on chunk.fts @@ (quote_literal(words.word))::tsquery
      group by chunk.id, chunk.document_id
      order by weight desc, chunk.id
    )
    select matched.id from matched
    cross join lateral (
      select from public.documents as document
      where document.id = matched.document_id and document.readers && v_principals
        and (not v_by_source or document.source_id = any (v_sources))
        and (not v_by_document or document.id = any (v_documents))
        and (not v_by_type or document.mime_type = any (v_types))
        and (v_after is null or document.modified_at >= v_after)
        and (v_before is null or document.modified_at < v_before)
    ) as permitted
    order by matched.weight desc, matched.id limit v_depth);

  return query
    with fused as (
      select id, sum(part)::real as score, max(vector_rank)::integer as vector_rank, max(text_rank)::integer as text_rank
      from (
        select near.id, 1.0 / (60 + near.rank) as part, near.rank as vector_rank, null::bigint as text_rank
        from unnest(v_near) with ordinality as near (id, rank)
        union all
        select found.id, 0.5 / (60 + found.rank), null, found.rank
        from unnest(v_found) with ordinality as found (id, rank)
      ) as parts group by id
    )
    select chunk.id, document.id, document.title, document.path, document.uri, chunk.ordinal, chunk.text, chunk.heading,
      chunk.place, fused.score, fused.vector_rank, fused.text_rank
    from (select * from fused order by fused.score desc, fused.id limit v_limit) as fused
    join public.chunks as chunk on chunk.id = fused.id
    join public.documents as document on document.id = chunk.document_id
    order by fused.score desc, fused.id;
end
$$;

-- For the person whose token it is.
create function public.search_knowledge(
  p_query text, p_embedding text default null, p_limit integer default 8, p_filters jsonb default '{}'
) returns table (
  chunk_id bigint, document_id uuid, title text, path text, uri text, ordinal integer, text text, heading text[],
  place jsonb, score real, vector_rank integer, text_rank integer
)
language sql stable security definer set search_path = '' as $$
  select * from roost.search(auth.uid(), p_query, p_embedding, p_limit, p_filters)
$$;

-- For the service, on behalf of a person: agents, channels, API keys.
create function public.search_knowledge_as(
  p_user uuid, p_query text, p_embedding text default null, p_limit integer default 8, p_filters jsonb default '{}'
) returns table (
  chunk_id bigint, document_id uuid, title text, path text, uri text, ordinal integer, text text, heading text[],
  place jsonb, score real, vector_rank integer, text_rank integer
)
language sql stable security definer set search_path = '' as $$
  select * from roost.search(p_user, p_query, p_embedding, p_limit, p_filters)
$$;

revoke all on function roost.search(uuid, text, text, integer, jsonb), roost.question_words(text) from public;
revoke all on function public.search_knowledge(text, text, integer, jsonb) from public, anon;
revoke all on function public.search_knowledge_as(uuid, text, text, integer, jsonb) from public, anon, authenticated;
grant execute on function public.search_knowledge(text, text, integer, jsonb) to authenticated;
grant execute on function public.search_knowledge_as(uuid, text, text, integer, jsonb) to service_role;
