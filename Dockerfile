# docker build -t backrooms . && docker run --env-file .env -v backrooms:/data backrooms
FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has the Node.js that the project would otherwise bring.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm install --no-save --no-audit --no-fund @resvg/resvg-js
COPY . .
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0 PORT=8787
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
# Node.js is process 1 and gets SIGTERM itself: turns in flight may finish. Give it the time: docker stop -t 30
CMD ["node", "src/main.ts"]
