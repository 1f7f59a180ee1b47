# The service, the command line and the studio of deepid2plus. See docs/serve.md, "In a container".
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY models/regions/package.json models/regions/
RUN npm ci
COPY . .
RUN npm run build

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY models/regions/package.json models/regions/
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist dist
COPY models models
COPY results results
COPY LICENSE README.md ./
RUN mkdir /data && chown node:node /data
# Galleries, keys and the audit log lie below the folder that commands run in.
WORKDIR /data
VOLUME /data
USER node
EXPOSE 8010
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8010/api/v1/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli/deepid.js"]
CMD ["serve", "--host", "0.0.0.0"]
