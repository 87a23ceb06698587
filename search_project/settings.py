"""All settings: each comes from the environment, has a safe default, and is in the README."""

import os
import ssl

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from search_project import env, server_urls
from search_project.data_dir import installation
from search_project.servers import broker, cache, postgres

STATE = installation()
VAR_DIR = STATE.var

HOST = env.matching("HOST", "127.0.0.1", r"[\w.:-]+", "an address or a host name")
PORT = env.number("PORT", 8000, minimum=1, maximum=65_535)
DEBUG = env.flag("DEBUG", False)
HTTPS = env.flag("HTTPS", False)
SECRET_KEY = env.text("SECRET_KEY") or STATE.secret("secret_key")
# Health is asked on the loopback address, whatever the public name.
ALLOWED_HOSTS = [
    *env.words("ALLOWED_HOSTS", r"\*|[\w.-]+|\[[\da-fA-F:]+\]", "a name without scheme and port"),
    "localhost", "127.0.0.1", "[::1]",
]  # fmt: skip
CSRF_TRUSTED_ORIGINS = env.words(
    "CSRF_TRUSTED_ORIGINS", r"https?://[^/\s]+", "an origin such as https://search.example.org"
)
# Proxies whose X-Forwarded-For names the client; from any other peer the header is ignored.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
MAX_UPLOAD_MB = env.number("MAX_UPLOAD_MB", 100, minimum=1)
MAX_TEXT_CHARS = env.number("MAX_TEXT_CHARS", 20_000_000, minimum=1000)
EXTRACTION_TIMEOUT_S = env.number("EXTRACTION_TIMEOUT_S", 300, minimum=1)
ADMIN_USERNAME = env.matching(
    "ADMIN_USERNAME", "admin", r"[\w.@+-]{1,150}", "a name of letters, digits and @ . + - _"
)
ADMIN_PASSWORD = env.text("ADMIN_PASSWORD")
LOAD_SAMPLES = env.flag("LOAD_SAMPLES", True)
# For how long tokens are made unless said otherwise (0: they do not expire), and how many.
TOKEN_DAYS = env.number("TOKEN_DAYS", 365, maximum=36_500)
TOKENS_PER_USER = env.number("TOKENS_PER_USER", 100, minimum=1)
# What one user may keep; 0: no limit. Administrators have none.
USER_QUOTA_MB = env.number("USER_QUOTA_MB", 100_000)
USER_QUOTA_DOCUMENTS = env.number("USER_QUOTA_DOCUMENTS", 200_000)
USER_QUOTA_QUEUED = env.number("USER_QUOTA_QUEUED", 20_000)
DISK_RESERVE_MB = env.number("DISK_RESERVE_MB", 1024)
COLLECTION_CREATORS = env.choice("COLLECTION_CREATORS", "everyone", ("everyone", "staff"))
TRASH_DAYS = env.number("TRASH_DAYS", 30, minimum=1, maximum=36_500)

# Servers: the embedded ones under VAR_DIR unless an address is given. The embedded cache runs only
# with the embedded broker; with another broker, CACHE_URL names the cache.
DATABASE_URL = env.text("DATABASE_URL") or postgres.database_url(STATE)
OWN_BROKER = server_urls.redis_url("REDIS_URL")
REDIS_URL = OWN_BROKER or broker.broker_url(STATE)
CACHE_URL = server_urls.redis_url("CACHE_URL") or ("" if OWN_BROKER else cache.cache_url(STATE))

