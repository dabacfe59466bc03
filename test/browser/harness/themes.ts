import dark from './themes/dark.json';
import highContrast from './themes/high-contrast.json';
import highContrastLight from './themes/high-contrast-light.json';
import light from './themes/light.json';

/** Variables and body classes as a webview of VS Code 1.139 has them under its four default themes. */
export const themes = {
  dark,
  light,
  'high-contrast': highContrast,
  'high-contrast-light': highContrastLight,
} as const;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];
