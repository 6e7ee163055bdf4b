# docker build -t backrooms . && docker run --env-file .env -v backrooms:/data backrooms
FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has a Node.js of its own: the one that the project would bring is left out.
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node
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
