-- Faster search over many passages: how many passages hold a word is known beforehand and looked up once; whoever may read
-- few documents is served by those alone, by words too; filters have indexes.

create index documents_by_type on public.documents (mime_type);
create index documents_by_time on public.documents (modified_at);

-- Words of a question, each with how much it tells apart (weight) and how many passages hold it; rarest first.
create or replace function roost.question_words(p_query text)
returns table (word text, weight real, passages bigint)
language plpgsql stable set search_path = '' set enable_seqscan = off as $$
declare
  v_total real;
begin
  select reltuples into v_total from pg_catalog.pg_class where oid = 'public.chunks'::regclass;
  if v_total < 1000 then
    -- A small table is quickly counted, and rarely analyzed.
    select count(*) into v_total from public.chunks;
  end if;
  v_total := greatest(v_total, 1);
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
      where languages.language is not null and length(item.lexeme) between 2 and 100
      order by item.lexeme limit 64
    ), counted as materialized (
      select words.lexeme, coalesce(
        (select (known.share * v_total)::bigint from roost.word_frequencies as known where known.word = words.lexeme),
        (select count(*) from (
          select from public.chunks as chunk
          where chunk.fts @@ (quote_literal(words.lexeme))::tsquery limit 2000) as held)
      ) as passages
      from words
    )
    select counted.lexeme, ln(1 + v_total / greatest(counted.passages, 1))::real, counted.passages
    from counted
    -- What a quarter of all passages hold tells nothing, unless there are only a few passages at all.
    where counted.passages <= 20 or counted.passages < 0.25 * v_total
    order by counted.passages, counted.lexeme;
end
$$;

-- The passages that hold the most telling words of a question, best first, with the share of the question's weight that
-- they hold (cover, 0 to 1), of the documents in p_visible, or, where that is null, of those that the principals may
-- read and the filters admit. Looks at 1,000 passages at most, unless one word needs more: those of the rarest words.
create function roost.search_words(
  p_query text, p_principals uuid[], p_filters jsonb, p_depth integer, p_visible uuid[]
) returns table (chunk_id bigint, cover real)
language plpgsql stable set search_path = ''
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_sources uuid[] := array(select value::uuid from jsonb_array_elements_text(p_filters -> 'source_ids'));
  v_documents uuid[] := array(select value::uuid from jsonb_array_elements_text(p_filters -> 'document_ids'));
  v_types text[] := array(select value from jsonb_array_elements_text(p_filters -> 'mime_types'));
  v_after timestamptz := (p_filters ->> 'modified_after')::timestamptz;
  v_before timestamptz := (p_filters ->> 'modified_before')::timestamptz;
  v_by_source boolean := coalesce(jsonb_typeof(p_filters -> 'source_ids') = 'array', false);
  v_by_document boolean := coalesce(jsonb_typeof(p_filters -> 'document_ids') = 'array', false);
  v_by_type boolean := coalesce(jsonb_typeof(p_filters -> 'mime_types') = 'array', false);
  v_words text[];
  v_weights real[];
  v_whole real;
begin
  select array_agg(item.word) filter (where item.within), array_agg(item.weight) filter (where item.within),
    sum(item.weight)
  into v_words, v_weights, v_whole
  from (
    select asked.word, asked.weight, asked.passages > 0 and (
      sum(asked.passages) over (order by asked.passages, asked.word) <= 1000
      -- the rarest word, however many passages hold it
      or sum(asked.passages) over (order by asked.passages, asked.word) = asked.passages) as within
    from roost.question_words(p_query) as asked
  ) as item;
  if v_words is null then
    return;
  end if;
  if p_visible is not null then
    return query
      select chunk.id, (sum(asked.weight) / v_whole)::real
      from unnest(v_words, v_weights) as asked (word, weight)
      join public.chunks as chunk on chunk.fts @@ (quote_literal(asked.word))::tsquery
      -- `is true` keeps that column's index out: it would be gone through again for each word
      where (chunk.document_id = any (p_visible)) is true
      group by chunk.id order by sum(asked.weight) desc, chunk.id limit p_depth;
    return;
  end if;
  return query
    with matched as (
      select chunk.id, chunk.document_id, sum(asked.weight) as weight
      from unnest(v_words, v_weights) as asked (word, weight)
      join public.chunks as chunk on chunk.fts @@ (quote_literal(asked.word))::tsquery
      group by chunk.id, chunk.document_id
      order by weight desc, chunk.id
    )
    select matched.id, (matched.weight / v_whole)::real from matched
    cross join lateral (
      select from public.documents as document
      where document.id = matched.document_id and document.readers && p_principals
        and (not v_by_source or document.source_id = any (v_sources))
        and (not v_by_document or document.id = any (v_documents))
        and (not v_by_type or document.mime_type = any (v_types))
        and (v_after is null or document.modified_at >= v_after)
        and (v_before is null or document.modified_at < v_before)
    ) as permitted
    order by matched.weight desc, matched.id limit p_depth;
end
$$;

drop function roost.search_words(text, uuid[], jsonb, integer);

