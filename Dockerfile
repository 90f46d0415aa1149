# mien for linux/amd64 and linux/arm64. Debian, because ONNX Runtime needs glibc.
# It runs as an ordinary user, writes nothing but /tmp, and listens on 7420.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
# Without the first, installing onnxruntime-node would fetch CUDA libraries; without the second, ONNX Runtime (1.29 and
# newer, Linux) would report its use to its makers.
ENV ONNXRUNTIME_NODE_INSTALL=skip ORT_DISABLE_TELEMETRY=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-fund --no-audit \
 && node -e "import('./scripts/trim-runtime.mjs').then((m) => m.trimRuntime('node_modules/onnxruntime-node', 'linux-' + process.arch))"
RUN node dist/main.js models verify

FROM node:20.20.2-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/models ./models
COPY --from=build /app/pipelines ./pipelines
COPY --from=build /app/NOTICE ./
# Two malloc arenas instead of eight a core: memory is flat after ten minutes (docs/benchmarks.md).
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 MALLOC_ARENA_MAX=2
USER node
EXPOSE 7420
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7420/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve", "--config", "/etc/mien/mien.yaml"]
