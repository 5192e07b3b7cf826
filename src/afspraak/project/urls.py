"""Every address; which policy each route states is checked by the tests."""

from django.urls import URLPattern, URLResolver, include, path

from afspraak.api import app as api
from afspraak.web import urls as web
from afspraak.web import urls_agreements as agreements
from afspraak.web import urls_desk as desk
from afspraak.web import urls_setup as setup
from afspraak.web.keeping import urls as keeping

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api.urls())),
    path("", include(web.ours)),
    path("", include(desk.urlpatterns)),
    path("", include(agreements.urlpatterns)),
    path("", include(keeping.urlpatterns)),
    path("setup/", include(setup.urlpatterns)),
    path("account/", include(web.sign_in)),
    path("account/second-factor/", include(web.second_factor)),
    path("account/provider/", include(web.provider)),
]
