/** Their host's name is another each time they are built; they are told apart by what is in them. */
const containers = /^(?:dev-container|attached-container|k8s-container|codespaces)$/;

/**
 * A name for the machine that runs the extension host. VS Code's own tells the kind alone, and its paths look like local
 * ones there (https://code.visualstudio.com/api/references/vscode-api#env), so two hosts with the same path would be one
 * place. Of a server in the browser it tells address and port, which are no part of the machine.
 */
export function remoteOf(name: string | undefined, hostname: string, distribution = ''): string {
  if (name === undefined) return 'local';
  if (containers.test(name)) return name;
  const kind = /[.:\d]|^localhost$/.test(name) ? 'server' : name;
  return [`${kind}@${hostname.toLowerCase()}`, distribution]
    .filter((part) => part !== '')
    .join('/')
    .replaceAll(':', '.');
}
