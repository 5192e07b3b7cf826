# One container with everything: database, watch, worker and web. See docs/containers.md.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY locks/run.txt locks/
RUN python -m venv /srv/afspraak \
 && /srv/afspraak/bin/pip install --no-cache-dir --require-hashes -r locks/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /srv/afspraak/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/afspraak afspraak \
 && chmod 0700 /var/lib/afspraak
COPY --from=build /srv/afspraak /srv/afspraak
ENV PATH=/srv/afspraak/bin:$PATH \
    AFSPRAAK_DATA=/var/lib/afspraak \
    AFSPRAAK_BIND=0.0.0.0
USER afspraak
WORKDIR /var/lib/afspraak
VOLUME /var/lib/afspraak
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["afspraak", "serve"]
