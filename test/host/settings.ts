// Settings of a test's VS Code. They are given as the workbench's own defaults, below user settings, so that a test
// which changes a setting as a user sees its change win.
import { type VscodeVersion } from './servers.ts';

export type Theme = 'light' | 'dark' | 'high-contrast-dark' | 'high-contrast-light';

/** @property label in the theme picker; `bodyClass` is what both the workbench and our webview's body wear */
export const themes: Record<Theme, { label: string; bodyClass: string }> = {
  light: { label: 'Light Modern', bodyClass: 'vs' },
  dark: { label: 'Dark Modern', bodyClass: 'vs-dark' },
  'high-contrast-dark': { label: 'Dark High Contrast', bodyClass: 'hc-black' },
  'high-contrast-light': { label: 'Light High Contrast', bodyClass: 'hc-light' },
};

/** The theme's id for `workbench.colorTheme`: VS Code dropped "Default" from some of them after 1.110. */
function themeId(theme: Theme, version: VscodeVersion): string {
  const plain = version === '1.110.0' ? 'Default ' : '';
  return {
    light: `${plain}Light Modern`,
    dark: `${plain}Dark Modern`,
    'high-contrast-dark': 'Default High Contrast',
    'high-contrast-light': 'Default High Contrast Light',
  }[theme];
}

export type Settings = Readonly<Record<string, unknown>>;

/** What distracts or talks to the network, off. */
export const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
};

export function testSettings(version: VscodeVersion, theme: Theme, more: Settings = {}): Settings {
  return { ...quietSettings, 'workbench.colorTheme': themeId(theme, version), ...more };
}

/**
 * Runs in the page before any of its scripts: adds the settings to the configuration that the server wrote into it.
 * (Machine settings of the server would stand above the user's own, and application settings are ignored there.)
 */
export function injectDefaults(settings: Settings): void {
  new MutationObserver((_changes, observer) => {
    const meta = document.getElementById('vscode-workbench-web-configuration');
    const text = meta?.getAttribute('data-settings');
    if (!meta || !text) return;
    observer.disconnect();
    const configuration = JSON.parse(text) as { configurationDefaults?: object };
    configuration.configurationDefaults = { ...configuration.configurationDefaults, ...settings };
    meta.setAttribute('data-settings', JSON.stringify(configuration));
  }).observe(document, { childList: true, subtree: true });
}
