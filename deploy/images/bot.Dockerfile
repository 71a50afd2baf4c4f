# The bot: web chat, console, worker and every `sidelight` command. `docker-compose.yml` builds it.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/sidelight
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY responses responses
# Word lists of the safety net and of languages: the model itself is in the other image.
COPY nlu/safety nlu/safety
COPY nlu/languages nlu/languages
COPY nlu/words nlu/words
COPY deploy/images/healthy.py ./
RUN .venv/bin/pip install --no-deps --no-build-isolation -e . \
    && .venv/bin/pip uninstall --yes --quiet hatchling pip \
    && .venv/bin/python -m compileall -q bot .venv/lib
# The index of place names, which a container could not keep.
RUN .venv/bin/python -c "from pathlib import Path; from bot.directory.places import PlaceFinder; PlaceFinder(Path('places')).prepare()"

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 sidelight \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin sidelight \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data /keys
COPY --from=build /opt/sidelight /opt/sidelight
ENV PATH=/opt/sidelight/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=1 \
    BOT_DATA_DIR=/data BOT_KEYRING=/keys/keyring.json BOT_PLACES_DIR=/opt/sidelight/places BOT_HOST=0.0.0.0
WORKDIR /opt/sidelight
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s CMD ["python", "healthy.py", "http://127.0.0.1:8080/readyz"]
CMD ["sidelight", "serve"]
