FROM python:3.11-slim
WORKDIR /srv
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY knowledge knowledge
RUN pip install --no-cache-dir -c requirements.lock . && useradd --create-home footnote && mkdir data && chown footnote data
USER footnote
ENV FOOTNOTE_DATABASE=sqlite+aiosqlite:////srv/data/footnote.db
VOLUME /srv/data
STOPSIGNAL SIGTERM
CMD ["footnote", "run"]
