"""Those of allauth's pages that the product has, by the names that allauth knows them by.

There is no sign-up, and no mail: accounts and forgotten passwords are an administrator's affair.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from frontend.page_methods import require_safe_or_post

PAGES = {
    "account_login": ("login/", account.login),
    "account_logout": ("logout/", account.logout),
    "account_inactive": ("inactive/", account.account_inactive),
    "account_change_password": ("password/", account.password_change),
    "account_reauthenticate": ("confirm/", account.reauthenticate),
    "mfa_index": ("second-factor/", second_factor.index),
    "mfa_authenticate": ("second-factor/code/", second_factor.authenticate),
    "mfa_reauthenticate": ("second-factor/confirm/", second_factor.reauthenticate),
    "mfa_activate_totp": ("second-factor/app/", totp.activate_totp),
    "mfa_deactivate_totp": ("second-factor/app/remove/", totp.deactivate_totp),
    "mfa_view_recovery_codes": ("second-factor/recovery/", recovery_codes.view_recovery_codes),
    "mfa_generate_recovery_codes": (
        "second-factor/recovery/renew/", recovery_codes.generate_recovery_codes,
    ),
    "mfa_download_recovery_codes": (
        "second-factor/recovery/download/", recovery_codes.download_recovery_codes,
    ),
}  # fmt: skip

urlpatterns = [
    path(route, require_safe_or_post(view), name=name) for name, (route, view) in PAGES.items()
]
