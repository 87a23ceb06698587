#!/bin/sh
# Makes the passwords that compose.yaml reads, once: sh docker/make-secrets.sh
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"

random() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

keep() {
    [ -e "$folder/$1" ] || printf '%s' "$2" >"$folder/$1"
}

keep secret_key "$(random)$(random)"
keep admin_password "$(random)"
keep postgres_password "$(random)"
keep valkey_password "$(random)"
keep cache_password "$(random)"
keep database_url "postgres://search:$(cat "$folder/postgres_password")@postgres:5432/search"
keep redis_url "redis://:$(cat "$folder/valkey_password")@valkey:6379/0"
keep cache_url "redis://:$(cat "$folder/cache_password")@cache:6379/0"
# The containers' users are not yours; the folder is closed to everyone else.
chmod 644 "$folder"/*
chmod 700 "$folder"
