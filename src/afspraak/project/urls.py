"""Every address; which policy each route states is checked by the tests."""

from django.urls import URLPattern, URLResolver, include, path

from afspraak.api import app as api
from afspraak.web import urls as web
from afspraak.web import urls_agreements as agreements
from afspraak.web import urls_desk as desk
from afspraak.web import urls_setup as setup
from afspraak.web.amending import urls as amending
from afspraak.web.archive import urls as archive
from afspraak.web.keeping import urls as keeping
from afspraak.web.life import urls as life
from afspraak.web.making import urls as making
from afspraak.web.offers import urls as offers
from afspraak.web.readiness import urls as readiness
from afspraak.web.signing import urls as signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api.urls())),
    path("", include(web.ours)),
    path("", include(desk.urlpatterns)),
    path("", include(agreements.urlpatterns)),
    path("agreements/", include(life.urlpatterns)),
    path("", include(making.urlpatterns)),
    path("", include(signing.urlpatterns)),
    path("", include(offers.urlpatterns)),
    path("", include(readiness.urlpatterns)),
    path("", include(archive.urlpatterns)),
    path("", include(amending.urlpatterns)),
    path("", include(keeping.urlpatterns)),
    path("setup/", include(setup.urlpatterns)),
    path("account/", include(web.sign_in)),
    path("account/second-factor/", include(web.second_factor)),
    path("account/provider/", include(web.provider)),
]
