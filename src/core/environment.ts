import type { Instruction } from './context/context';

/** Facts about where the conversation takes place. */
export interface Environment {
  readonly workspace: string;
  readonly platform: string;
  readonly timeZone: string;
  /** Of the editor, as BCP 47. */
  readonly language: string;
}

export type EnvironmentFact = keyof Environment;

export const environmentFacts: readonly EnvironmentFact[] = ['workspace', 'platform', 'timeZone', 'language'];

const words: Readonly<Record<EnvironmentFact, string>> = {
  workspace: 'Workspace',
  platform: 'Platform',
  timeZone: 'Time zone of the user',
  language: "Language of the user's editor",
};

/** One line a fact, in a fixed order, so that requests begin alike. A line break in a name could pose as a line. */
export function environmentInstructions(
  environment: Environment,
  chosen: readonly EnvironmentFact[],
): readonly Instruction[] {
  return environmentFacts
    .filter((fact) => chosen.includes(fact) && environment[fact] !== '')
    .map((fact) => ({
      source: 'environment',
      text: `${words[fact]}: ${environment[fact].replace(/\s+/g, ' ').slice(0, 200)}`,
      reason: 'Setting "throughline.context.environment"',
    }));
}
