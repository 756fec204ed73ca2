# What backup and restore have in common: a folder of work, encryption, opening an archive. Sourced after common.sh.
# shellcheck shell=sh

# Where the backups are, by default: /tmp is often in memory, and smaller than they.
make_work() {  # FOLDER
    find "$1" -maxdepth 1 -name '.roost-work.*' -mmin +1440 -exec rm -rf {} + 2>/dev/null || true
    [ -w "$1" ] || set -- /tmp
    work=$(mktemp -d "${TMPDIR:-$1}/.roost-work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
}

database_image() {
    printf '%s/database:%s\n' "$(setting ROOST_IMAGES roost)" "$(setting ROOST_VERSION dev)"
}

# Sets `ending` to that of the files which `encrypt` makes.
can_encrypt() {
    ending=
    if [ -n "$(setting BACKUP_AGE_RECIPIENT)" ]; then
        command -v age >/dev/null || die "BACKUP_AGE_RECIPIENT is set and age is missing: install it (sudo apt install age)"
        ending=.age
    elif [ -n "$(setting BACKUP_PASSPHRASE)" ]; then
        command -v openssl >/dev/null || die "BACKUP_PASSPHRASE is set and openssl is missing: install it"
        ending=.enc
    fi
}

encrypt() {
    case $ending in
        .age) age --encrypt --recipient "$(setting BACKUP_AGE_RECIPIENT)" ;;
        .enc) ROOST_PASSPHRASE=$(setting BACKUP_PASSPHRASE) openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass env:ROOST_PASSPHRASE ;;
        *) cat ;;
    esac
}

decrypt() {  # FILE
    case $1 in
        *.age)
            [ -n "${BACKUP_AGE_IDENTITY:-}" ] || die "$1 is encrypted for a key of age: set BACKUP_AGE_IDENTITY to the file that holds it"
            age --decrypt --identity "$BACKUP_AGE_IDENTITY" "$1"
            ;;
        *.enc)
            ROOST_PASSPHRASE=$(setting BACKUP_PASSPHRASE)
            [ -n "$ROOST_PASSPHRASE" ] || die "$1 is encrypted: set BACKUP_PASSPHRASE"
            export ROOST_PASSPHRASE
            openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass env:ROOST_PASSPHRASE -in "$1"
            ;;
        *) cat "$1" ;;
    esac
}

# Unpack FILE into $work and compare every part with its checksum.
open_archive() {  # FILE
    [ -r "$1" ] || die "$1 is not there, or may not be read"
    make_work "$(dirname "$1")"
    decrypt "$1" >"$work/archive.tar" || die "$1 cannot be decrypted: is it the right key?"
    tar -C "$work" -xf "$work/archive.tar" 2>/dev/null || die "$1 is no backup of Roost, or the key is not the right one"
    rm -f "$work/archive.tar"
    (cd "$work" && sha256sum --quiet -c SHA256SUMS >&2) || die "$1 is damaged: a part is not what it was"
}
