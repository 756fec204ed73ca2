# What setup, doctor, backup, restore, upgrade, rollback and deploy have in common. Sourced, with $root set.
# No Python on the host: a POSIX shell, Docker, openssl.
# shellcheck shell=sh

: "${root:?is set by the script that sources this}"
env_file=$root/.env

say() {
    echo "$*" >&2
}

die() {
    echo "Roost: $*" >&2
    exit 1
}

# The value that .env gives, without quotes; empty where it is unset. The shell's own environment comes first, as in Compose.
setting() {  # NAME [DEFAULT]
    eval "from_shell=\${$1:-}"
    # shellcheck disable=SC2154
    if [ -n "$from_shell" ]; then
        printf '%s\n' "$from_shell"
        return
    fi
    from_file=$(from_env_file "$1")
    printf '%s\n' "${from_file:-${2:-}}"
}

from_env_file() {  # NAME
    [ -f "$env_file" ] || return 0
    sed -n "s/^$1=//p" "$env_file" | tail -n 1 | sed -e "s/^'\(.*\)'\$/\1/" -e 's/^"\(.*\)"$/\1/'
}

# Write NAME=VALUE into .env in the place where the variable stands, set or not.
put() {  # NAME VALUE
    awk -v name="$1" -v value="$2" '
        !done && ($0 ~ "^" name "=" || $0 ~ "^# " name "=") { print name "=" value; done = 1; next }
        $0 ~ "^" name "=" { next }
        { print }
        END { if (!done) print name "=" value }
    ' "$env_file" >"$env_file.new"
    chmod 600 "$env_file.new"
    mv "$env_file.new" "$env_file"
}

random_hex() {  # BYTES
    openssl rand -hex "$1"
}

base64url() {
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

hmac() {  # SECRET
    openssl dgst -sha256 -hmac "$1" -binary | base64url
}

# A key as Supabase's servers know it: a token for a role, signed with the secret, good for ten years.
make_key() {  # ROLE SECRET
    now=$(date +%s)
    header=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    payload=$(printf '{"role":"%s","iss":"supabase","iat":%s,"exp":%s}' "$1" "$now" "$((now + 315360000))" | base64url)
    printf '%s.%s.%s\n' "$header" "$payload" "$(printf '%s.%s' "$header" "$payload" | hmac "$2")"
}

is_signed_with() {  # KEY SECRET
    [ "$(printf %s "${1%.*}" | hmac "$2")" = "${1##*.}" ]
}

has_profile() {  # NAME
    case ",$(setting COMPOSE_PROFILES)," in *,"$1",*) return 0 ;; esac
    return 1
}

is_bundled() {
    has_profile supabase
}

# Values that stand in examples and tutorials; the same as core/settings.py refuses.
is_known_default() {  # VALUE
    case $(printf %s "$1" | tr '[:upper:]' '[:lower:]') in
        changeme | change-me | password | postgres | secret | supabase | your-service-key | your-anon-key | \
            your-super-secret-and-long-postgres-password | \
            your-super-secret-jwt-token-with-at-least-32-characters-long | \
            super-secret-jwt-token-with-at-least-32-characters-long) return 0 ;;
    esac
    return 1
}

compose() {
    (cd "$root" && docker compose "$@")
}

need_docker() {
    command -v docker >/dev/null || die "Docker is not installed: see https://docs.docker.com/engine/install/"
    docker version >/dev/null 2>&1 || die "the Docker engine does not answer: start it (systemctl start docker), or run this as a user who may use it"
    docker compose version >/dev/null 2>&1 || die "the Compose plugin of Docker is missing: install docker-compose-plugin"
}

need_env() {
    [ -f "$env_file" ] || die "there is no .env yet: run ./scripts/setup"
}

# Where the superuser is: in the database's own container, over its socket.
db_sql() {  # [PSQL ARGUMENT…], SQL on standard input
    compose exec -T db psql -X -q -A -t -v ON_ERROR_STOP=1 -U supabase_admin "$@"
}

# `schema.table rows`, one a line, for every table that holds something of people's.
count_rows() {  # DATABASE
    db_sql -F ' ' -d "$1" <<'SQL'
select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
from pg_tables where schemaname in ('public', 'roost', 'auth', 'supabase_migrations') order by schemaname, tablename \gexec
SQL
}

writers="rag-pipeline-watch agent-api auth rest"

stop_writers() {
    running=$(compose ps --services --status running | grep -xE "$(echo "$writers" | tr ' ' '|')" || true)
    # Without names it would stop everything.
    # shellcheck disable=SC2086
    [ -z "$running" ] || compose stop $running >/dev/null 2>&1
}

# Replace the database `postgres` by another of the same server, which must have been made whole before.
swap_database() {  # NAME
    db_sql -d template1 <<SQL
drop database if exists postgres with (force);
alter database "$1" rename to postgres;
SQL
}

# The folder of documents as this machine sees it.
documents_folder() {
    folder=$(setting RAG_WATCH_DIRECTORY ./documents)
    case $folder in /*) echo "$folder" ;; *) echo "$root/${folder#./}" ;; esac
}

free_megabytes() {  # FOLDER
    df -Pm "$1" | awk 'NR == 2 { print $4 }'
}

utc_stamp() {
    date -u +%Y%m%dT%H%M%SZ
}

# The release's compose file as it was when that release was started, for going back to it.
keep_release() {  # VERSION
    mkdir -p "$root/.releases"
    cp "$root/compose.yaml" "$root/.releases/$1.compose.yaml"
}
