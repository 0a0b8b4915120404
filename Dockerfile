# The portal for production; docker-compose.yml runs it beside Postgres and Redis.
FROM node:24-bookworm-slim AS front_end
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 SDF_DATA_DIR=/data
WORKDIR /portal
# Pango and a font: pages as PDF.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.lock ./
RUN pip install --no-cache-dir --only-binary :all: --no-deps --require-hashes -r requirements.lock
COPY --from=front_end /portal/node_modules node_modules
COPY manage.py ./
COPY accounts accounts
COPY kpi kpi
COPY messaging messaging
COPY providers providers
COPY sdf_portal sdf_portal
COPY static static
COPY templates templates
RUN python -m compileall -q . \
    && useradd --system --uid 10001 --home-dir /data --create-home portal
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:sdf_portal.gunicorn_settings", "--bind", "0.0.0.0:8000", "sdf_portal.wsgi:application"]
