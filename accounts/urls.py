"""Below /admin/, before Django's own: the same addresses, with counted mistakes and a second step."""

from django.contrib import admin
from django.urls import path

from accounts.views import account, factors, invitations, passwords, signing_in

desk = admin.site.admin_view

urlpatterns = [
    path("login/", signing_in.SignInView.as_view(), name="sign_in"),
    path("password_change/", desk(passwords.change_password), name="account_password"),
    # The theme shows its link to a page of this name.
    path("password_reset/", passwords.ask_for_reset, name="admin_password_reset"),
    path("password_reset/done/", passwords.reset_asked, name="password_reset_done"),
    path("reset/<uidb64>/<token>/", passwords.ResetView.as_view(), name="password_reset_confirm"),
    path("reset/done/", passwords.reset_done, name="password_reset_complete"),
    path("invitation/<str:token>/", invitations.invitation, name="account_invitation"),
    path("account/", desk(account.account), name="account"),
    path("account/byline/", desk(account.byline), name="account_byline"),
    path("account/address/", desk(account.address), name="account_address"),
    path("account/address/<str:token>/", desk(account.confirm_address), name="account_address_confirm"),
    path("account/sessions/end/", desk(account.end_sessions), name="account_sessions_end"),
    path("account/second-factor/", desk(factors.factor), name="account_factor"),
    path("account/second-factor/off/", desk(factors.factor_off), name="account_factor_off"),
    path("account/second-factor/codes/", desk(factors.codes), name="account_codes"),
    path("account/again/", desk(passwords.password_again), name="account_again"),
]
