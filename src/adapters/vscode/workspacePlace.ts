import { hostname } from 'node:os';
import * as vscode from 'vscode';
import type { WorkspacePlace } from '../storage/workspace/traits';
import { remoteOf } from './remoteOf';

/** Where this window's workspace is. */
export function workspacePlace(): WorkspacePlace {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const { WSL_DISTRO_NAME: distribution = '' } = process.env;
  return {
    remote: remoteOf(vscode.env.remoteName, hostname(), distribution),
    ...(workspaceFile && workspaceFile.scheme !== 'untitled' && { file: workspaceFile.toString() }),
    folders: (workspaceFolders ?? []).map(({ uri }) => uri.toString()),
  };
}

export function workspaceName(): string {
  return vscode.workspace.name ?? 'empty window';
}
