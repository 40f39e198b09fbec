# The gateway alone; Redis and the homeserver are services of their own (docker-compose.yml). docs/packaging.md says how it is checked.

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Two packages are folders of ours, to which node_modules links: they must be there first.
COPY vendor ./vendor
# The image has its Node already, so the one among the packages is left out.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY vendor ./vendor
COPY src ./src
RUN mkdir /data /registration && chown node:node /data /registration
USER node
VOLUME /data
# 29318: for the homeserver. 1863: where MSN clients sign in. 1864: their conversations. 8080: their web services, and the pages for people.
# 29319: pictures and files from Matrix, where matrix.media is set.
EXPOSE 29318 1863 1864 8080 29319
# Whatever the gateway answers to a stranger, an answer shows that it is alive.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:29318/_matrix/app/v1/ping', { method: 'POST' }).catch(() => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["start", "--config", "/data/nudge.yaml"]
