-- What Roost knows: sources, the ledger of every file in them, documents with their versions, chunks, vectors, tables.
--
-- Three rules hold this together. The ledger is the one truth about files: a document hangs on its ledger row. Who may
-- read is worked out once, when it changes, and kept as `readers` beside the thing itself, so that a search compares
-- two short arrays. And nothing here is written by a browser: people read through row-level security, and what changes
-- goes through functions granted to the service alone.

create table public.sources (
  id uuid primary key default gen_random_uuid(),
  -- One pipeline watches one source; the source of uploads belongs to the pipeline 'uploads'.
  pipeline_id text not null unique check (length(pipeline_id) between 1 and 100),
  kind text not null check (kind in ('local', 'google_drive', 'upload')),
  name text not null check (length(name) between 1 and 500),
  settings jsonb not null default '{}',
  visibility text not null default 'everyone' check (visibility in ('everyone', 'restricted')),
  sync_requested_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.source_grants (
  source_id uuid not null references public.sources (id) on delete cascade,
  -- a user's id, a group's id, or 00000000-0000-0000-0000-000000000001 for everyone
  principal_id uuid not null,
  primary key (source_id, principal_id)
);

create table public.file_ledger (
  source_id uuid not null references public.sources (id) on delete cascade,
  external_id text not null check (length(external_id) between 1 and 1024),
  path text not null default '',
  title text not null default '',
  uri text,
  mime_type text not null default '',
  size_bytes bigint,
  modified_at timestamptz,
  state text not null default 'pending'
    check (state in ('pending', 'ready', 'failed', 'dead', 'ignored', 'unsupported', 'deleted')),
  -- Differs whenever the content may differ; empty: to be read at the next run.
  version_token text not null default '',
  content_hash text not null default '',
  reason text,
  last_error text,
  tries integer not null default 0,
  next_try_at timestamptz,
  owner_id uuid references public.user_profiles (user_id) on delete set null,
  visibility text not null default 'source' check (visibility in ('source', 'everyone', 'restricted')),
  readers uuid[] not null default '{}',
  first_seen_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  processed_at timestamptz,
  primary key (source_id, external_id)
);
create index file_ledger_by_change on public.file_ledger (updated_at desc, source_id, external_id);
create index file_ledger_of_owner on public.file_ledger (owner_id) where owner_id is not null;

-- Who may read one file, where that is narrower or wider than its source. A person is kept by the name the source gave
-- (an e-mail address), so that somebody who signs up later finds what was shared with them already there.
create table public.document_grants (
  source_id uuid not null,
  external_id text not null,
  kind text not null check (kind in ('user', 'group')),
  name text not null check (length(name) between 1 and 500),
  principal_id uuid,
  primary key (source_id, external_id, kind, name),
  foreign key (source_id, external_id) references public.file_ledger (source_id, external_id)
    on update cascade on delete cascade
);
create index document_grants_by_name on public.document_grants (kind, lower(name));

create table public.documents (
  id uuid primary key default gen_random_uuid(),
  source_id uuid not null,
  external_id text not null,
  title text not null,
  -- true: the title is the document's own; false: it is the file's name and follows a rename
  titled boolean not null default false,
  path text not null,
  uri text,
  mime_type text not null default '',
  size_bytes bigint not null default 0,
  content_hash text not null,
  modified_at timestamptz,
  version integer not null default 1,
  language text not null default 'simple',
  readers uuid[] not null default '{}',
  chunk_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (source_id, external_id),
  foreign key (source_id, external_id) references public.file_ledger (source_id, external_id)
    on update cascade on delete cascade
);
create index documents_by_reader on public.documents using gin (readers);
create index documents_by_language on public.documents (language);

create table public.document_versions (
  document_id uuid not null references public.documents (id) on delete cascade,
  number integer not null,
  content_hash text not null,
  size_bytes bigint not null default 0,
  modified_at timestamptz,
  chunk_count integer not null,
  created_at timestamptz not null default now(),
  primary key (document_id, number)
);

-- Words of a passage in the language of its document, with the title and the headings it stands under. A compound
-- (pg_hba.conf, ERR-4711) counts as itself and as its parts. Without positions: only presence is asked for, and the index
-- is half as large. `language` is text and not regconfig: pg_upgrade refuses a column of that type.
create function roost.words(p_language text, p_above text, p_text text) returns tsvector
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_config regconfig := case p_language
    when 'english' then 'pg_catalog.english' when 'german' then 'pg_catalog.german'
    when 'french' then 'pg_catalog.french' when 'spanish' then 'pg_catalog.spanish'
    when 'italian' then 'pg_catalog.italian' when 'portuguese' then 'pg_catalog.portuguese'
    when 'dutch' then 'pg_catalog.dutch' when 'swedish' then 'pg_catalog.swedish'
    when 'danish' then 'pg_catalog.danish' when 'norwegian' then 'pg_catalog.norwegian'
    when 'finnish' then 'pg_catalog.finnish' when 'russian' then 'pg_catalog.russian'
    when 'turkish' then 'pg_catalog.turkish' else 'pg_catalog.simple' end;
begin
  return strip(to_tsvector(v_config, p_above || E'\n' || p_text)
    || to_tsvector(v_config, regexp_replace(p_above || E'\n' || p_text, '[._/:@=-]+', ' ', 'g')));
end
$$;

create table public.chunks (
  id bigint generated always as identity primary key,
  document_id uuid not null references public.documents (id) on delete cascade,
  ordinal integer not null check (ordinal >= 0),
  text text not null,
  -- title and headings that the passage stands under, for full text
  above text not null default '',
  heading text[] not null default '{}',
  -- where it stands: {"start", "end"} in characters of the text, and "page", "slide", "sheet", "rows" where there are any
  place jsonb not null default '{}',
  language text not null default 'simple',
  fts tsvector generated always as (roost.words(language, above, text)) stored,
  unique (document_id, ordinal)
);
-- A short pending list, emptied at the end of each run: writing is several times faster, and a search pays little for it.
create index chunks_by_word on public.chunks using gin (fts) with (fastupdate = on, gin_pending_list_limit = 512);

-- In a table of its own, so that another model's vectors are built beside it and swapped in by renaming.
create table public.chunk_embeddings (
  chunk_id bigint primary key references public.chunks (id) on delete cascade,
  document_id uuid not null,
  embedding extensions.halfvec(384) not null
);
create index chunk_embeddings_of_document on public.chunk_embeddings (document_id);

create table public.embedding_index (
  only_one boolean primary key default true check (only_one),
  -- null: nothing is indexed yet, and the first run's model is taken
  model text,
  dimension integer not null default 384,
  next_model text,
  next_dimension integer,
  updated_at timestamptz not null default now()
);
insert into public.embedding_index default values;

-- Tables of spreadsheets and CSV files as rows, for exact questions.
create table public.document_tables (
  document_id uuid not null references public.documents (id) on delete cascade,
  ordinal integer not null,
  name text not null,
  columns jsonb not null,
  row_count integer not null,
  truncated boolean not null default false,
  primary key (document_id, ordinal)
);

create table public.document_table_rows (
  document_id uuid not null,
  ordinal integer not null,
  batch integer not null,
  rows jsonb not null,
  primary key (document_id, ordinal, batch),
  foreign key (document_id, ordinal) references public.document_tables (document_id, ordinal) on delete cascade
);

create table public.rag_pipeline_state (
  pipeline_id text primary key,
  pipeline_type text not null,
  last_check_time timestamptz,
  -- what the ledger held at the end of the last run, for whoever reads this table; the ledger is the one truth
  known_files jsonb not null default '{}',
  last_run timestamptz,
  last_report jsonb,
  last_error text,
  checkpoint jsonb not null default '{}',
  lock_owner uuid,
  lock_until timestamptz,
  -- the process that holds the lock, so that another one on the same machine can tell whether it lives
  lock_holder jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What was deleted, when, by whom and how much of it: the proof that outlives the document.
create table public.deletion_receipts (
  id bigint generated always as identity primary key,
  document_id uuid not null,
  source_id uuid,
  source_name text not null default '',
  external_id text not null,
  title text not null,
  path text not null,
  content_hash text not null,
  reason text not null,
  chunks_deleted integer not null,
  versions_deleted integer not null,
  deleted_by uuid references public.user_profiles (user_id) on delete set null,
  deleted_at timestamptz not null default now()
);
create index deletion_receipts_of_document on public.deletion_receipts (document_id);

-- Chunks of a document that is too large for one request wait here until replace_document takes them.
create table roost.staged_chunks (
  source_id uuid not null references public.sources (id) on delete cascade,
  external_id text not null,
  lock_owner uuid not null,
  chunks jsonb not null,
  part integer not null,
  primary key (source_id, external_id, lock_owner, part)
);

-- How many chunks hold a word, for the words that many hold. Refreshed by runs that wrote much.
create table roost.word_frequencies (
  word text primary key,
  share real not null
);
-- With how many chunks they were worked out
create table roost.word_statistics (
  only_one boolean primary key default true check (only_one),
  chunks bigint not null default 0
);
insert into roost.word_statistics default values;

-- ---------------------------------------------------------------------------------------------------------------------
-- Who may read: worked out when it changes

create function roost.source_readers(p_source uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select case source.visibility
    when 'everyone' then array['00000000-0000-0000-0000-000000000001'::uuid]
    else array(select item.principal_id from public.source_grants as item where item.source_id = p_source order by 1)
  end
  from public.sources as source where source.id = p_source
$$;

create function roost.file_readers(p_file public.file_ledger) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select case p_file.visibility
    when 'everyone' then array['00000000-0000-0000-0000-000000000001'::uuid]
    when 'source' then coalesce(roost.source_readers(p_file.source_id), '{}')
    else array(
      select p_file.owner_id where p_file.owner_id is not null
      union
      select item.principal_id from public.document_grants as item
      where item.source_id = p_file.source_id and item.external_id = p_file.external_id
        and item.principal_id is not null
      order by 1
    )
  end
$$;

create function roost.set_file_readers() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.readers := roost.file_readers(new);
  return new;
end
$$;
create trigger set_readers before insert or update of visibility, owner_id, readers on public.file_ledger
  for each row execute function roost.set_file_readers();

create function roost.pass_readers_on() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.documents set readers = new.readers
  where source_id = new.source_id and external_id = new.external_id;
  return null;
end
$$;
create trigger pass_readers_on after update of visibility, owner_id, readers on public.file_ledger
  for each row when (old.readers is distinct from new.readers) execute function roost.pass_readers_on();

create function roost.take_file_readers() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  select file.readers into strict new.readers from public.file_ledger as file
  where file.source_id = new.source_id and file.external_id = new.external_id;
  return new;
end
$$;
create trigger take_readers before insert on public.documents
  for each row execute function roost.take_file_readers();

create function roost.refresh_source() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_source uuid;
begin
  -- Branches and not one expression: the rows of the two tables have different columns.
  if tg_table_name = 'sources' then
    v_source := new.id;
  elsif tg_op = 'DELETE' then
    v_source := old.source_id;
  else
    v_source := new.source_id;
  end if;
  update public.file_ledger set readers = '{}' where source_id = v_source and visibility = 'source';
  return null;
end
$$;
create trigger refresh_files after update of visibility on public.sources
  for each row when (old.visibility is distinct from new.visibility) execute function roost.refresh_source();
create trigger refresh_files after insert or update or delete on public.source_grants
  for each row execute function roost.refresh_source();

create function roost.refresh_file() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- set_readers works it out anew, whatever is written here
  if tg_op <> 'INSERT' then
    update public.file_ledger set readers = '{}'
    where source_id = old.source_id and external_id = old.external_id and visibility = 'restricted';
  end if;
  if tg_op <> 'DELETE' then
    update public.file_ledger set readers = '{}'
    where source_id = new.source_id and external_id = new.external_id and visibility = 'restricted';
  end if;
  return null;
end
$$;
create trigger refresh_file after insert or delete or update of principal_id on public.document_grants
  for each row execute function roost.refresh_file();

-- A name becomes a person only when the address is confirmed: whoever could sign up under any address would otherwise
-- read what was shared with its owner.
create function roost.principal_named(p_kind text, p_name text) returns uuid
language sql stable security definer set search_path = '' as $$
  select case p_kind
    when 'user' then (
      select profile.user_id from public.user_profiles as profile
      join auth.users as account on account.id = profile.user_id
      where lower(account.email) = lower(p_name) and account.email_confirmed_at is not null limit 1)
    else (select team.id from public.groups as team where lower(team.name) = lower(p_name) limit 1)
  end
$$;

create function roost.name_grant() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.principal_id := roost.principal_named(new.kind, new.name);
  return new;
end
$$;
create trigger name_grant before insert on public.document_grants
  for each row execute function roost.name_grant();

create function roost.follow_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.document_grants set principal_id = roost.principal_named(kind, name)
  where kind = 'user' and (lower(name) = lower(coalesce(new.email, '')) or principal_id = new.id);
  return null;
end
$$;
create trigger roost_grants_follow_account after insert or update of email, email_confirmed_at on auth.users
  for each row execute function roost.follow_account();

create function roost.follow_group() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.document_grants set principal_id = roost.principal_named(kind, name)
  where kind = 'group' and (lower(name) = lower(new.name) or principal_id = new.id);
  return null;
end
$$;
create trigger grants_follow_group after insert or update of name on public.groups
  for each row execute function roost.follow_group();

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security: people read, the service writes

alter table public.sources enable row level security;
alter table public.source_grants enable row level security;
alter table public.file_ledger enable row level security;
alter table public.document_grants enable row level security;
alter table public.documents enable row level security;
alter table public.document_versions enable row level security;
alter table public.chunks enable row level security;
alter table public.chunk_embeddings enable row level security;
alter table public.embedding_index enable row level security;
alter table public.document_tables enable row level security;
alter table public.document_table_rows enable row level security;
alter table public.rag_pipeline_state enable row level security;
alter table public.deletion_receipts enable row level security;

revoke all on public.sources, public.source_grants, public.file_ledger, public.document_grants, public.documents,
  public.document_versions, public.chunks, public.chunk_embeddings, public.embedding_index, public.document_tables,
  public.document_table_rows, public.rag_pipeline_state, public.deletion_receipts from anon, authenticated;
grant select on public.sources, public.source_grants, public.file_ledger, public.document_grants, public.documents,
  public.document_versions, public.chunks, public.embedding_index, public.document_tables, public.document_table_rows,
  public.rag_pipeline_state, public.deletion_receipts to authenticated;
grant all on public.sources, public.source_grants, public.file_ledger, public.document_grants, public.documents,
  public.document_versions, public.chunks, public.chunk_embeddings, public.embedding_index, public.document_tables,
  public.document_table_rows, public.rag_pipeline_state, public.deletion_receipts to service_role;

-- An admin sees that a document is there and how it fares, never what stands in it, unless it is theirs to read.
create policy "readers of the source, or any as admin" on public.sources for select to authenticated
  using (roost.source_readers(id) && (select roost.principals(auth.uid()))::uuid[]
    or kind = 'upload' or (select roost.is_admin(auth.uid())));
create policy "admin" on public.source_grants for select to authenticated
  using ((select roost.is_admin(auth.uid())));
create policy "readers and the owner, or any as admin" on public.file_ledger for select to authenticated
  using (readers && (select roost.principals(auth.uid()))::uuid[]
    or owner_id = (select auth.uid()) or (select roost.is_admin(auth.uid())));
create policy "whoever sees the file" on public.document_grants for select to authenticated
  using (exists (select from public.file_ledger as file
    where file.source_id = document_grants.source_id and file.external_id = document_grants.external_id));
create policy "readers, or any as admin" on public.documents for select to authenticated
  using (readers && (select roost.principals(auth.uid()))::uuid[] or (select roost.is_admin(auth.uid())));
create policy "readers of the document" on public.document_versions for select to authenticated
  using (exists (select from public.documents as document where document.id = document_id));
create policy "readers of the document" on public.chunks for select to authenticated
  using (exists (select from public.documents as document where document.id = document_id
    and document.readers && (select roost.principals(auth.uid()))::uuid[]));
create policy "anyone" on public.embedding_index for select to authenticated using (true);
create policy "readers of the document" on public.document_tables for select to authenticated
  using (exists (select from public.documents as document where document.id = document_id
    and document.readers && (select roost.principals(auth.uid()))::uuid[]));
create policy "readers of the document" on public.document_table_rows for select to authenticated
  using (exists (select from public.documents as document where document.id = document_id
    and document.readers && (select roost.principals(auth.uid()))::uuid[]));
create policy "admin" on public.rag_pipeline_state for select to authenticated
  using ((select roost.is_admin(auth.uid())));
create policy "own deletions, or any as admin" on public.deletion_receipts for select to authenticated
  using (deleted_by = (select auth.uid()) or (select roost.is_admin(auth.uid())));

revoke all on roost.staged_chunks, roost.word_frequencies, roost.word_statistics from public, anon, authenticated;
revoke all on function roost.set_file_readers(), roost.pass_readers_on(), roost.take_file_readers(),
  roost.refresh_source(), roost.refresh_file(), roost.name_grant(), roost.follow_account(), roost.follow_group(),
  roost.file_readers(public.file_ledger), roost.principal_named(text, text) from public;
grant execute on function roost.words(text, text, text), roost.source_readers(uuid) to authenticated, service_role;
