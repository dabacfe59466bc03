import type { SecretKind } from '../../core/secrets/secretMark';
import { isPlaceholder } from './placeholders';

export interface TokenRule {
  readonly kind: SecretKind;
  /** Global. What is to be masked is the group `secret`, or the whole match where there is none. */
  readonly pattern: RegExp;
  /** Whether what matched is a secret after all. */
  readonly check?: (secret: string) => boolean;
}

const hasDigit = (secret: string): boolean => /\d/.test(secret);

/**
 * What providers' keys look like, wider than they are today: lengths change, and a part of a key is no example. Each
 * begins with letters of its own and is bounded, so that looking takes time by the text's length.
 */
export const tokenRules: readonly TokenRule[] = [
  {
    kind: 'GitHub token',
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_\w{20,255})/g,
  },
  {
    kind: 'GitLab token',
    pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-[\w-]{16,300}/g,
  },
  { kind: 'Anthropic key', pattern: /(?<![A-Za-z0-9])sk-ant-[\w-]{12,300}/g },
  { kind: 'OpenAI key', pattern: /(?<![A-Za-z0-9-])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{8,40}/g },
  { kind: 'OpenAI key', pattern: /(?<![A-Za-z0-9-])sk-(?:proj|svcacct|admin|None)-[\w-]{16,300}/g },
  {
    kind: 'API key',
    pattern: /(?<![A-Za-z0-9-])sk-(?!ant-|proj-)(?:or-v1-|[a-z]{2,8}-)?[A-Za-z0-9]{16,300}/g,
    check: looksRandom,
  },
  {
    kind: 'Google key',
    pattern: /(?<![A-Za-z0-9+])AIza[\w-]{30,50}|(?<![A-Za-z0-9])(?:ya29\.|GOCSPX-|1\/\/0)[\w-]{20,400}/g,
  },
  { kind: 'Stripe key', pattern: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,255}/g },
  {
    kind: 'Slack token',
    pattern: /(?<![A-Za-z0-9])xox[a-z](?:\.xox[a-z])?-[\w-]{10,300}|(?<![A-Za-z0-9])xapp-\d-[\w-]{10,300}/g,
  },
  { kind: 'npm token', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{20,255}/g, check: looksRandom },
  { kind: 'npm token', pattern: /_auth(?:Token)?[ \t]{0,4}=[ \t]{0,4}["']?(?<secret>[\w+/=.~-]{16,400})/dg },
  {
    kind: 'AWS key',
    pattern:
      /secret_?access_?key["'`]?[ \t]{0,8}(?::|=>?)[ \t]{0,8}["'`]?(?<secret>[A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])/dgi,
  },
  {
    kind: 'AWS key',
    pattern: /(?<![A-Za-z0-9+/])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9+/])/g,
    check: (key) => !key.endsWith('EXAMPLE'),
  },
  { kind: 'Azure key', pattern: /(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{30,200}={0,2})/dg },
  { kind: 'Azure key', pattern: /[?&]sig=(?<secret>[A-Za-z0-9%+/=]{20,200})/dg },
  { kind: 'JSON Web Token', pattern: /(?<![\w-])eyJ[\w-]{8,20000}\.[\w-]{4,20000}\.[\w-]{8,2000}/g },
  {
    kind: 'webhook',
    pattern:
      /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{20,300}/gi,
  },
  {
    kind: 'access token',
    pattern:
      /(?<![A-Za-z0-9])(?:hf_[A-Za-z0-9]{24,80}|gsk_[A-Za-z0-9]{24,100}|xai-[A-Za-z0-9]{24,120}|pplx-[A-Za-z0-9]{24,80}|r8_[A-Za-z0-9]{24,60}|pypi-[\w-]{24,300}|dckr_[ps]at_[\w-]{16,60}|do[opr]_v1_[a-f0-9]{32,80}|SG\.[\w-]{16,30}\.[\w-]{16,60}|sntry[su]_[\w+/=]{20,400}|rubygems_[a-f0-9]{32,60}|lin_api_\w{24,128}|figd_[\w-]{24,200}|shp(?:at|ca|pa|ss)_[A-Za-z0-9]{24,64}|PMAK-[a-f0-9-]{30,70}|tskey-[a-z]{2,20}-\w{8,40}-\w{12,60}|hv[sbr]\.[\w-]{20,300}|AGE-SECRET-KEY-1[A-Z0-9]{40,70}|glc_[\w+/=]{24,400}|glsa_\w{24,60}|ntn_[A-Za-z0-9]{30,60}|dapi[a-f0-9]{32}|sl\.[\w-]{60,300}|\d{8,10}:AA[\w-]{33}|key-[a-f0-9]{32})(?![A-Za-z0-9])/g,
  },
  {
    kind: 'access token',
    pattern: /(?<![A-Za-z0-9])Bearer[ \t]{1,4}(?<secret>[\w+/=.~-]{12,4000})/dgi,
    check: hasDigit,
  },
  {
    kind: 'password',
    pattern: /(?<![A-Za-z0-9])Basic[ \t]{1,4}(?<secret>[A-Za-z0-9+/]{8,400}={0,2})(?![\w+/=])/dg,
    check: isBasic,
  },
  {
    kind: 'access token',
    pattern:
      /\bAuthorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:[A-Za-z]{2,12}[ \t]{1,4})?(?<secret>[\w+/=.~:-]{12,4000})/dgi,
    check: hasDigit,
  },
  {
    kind: 'password',
    pattern: /(?:^|\s)(?:-u|--user)[ \t=]{1,3}["']?[^\s:'"]{1,64}:(?<secret>[^\s'"]{3,200})/dg,
  },
  {
    kind: 'password in a URL',
    check: (password) => !isPlaceholder(password),
    pattern: /(?<=[A-Za-z0-9]):\/\/(?:[^\s/:@"'<>`]{0,200}):(?<secret>[^\s/@"'<>`]{3,400})@/dg,
  },
  {
    kind: 'password in a URL',
    pattern: /https?:\/\/(?<secret>[\w-]{20,255})@[\w.-]{1,255}/dg,
    check: hasDigit,
  },
];

function isBasic(secret: string): boolean {
  try {
    return /^[\x20-\x7e]*:[\x20-\x7e]+$/.test(atob(secret));
  } catch {
    return false;
  }
}

/** A run of letters that goes on for as long as no name does, or one with digits. */
function looksRandom(secret: string): boolean {
  return hasDigit(secret) || /[A-Za-z]{20}/.test(secret);
}

/** With what keys begin: behind it, at the end of a text that is still being written, the rest may be to come. */
export const tokenStarts = new RegExp(
  String.raw`(?:(?<![A-Za-z0-9])(?:` +
    [
      String.raw`gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt)-|sk-|[srp]k_(?:live|test)_|whsec_`,
      String.raw`xox[a-z][-.]|xapp-|AIza|ya29\.|GOCSPX-|1\/\/0|npm_(?=[A-Za-z0-9]{4,}$)|eyJ|hf_|gsk_|xai-|pplx-|r8_`,
      String.raw`(?:AKIA|ASIA|A3T|A[GIRN][A-Z]A)(?=[A-Z0-9]{4,}$)|(?:dapi|key-)(?=[a-f0-9]{4,}$)|sl\.(?=[\w-]{8,}$)`,
      String.raw`pypi-|dckr_|do[opr]_v1_|SG\.|sntry[su]_|rubygems_|lin_api_|figd_|shp[a-z]{2}_|PMAK-|tskey-|hv[sbr]\.`,
      String.raw`AGE-SECRET-KEY|glc_|glsa_|ntn_|ops_|vc[piark]_|cf(?:k|ut|at)_|\d{8,10}:AA`,
    ].join('|') +
    String.raw`)|https?:\/\/(?=[\w-]{12,}(?:@[\w.-]*)?$)(?=[\w-]*\d)|hooks\.slack\.com\/|api\/webhooks\/|[?&]sig=|AccountKey=|SharedAccessKey=|_auth(?:Token)?=` +
    String.raw`|(?<=[A-Za-z0-9]):\/\/[^\s/:@]{0,200}:(?!\d{1,5}$))(?<rest>[^\s"'\`<>]{1,20000})$`,
);
