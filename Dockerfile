# One image for web, worker, beat and migrate; docker-compose.yml says which of them it is.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUTF8=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app

# Requirements first: they change rarely, so this layer is reused.
COPY requirements.txt constraints.txt ./
RUN pip install -r requirements.txt

COPY . .
# COPY keeps the modes of the clone, which an umask of 077 made unreadable for everybody but its owner.
RUN chmod -R a+rX /app \
    && python -m compileall -q . \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /data claimtrack \
    && install -d -m 0700 -o claimtrack -g claimtrack /data

USER 10001:10001
ENV CLAIMTRACK_DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000 \
    CLAIMTRACK_DEMO=0
VOLUME /data
EXPOSE 8000

CMD ["python", "-m", "claimtrack.start", "web"]
