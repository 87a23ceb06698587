#!/bin/sh
# web, worker, beat or migrate; anything else is a management command.
set -eu
cd "$(dirname "$0")/.."

case "${1:-web}" in
    web)
        exec python -m search_project.web
        ;;
    worker)
        exec celery -A search_project worker --pool=threads \
            --loglevel=INFO --without-gossip --without-mingle
        ;;
    beat)
        exec celery -A search_project.beat beat --pidfile=
        ;;
    migrate)
        exec python manage.py bootstrap --without-static
        ;;
    *)
        exec python manage.py "$@"
        ;;
esac
