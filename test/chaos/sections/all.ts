import type { MochaResult } from '../../host/mochaRun.ts';
import type { RunOptions } from '../driver/place';
import { killSection } from './killSection';
import { mutantSection } from './mutantSection';
import { vscodeSection } from './vscodeSection';
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

export const sections: readonly Section[] = [
  { name: 'kill', title: 'A window is killed', inShort: false, run: killSection },
  { name: 'mutant', title: 'A log that acknowledges too early is found', inShort: true, run: mutantSection },
  { name: 'worker', title: 'The storage worker is ended', inShort: true, run: workerSection },
  { name: 'windows', title: 'Two windows', inShort: true, run: windowsSection },
  {
    name: 'vscode',
    title: 'The extension host of a real VS Code is killed',
    inShort: true,
    run: vscodeSection,
  },
];
