export interface ChatHtmlOptions {
  /** `webview.cspSource` */
  readonly cspSource: string;
  /** `webview.asWebviewUri` of the script in dist/ and the stylesheets in media/ */
  readonly scriptUri: string;
  readonly styleUris: readonly string[];
  /** Fresh for each document; letters and digits. */
  readonly nonce: string;
}

/**
 * The document of a webview of ours. It loads one script and its stylesheets and can reach nothing else: no image, no font, no
 * frame, no connection, no inline script or style, whatever a model writes.
 */
export function chatHtml({ cspSource, scriptUri, styleUris, nonce }: ChatHtmlOptions): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const styles = styleUris
    .map((uri) => `<link rel="stylesheet" href="${escapeAttribute(uri)}">`)
    .join('\n  ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  ${styles}
  <title>Throughline</title>
</head>
<body>
  <div id="app"></div>
  <script nonce="${nonce}" src="${escapeAttribute(scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