INSTALLED_APPS = [
    "search_project",
    "documents",
    "retrieval",
    "frontend",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "documents.request_context.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "search_project.response_headers.ResponseHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "frontend.account.session_limits.SessionLimitMiddleware",
    "documents.upload_limits.UploadLimitMiddleware",
    "documents.upload_limits.UnstorableTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "search_project.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": server_urls.database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Reports of processes on themselves are stored beside the queue, where nothing is evicted.
CACHES = {
    "default": server_urls.cache_settings(CACHE_URL),
    "status": server_urls.cache_settings(REDIS_URL),
}

# Sign-in: allauth's pages, by user name; who may have an account is decided by administrators.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "frontend.account.password_validators.PredictablePasswordValidator"},
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "documents.auth.password_change.TokenRevocation"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "search"
LOGOUT_REDIRECT_URL = "search"
ACCOUNT_ADAPTER = "frontend.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "frontend.account.forms.NewPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.number("REAUTHENTICATION_MINUTES", 10, minimum=1) * 60
# Passwords have limits of their own (frontend.account.throttle); what is left of `login_failed`
# counts wrong codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_ADAPTER = "frontend.account.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Lantern"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# How many passwords each web process checks at once: each check takes a core for half a second.
PASSWORD_HASHERS = ["frontend.account.password_hasher.LowPriorityPBKDF2PasswordHasher"]
PASSWORD_CHECKS = env.number("PASSWORD_CHECKS", 1, minimum=1)

# A session ends so long after its last request, and so long after the sign-in.
SESSION_IDLE_HOURS = env.number("SESSION_IDLE_HOURS", 24, minimum=1)
SESSION_MAX_DAYS = env.number("SESSION_MAX_DAYS", 14, minimum=1, maximum=365)
SESSION_COOKIE_AGE = SESSION_MAX_DAYS * 24 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.folder("STATIC_ROOT", VAR_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Uploads go to disk at once, in the folder where they will stay, so that keeping one is a rename.
ORIGINALS_DIR = VAR_DIR / "originals"
FILE_UPLOAD_TEMP_DIR = str(STATE.folder("uploads"))
FILE_UPLOAD_PERMISSIONS = 0o600  # also of collected static files
FILE_UPLOAD_HANDLERS = ["documents.upload_limits.LimitedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 50
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_MB * 1024 * 1024

CELERY_BROKER_URL = REDIS_URL
# Celery does not check the certificate by default. Options of the address override this.
if REDIS_URL.startswith("rediss://"):
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
# Scheduled tasks and recovered documents (0) are served before new documents (6).
CELERY_TASK_DEFAULT_PRIORITY = 6
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Celery closes the database connection around each task, and opening one costs more than a small
# document does: reuse it for so many tasks. search_project.celery closes broken connections.
CELERY_DB_REUSE_MAX = 1000
# One retry if the broker does not answer, so that no upload waits for it: `recover_documents` sends
# the messages later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0.2,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE.folder("run") / "beat")
CELERY_BEAT_SCHEDULE = {
    "recover documents": {
        "task": "documents.tasks.recover_documents",
        "schedule": 10.0,
        "options": {"expires": 10, "priority": 0},
    },
    "delete leftovers": {
        "task": "documents.tasks.delete_leftovers",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "empty the trash": {
        "task": "documents.tasks.purge_trash",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "compact the index": {
        "task": "retrieval.tasks.compact",
        "schedule": 30.0,
        "options": {"expires": 30, "priority": 0},
    },
    "delete old data": {
        "task": "retrieval.tasks.delete_old_data",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "delete expired sessions": {
        "task": "frontend.tasks.delete_expired_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "delete old audit events": {
        "task": "documents.tasks.delete_old_audit_events",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
WORKER_CONCURRENCY = CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 6, minimum=1)
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 1, minimum=1)
WEB_THREADS = env.number("WEB_THREADS", 8, minimum=1)
# The longest wait for a request's headers, and for the next part of its body; and the slowest
# upload, on average, that is still taken.
REQUEST_TIMEOUT_S = env.number("REQUEST_TIMEOUT_S", 30, minimum=1, maximum=60)
UPLOAD_MIN_BYTES_S = env.number("UPLOAD_MIN_BYTES_S", 1024, minimum=1)

# numba keeps what it compiled here; it reads the environment when it is first imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(STATE.folder("numba")))

# Models and ranking. docs/ranking.md says which table settled each default.
EMBEDDING_MODEL = env.text("EMBEDDING_MODEL", "sentence-transformers/all-MiniLM-L6-v2")
# Codes such as "en,de"; by default what the model's card says. "multilingual": every language.
EMBEDDING_LANGUAGES = env.text("EMBEDDING_LANGUAGES")
RERANKER_MODEL = env.text("RERANKER_MODEL", "auto")
# auto: a CUDA device where there is one, else int8 (docs/inference.md); torch; int8.
INFERENCE_BACKEND = env.choice("INFERENCE_BACKEND", "auto", ("auto", "torch", "int8"))
INT8_CACHE_DIR = env.folder("INT8_CACHE_DIR", VAR_DIR / "models")
# Bounded as PassageSize bounds those of a collection; beat imports no app.
CHUNK_TOKENS = env.number("CHUNK_TOKENS", 200, minimum=16, maximum=8192)
CHUNK_OVERLAP = env.number("CHUNK_OVERLAP", CHUNK_TOKENS // 10)
if CHUNK_OVERLAP > CHUNK_TOKENS // 2:
    raise ImproperlyConfigured(
        f"CHUNK_OVERLAP={CHUNK_OVERLAP} is more than half of CHUNK_TOKENS={CHUNK_TOKENS}."
    )
RETRIEVER_TOP_K = env.number("RETRIEVER_TOP_K", 100, minimum=10)
EXACT_KNN_MAX_PASSAGES = env.number("EXACT_KNN_MAX_PASSAGES", 20_000)
# Milliseconds that the database may take for each step of a search, which goes on without it.
SEARCH_TIMEOUT_MS = env.number("SEARCH_TIMEOUT_MS", 3000, minimum=1)
HNSW_EF_SEARCH = env.number("HNSW_EF_SEARCH", 500, minimum=10, maximum=1000)
FUSION = env.choice("FUSION", "max_norm", ("max_norm", "rrf", "z_score"))
DENSE_WEIGHT = env.fraction("DENSE_WEIGHT", 0.5)
# None: what suits the kind of reranker. The budget bounds how many are reranked (0: all).
RERANK_TOP_N = env.number("RERANK_TOP_N", 0) or None
RERANK_WEIGHT = env.fraction("RERANK_WEIGHT", 0.0) if env.text("RERANK_WEIGHT") else None
RERANK_INPUT = env.choice("RERANK_INPUT", "full", ("full", "title", "passage"))
RERANK_BUDGET_MS = env.number("RERANK_BUDGET_MS", 300) or None

# Searches and openings, without user or address; forgotten after so many days.
QUERY_LOG = env.flag("QUERY_LOG", True)
QUERY_LOG_DAYS = env.number("QUERY_LOG_DAYS", 90, minimum=1, maximum=36_500)
# Each user's own recent searches, for suggestions; forgotten after so many days, 0: none is kept.
SEARCH_HISTORY_DAYS = env.number("SEARCH_HISTORY_DAYS", 90, maximum=36_500)
AUDIT_LOG_DAYS = env.number("AUDIT_LOG_DAYS", 365, minimum=1, maximum=36_500)

# How users' judgements become verdicts to train and evaluate on: docs/training.md.
JUDGEMENT_QUORUM = env.number("JUDGEMENT_QUORUM", 2, minimum=1)
JUDGEMENT_STAFF_WEIGHT = env.number("JUDGEMENT_STAFF_WEIGHT", 2, minimum=1)
JUDGEMENTS_PER_USER = env.number("JUDGEMENTS_PER_USER", 200, minimum=1)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "documents.auth.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "documents.api.fields.JSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "documents.api.schema.ScopedSchema",
    "EXCEPTION_HANDLER": "documents.api.errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lantern",
    "DESCRIPTION": "Hybrid search over your own documents.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "State": "documents.models.Document.State",
        "Relation": ["eq", "gte"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Security. One switch moves everything that needs TLS, since it would break plain HTTP.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER = "search_project.error_report.SecretsReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "search_project.error_report.SecretsFilter"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "search_project.supervisor.log_formatter.OneLineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Celery has two lines for each message; ingestion has one for each batch.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("httpx", "sentence_transformers", "celery.worker.strategy", "celery.app.trace")
    },
}
