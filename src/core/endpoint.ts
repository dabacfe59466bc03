function hostname(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname : '';
}

/** Whether an endpoint is on the extension host's own machine. */
export function isLocalEndpoint(baseUrl: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(hostname(baseUrl));
}

/** Whether an endpoint is on this machine or in a private network, where model servers need no key. */
export function isPrivateEndpoint(baseUrl: string): boolean {
  const host = hostname(baseUrl);
  return (
    isLocalEndpoint(baseUrl) ||
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\.[\d.]+$/.test(host) ||
    /^\[f[cde]/.test(host) ||
    /\.(local|lan|internal|home\.arpa)$/.test(host) ||
    // A bare name is resolved in the own network only.
    (host !== '' && !host.includes('.') && !host.startsWith('['))
  );
}

/** The address as it may be shown: without the user and password that it may hold. */
export function withoutUserinfo(baseUrl: string): string {
  return baseUrl.replace(/^([^/?#]*\/\/)[^/?#]*@/, '$1');
}
