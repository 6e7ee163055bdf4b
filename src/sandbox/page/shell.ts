/** The page's HTML: an empty frame; the rest is made by the modules in client/. */
import { html } from 'hono/html'

export function shell(styles: string[], modules: string[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="dark" />
        <meta name="theme-color" content="#1e1f22" />
        <title>The Backrooms</title>
        <link rel="icon" href="/page/icon.svg" type="image/svg+xml" />
        ${styles.map((file) => html`<link rel="stylesheet" href="/page/${file}" />`)}
        ${modules.map((file) => html`<link rel="modulepreload" href="/page/${file}" />`)}
        <script type="module" src="/page/main.js"></script>
      </head>
      <body>
        <div id="app"></div>
        <noscript>This page needs JavaScript. The same can be done over the sandbox's HTTP doors.</noscript>
      </body>
    </html>`
}
