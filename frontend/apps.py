from django.apps import AppConfig


class FrontendConfig(AppConfig):
    name = "frontend"
    verbose_name = "Frontend"

    def ready(self) -> None:
        from frontend.account import sign_in_events  # noqa: F401, a receiver is heard once imported