create or replace function roost.search(
  p_user uuid, p_query text, p_embedding text, p_limit integer, p_filters jsonb
) returns table (
  chunk_id bigint, document_id uuid, title text, path text, uri text, ordinal integer, text text, heading text[],
  place jsonb, score real, vector_rank integer, text_rank integer
)
language plpgsql stable security definer set search_path = ''
set plan_cache_mode = force_custom_plan as $$
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
  v_few constant integer := 2000;
  v_passages constant integer := 10000;
  v_graph boolean;
  v_visible uuid[];
  v_compared uuid[];
  v_near bigint[] := '{}';
begin
  if v_principals is null then
    return;
  end if;
  -- Whoever may read little is best served exactly, and at once: some thousand comparisons cost less than a long walk
  -- over the graph.
  v_graph := to_regclass('public.chunk_embeddings_nearest') is not null;
  select coalesce(array_agg(visible.id), '{}') into v_visible
  from (
    select document.id, document.chunk_count from public.documents as document
    where document.readers && v_principals
      and (not v_by_source or document.source_id = any (v_sources))
      and (not v_by_document or document.id = any (v_documents))
      and (not v_by_type or document.mime_type = any (v_types))
      and (v_after is null or document.modified_at >= v_after)
      and (v_before is null or document.modified_at < v_before)
    limit v_few + 1
  ) as visible
  having count(*) <= v_few and coalesce(sum(visible.chunk_count), 0) <= v_passages;

  if v_embedding is not null then
    if not exists (select from public.embedding_index
        where dimension = extensions.vector_dims(v_embedding)
          and (model is null or model = coalesce(v_filters ->> 'embedding_model', model))) then
      perform roost.refuse(409, 'embedding-model-changed',
        'The question was embedded by another model than the index. Ask again.');
    end if;
    if v_visible is null and v_graph then
      v_near := array(select * from roost.nearest_by_graph(v_embedding, v_principals, v_filters, v_depth));
    end if;
    if cardinality(v_near) < v_depth then
      -- Few documents, a small collection, or what may be read lies far from the question: compare all of it.
      v_compared := coalesce(v_visible, array(
        select document.id from public.documents as document
        where document.readers && v_principals
          and (not v_by_source or document.source_id = any (v_sources))
          and (not v_by_document or document.id = any (v_documents))
          and (not v_by_type or document.mime_type = any (v_types))
          and (v_after is null or document.modified_at >= v_after)
          and (v_before is null or document.modified_at < v_before)));
      v_near := array(
        select near.chunk_id from (
          -- `+ 0` keeps the graph index out: this comparison is exact
          select item.chunk_id, (item.embedding operator(extensions.<=>) v_embedding) + 0 as distance
          from public.chunk_embeddings as item where item.document_id = any (v_compared)
        ) as near order by near.distance, near.chunk_id limit v_depth);
    end if;
  end if;

  return query
    with fused as (
      select id, sum(part)::real as score, max(vector_rank)::integer as vector_rank, max(text_rank)::integer as text_rank
      from (
        select near.id, 1.0 / (60 + near.rank) as part, near.rank as vector_rank, null::bigint as text_rank
        from unnest(v_near) with ordinality as near (id, rank)
        union all
        -- A passage that holds all that the question tells apart (a name, a number) outweighs any likeness of meaning;
        -- one that holds a part of it hardly counts. Weights and power were chosen by measurement: docs/retrieval.md.
        select found.chunk_id, 4.0 * power(found.cover, 3) / (60 + found.rank), null, found.rank
        from roost.search_words(p_query, v_principals, v_filters, v_depth, v_visible)
          with ordinality as found (chunk_id, cover, rank)
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

-- After much was written: a graph index once exact search would take too long, and the words that many passages hold.
create or replace function roost.tend_index() returns void
language plpgsql set search_path = '' as $$
declare
  v_chunks bigint;
  v_before bigint;
  v_part real;
begin
  perform pg_catalog.gin_clean_pending_list('public.chunks_by_word');
  select count(*) into v_chunks from public.chunk_embeddings;
  if v_chunks >= 20000 and to_regclass('public.chunk_embeddings_nearest') is null then
    perform set_config('maintenance_work_mem', '256MB', true);
    create index chunk_embeddings_nearest on public.chunk_embeddings
      using hnsw (embedding extensions.halfvec_cosine_ops) with (m = 16, ef_construction = 100);
  end if;
  select chunks into v_before from roost.word_statistics for update;
  if abs(v_chunks - v_before) > greatest(50, 0.1 * v_before) then
    analyze public.chunks;
    analyze public.chunk_embeddings;
    analyze public.documents;
    update roost.word_statistics set chunks = v_chunks;
    delete from roost.word_frequencies;
    -- Of many passages a part tells the shares well enough.
    v_part := least(100, 100 * 100000.0 / greatest(1, v_chunks));
    insert into roost.word_frequencies (word, share)
    select stat.word, stat.ndoc / greatest(1, v_chunks * v_part / 100)
    from ts_stat(format('select fts from public.chunks tablesample system (%s)', v_part)) as stat
    where stat.ndoc >= 50;
  end if;
end
$$;


-- The next run that changes anything works the words out anew.
update roost.word_statistics set chunks = 0;

revoke all on function roost.search_words(text, uuid[], jsonb, integer, uuid[]) from public;
