import type { SecretKind } from '../../src/core/secrets/secretMark';

/** A secret as it looks, put together here so that this file holds none. */
export interface SecretSample {
  readonly name: string;
  /** What must not be stored. */
  readonly secret: string;
  /** The secret where it is said. */
  readonly text: string;
  readonly kind: SecretKind;
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

/** Always the same, and without a pattern. */
function random(length: number, alphabet = upper + lower + digits, seed = length): string {
  let state = seed * 2_654_435_761 + 1_013;
  let text = '';
  for (let at = 0; at < length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += alphabet[Math.floor(state / 65_536) % alphabet.length] ?? '';
  }
  return text;
}

const hex = (length: number): string => random(length, '0123456789abcdef');
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const lines = (text: string): string => text.match(/.{1,64}/g)?.join('\n') ?? '';

function sample(name: string, kind: SecretKind, secret: string, around = 'Use §, please.'): SecretSample {
  return { name, kind, secret, text: around.replace('§', () => secret) };
}

const jwt = [
  base64url({ alg: 'HS256', typ: 'JWT' }),
  base64url({ sub: '1234', iat: 1_516_239_022 }),
  random(43),
].join('.');
const keyBody = lines(`MII${random(240)}`);

export const secretSamples: readonly SecretSample[] = [
  sample('GitHub personal token', 'GitHub token', `ghp_${random(36)}`),
  sample('GitHub server token', 'GitHub token', `ghs_${random(36)}`, 'GITHUB_TOKEN=§'),
  sample('GitHub fine-grained token', 'GitHub token', `github_pat_${random(22)}_${random(59)}`),
  sample('GitLab token', 'GitLab token', `glpat-${random(20)}`),
  sample('AWS key id', 'AWS key', `AKIA${random(16, upper)}`),
  sample('AWS secret key', 'AWS key', random(40), 'aws_secret_access_key = §'),
  sample('Slack bot token', 'Slack token', `xoxb-${random(12, digits)}-${random(12, digits)}-${random(24)}`),
  sample(
    'Slack webhook',
    'webhook',
    `T${random(9, upper)}/B${random(9, upper)}/${random(24)}`,
    'curl https://hooks.slack.com/services/§ -d hello',
  ),
  sample('OpenAI project key', 'OpenAI key', `sk-proj-${random(74)}T3BlbkFJ${random(74, undefined, 9)}`),
  sample('OpenAI key', 'OpenAI key', `sk-${random(20)}T3BlbkFJ${random(20, undefined, 7)}`),
  sample('OpenRouter key', 'API key', `sk-or-v1-${hex(64)}`),
  sample('Anthropic key', 'Anthropic key', `sk-ant-api03-${random(93)}AA`),
  sample('Google key', 'Google key', `AIza${random(35)}`),
  sample('Google client secret', 'Google key', `GOCSPX-${random(28)}`),
  sample('Stripe live key', 'Stripe key', `sk_live_${random(24)}`),
  sample('Stripe webhook secret', 'Stripe key', `whsec_${random(32)}`),
  sample('npm token', 'npm token', `npm_${random(36)}`),
  sample('npmrc token', 'npm token', hex(36), '//registry.example/:_authToken=§'),
  sample('Hugging Face token', 'access token', `hf_${random(34, upper + lower)}`),
  sample('Groq key', 'access token', `gsk_${random(52)}`),
  sample('SendGrid key', 'access token', `SG.${random(22)}.${random(43)}`),
  sample('PyPI token', 'access token', `pypi-${random(80)}`),
  sample('DigitalOcean token', 'access token', `dop_v1_${hex(64)}`),
  sample('Vault token', 'access token', `hvs.${random(95)}`),
  sample('Databricks token', 'access token', `dapi${hex(32)}`),
  sample('Docker token', 'access token', `dckr_pat_${random(27)}`),
  sample('Telegram bot token', 'access token', random(33), `Bot ${random(9, '123456789')}:AA§ is mine`),
  sample('JSON Web Token', 'JSON Web Token', jwt),
  sample('bearer token', 'access token', random(40), 'Authorization: Bearer §'),
  sample(
    'bearer token in a command',
    'access token',
    random(32),
    `curl -H 'Authorization: Bearer §' https://api.dev`,
  ),
  sample(
    'basic credentials',
    'password',
    Buffer.from('joe:Hunter2!x').toString('base64'),
    'Authorization: Basic §',
  ),
  sample(
    'private key',
    'private key',
    keyBody,
    `Here:\n-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----\nDone.`,
  ),
  sample(
    'OpenSSH key',
    'private key',
    lines(`b3BlbnNzaC1rZXktdjEAAAAA${random(300)}`),
    '-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----',
  ),
  sample(
    'private key in JSON',
    'private key',
    keyBody.replaceAll('\n', String.raw`\n`),
    String.raw`"private_key": "-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----\n"`,
  ),
  sample(
    'password in a database URL',
    'password in a URL',
    'tr0ub4dor',
    'postgres://app:§@db.internal:5432/app',
  ),
  sample(
    'password in a web URL',
    'password in a URL',
    'S3cr3tW0rd',
    'git clone https://joe:§@git.internal/x.git',
  ),
  sample('token in a web URL', 'password in a URL', hex(40), 'git clone https://§@git.internal/x.git'),
  sample('password in an environment file', 'password', 'correcthorse', 'DB_PASSWORD=§\nPORT=80'),
  sample('password in code', 'password', 'hunter22!', `const password = "§";`),
  sample('password with blanks', 'password', 'Tr0ub4dor & 3 more', `password: "§"`),
  sample('password in YAML', 'password', 'hunter22!', 'db:\n  password: §\n  port: 1'),
  sample('password in JSON', 'password', 'hunter22!', `{"user": "joe", "password": "§"}`),
  sample('password that is said', 'password', 'hunter22!', 'My password is §, can you log in?'),
  sample('password on a command line', 'password', 'hunter22!', 'mysql --password § -u root'),
  sample('password in Markdown', 'password', 'hunter22!', '**Password:** §'),
  sample('password for curl', 'password', 'hunter22!', 'curl -u joe:§ https://x.dev'),
  sample('API key by its name', 'secret', hex(32), `api_key: "§"`),
  sample('API key in a header', 'secret', random(32), 'X-Api-Key: §'),
  sample('client secret', 'secret', random(30), `{"clientSecret": "§"}`),
  sample('token in an address', 'secret', random(32), 'https://x.dev/a?access_token=§&page=2'),
  sample('Azure storage key', 'Azure key', `${random(86)}==`, 'AccountName=a;AccountKey=§;EndpointSuffix=x'),
];

/** What looks like a secret, and is none. */
export const innocentTexts: readonly string[] = [
  'The commit is 1dad7cbab5f4b6bdf8b5d4ef6b1e2a3c4d5e6f70, of yesterday.',
  'Turn 0b9f3c1e-7a44-4c2b-9d3e-5f6a7b8c9d0e has ended.',
  `"integrity": "sha512-${random(86, undefined, 4)}==",`,
  `![chart](data:image/png;base64,iVBORw0KGgo${random(4_000, undefined, 5)}AKIA${random(16, upper, 6)}${random(100, undefined, 8)})`,
  'Set OPENAI_API_KEY=sk-... or api_key = "<your key>" or token: ${TOKEN}.',
  'export OPENAI_API_KEY="your-api-key-here"',
  'sk-xxxxxxxxxxxxxxxxxxxxxxxx and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx are no keys.',
  'AKIAIOSFODNN7EXAMPLE is what AWS writes.',
  'const password = await prompt("Password:");',
  'function login(user: string, password: string): Promise<Token> {}',
  'const token = process.env.GITHUB_TOKEN; const apiKey = config.keys.openai;',
  'if (token === undefined || secret == null) throw new Error("The token is missing");',
  'The password: must have 8 characters. The secret is patience. A token is about four letters.',
  'password: required, minimum 8 characters',
  'max_tokens: 16000, token_count=512, tokenizer: cl100k_base, tokens: 1234567890123',
  'http://localhost:3000/@scope/package and ssh://git@github.com:22/a.git',
  'postgres://user:password@localhost/db and https://user:${PASSWORD}@host/',
  'sk-learn, scikit-learn, task-force and key-value stores',
  'See https://example.com/a/b?page=2&sort=asc#token',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----',
  'Bearer authentication is explained in RFC 6750. Basic authentication, too.',
  'The class AbstractSingletonProxyFactoryBean implements authentication-handler-interceptors.',
  'PASSWORD_RESET_TIMEOUT=3600 and SECRET_NAME=projects',
];
