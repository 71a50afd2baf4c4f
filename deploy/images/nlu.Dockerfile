# What understands: Rasa 3.6 on Python 3.10, and the model, trained while the image is built. It
# needs no network, no volume and no secret but the word that its callers must know.
FROM python:3.10-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/sidelight/nlu
RUN python -m venv .venv
COPY nlu/requirements.lock ./
RUN .venv/bin/pip install --require-hashes -r requirements.lock \
    && .venv/bin/pip uninstall --yes --quiet pip
COPY nlu ./
COPY deploy/images/healthy.py ./
RUN RASA_TELEMETRY_ENABLED=false .venv/bin/python train.py

FROM python:3.10-slim-bookworm
RUN groupadd --gid 10002 nlu \
    && useradd --uid 10002 --gid 10002 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin nlu
COPY --from=build /opt/sidelight/nlu /opt/sidelight/nlu
ENV PATH=/opt/sidelight/nlu/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3
WORKDIR /opt/sidelight/nlu
USER 10002:10002
EXPOSE 5005
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["python", "healthy.py", "http://127.0.0.1:5005/readyz"]
CMD ["python", "server.py", "--host", "0.0.0.0", "--port", "5005"]
