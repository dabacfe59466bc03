import type { MochaResult } from '../../host/mochaRun.ts';
import type { RunOptions } from '../driver/place';
import { damageSection } from './damageSection';
import { killSection } from './killSection';
import { mutantSection } from './mutantSection';
import { recordSection } from './recordSection';
import { vscodeSection, wholeVscodeSection } from './vscodeSection';
import { vscodeWindowsSection } from './vscodeWindowsSection';
import { windowsSection } from './windowsSection';
import { workerSection } from './workerSection';

export interface Section {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Whether it is a part of the short form, which `npm test` runs. */
  readonly inShort: boolean;
  readonly run: (options: RunOptions) => Promise<MochaResult>;
}

const mutant = 'A log that acknowledges too early is found';
const vscode = 'The extension host of a real VS Code is killed';

export const sections: readonly Section[] = [
  { name: 'kill', title: 'A window is killed', inShort: false, run: killSection },
  { name: 'mutant', title: mutant, inShort: true, run: mutantSection },
  { name: 'worker', title: 'The storage worker is ended', inShort: true, run: workerSection },
  { name: 'windows', title: 'Two windows', inShort: true, run: windowsSection },
  { name: 'damage', title: 'Damaged files', inShort: true, run: damageSection },
  { name: 'record', title: 'A damaged record in globalState', inShort: true, run: recordSection },
  { name: 'vscode', title: vscode, inShort: true, run: vscodeSection },
  { name: 'vscode-whole', title: 'A whole VS Code is killed', inShort: false, run: wholeVscodeSection },
  {
    name: 'vscode-windows',
    title: 'Two windows of a real VS Code',
    inShort: false,
    run: vscodeWindowsSection,
  },
];
