import type { Observation } from './modelFit';

/** What was learnt, as it is kept across restarts: ids of models and figures, no text. */
export interface CalibrationState {
  readonly version: 1;
  /** The longest unused first. */
  readonly models: readonly { readonly id: string; readonly observations: readonly Observation[] }[];
}

/** The least recently used model is forgotten beyond these. */
export const mostModels = 50;
/** Of each model. */
export const mostObservations = 20;
const longestId = 500;
/** More tokens are in no request. */
const mostTokens = 1e8;

/** Whatever does not fit is left out: it will be learnt again. */
export function readCalibration(stored: unknown): CalibrationState {
  const models = list(field(stored, 'version') === 1 ? field(stored, 'models') : undefined).flatMap(
    (model) => {
      const id = field(model, 'id');
      if (typeof id !== 'string' || id === '' || id.length > longestId) return [];
      const observations = list(field(model, 'observations'))
        .flatMap(readObservation)
        .slice(-mostObservations);
      return observations.length === 0 ? [] : [{ id, observations }];
    },
  );
  return { version: 1, models: models.slice(-mostModels) };
}

function readObservation(stored: unknown): readonly Observation[] {
  const [text, characters, frame, tools, reported, miss] = [
    'text',
    'characters',
    'frame',
    'tools',
    'reported',
    'miss',
  ].map((name) => field(stored, name));
  const fits =
    isTokens(text) &&
    isTokens(characters) &&
    isTokens(frame) &&
    isTokens(tools) &&
    isTokens(reported) &&
    reported > 0 &&
    typeof miss === 'number' &&
    Number.isFinite(miss);
  return fits ? [{ text, characters, frame, tools, reported, miss }] : [];
}

function isTokens(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostTokens;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
