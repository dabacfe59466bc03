import * as vscode from 'vscode';

/**
 * What tells this workspace from others: its workspace file, or its folders, each with the remote they are on. An empty
 * window has a place of its own.
 */
export function workspaceAliases(): readonly string[] {
  const remote = vscode.env.remoteName ?? 'local';
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  if (workspaceFile && workspaceFile.scheme !== 'untitled')
    return [`file:${remote}:${workspaceFile.toString()}`];
  const folders = (workspaceFolders ?? []).map(({ uri }) => uri.toString()).sort();
  return [folders.length === 0 ? `empty:${remote}` : `folders:${remote}:${folders.join(' ')}`];
}

export function workspaceName(): string {
  return vscode.workspace.name ?? 'empty window';
}
