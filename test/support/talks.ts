import type { SessionDump } from '../../src/core/historyLog';

/** When it is asked: a Wednesday. */
export const asked = '2026-06-17T09:00:00.000Z';

export interface Asked {
  readonly question: string;
  /** What must be among the first `within` hits. */
  readonly wants: string;
  readonly within: number;
  /** What must come after that, if it comes. */
  readonly before?: string;
  readonly now?: string;
}

type Said = readonly [at: string, prompt: string, answer: string];

const trace = `TypeError: Cannot read properties of undefined (reading 'leaseUntil')
    at TurnStore.renewLease (src/storage/turnStore.ts:142:17)
    at async SessionRunner.step (src/session/sessionRunner.ts:88:5)
    at async Promise.all (index 0)`;

const development: readonly Said[] = [
  ['2026-02-03T09:10:00Z', 'pool.test.ts fails with ECONNREFUSED 127.0.0.1:5432', 'Nothing listens there. Start it with `docker compose up -d db`; the pool waits for pg_isready then.'],
  ['2026-02-03T09:40:00Z', trace, 'The lease is read after the row was deleted. Guard it in `renewLease`: return false where findTurn gives nothing.'],
  ['2026-02-10T14:00:00Z', 'Pin esbuild to 0.28.2, as 0.28.3 loses the source maps of workers. See #4821.', 'Pinned in package.json, and noted in the changelog.'],
  ['2026-02-11T10:00:00Z', 'tsc says error TS2345 in src/adapters/mailGateway.ts', 'The second argument is a Buffer; pass `toString("utf8")`.'],
  ['2026-02-12T11:30:00Z', 'Where do we set max_wal_size?', 'In deploy/postgres/tuning.conf: max_wal_size = 4GB since the import of January.'],
  ['2026-03-02T09:00:00Z', 'Why is fetchInvoiceTotals so slow?', 'It asks once for each customer. I batched it in InvoiceRepository.loadTotals: 40 queries became 1.'],
  ['2026-03-03T16:20:00Z', 'The retry of httpClient must back off: 200 ms, doubled, at most 5 tries, with jitter.', 'Done in src/net/retryPolicy.ts, and a test for the jitter.'],
  ['2026-03-04T08:15:00Z', 'exit code 137 in the nightly job, again', 'That is the OOM killer. The job has 2 GB; the report of March needs 3.1 GB. I raised the limit to 4 GB.'],
  ['2026-03-05T12:00:00Z', 'git bisect says that 9f3c2ab broke the login', 'That commit renamed the cookie from sid to session_id, and the proxy strips names with an underscore.'],
  ['2026-03-09T10:00:00Z', 'Which feature flags are on in staging?', 'NEW_CHECKOUT and FAST_SEARCH; DARK_LAUNCH is off until the load test.'],
]; // prettier-ignore

const filler =
  'A plan for the quarter says who does what, when it is looked at again, and what it may cost; it is short. ';
const long = (fact: string): string => `${filler.repeat(9)}\n\n${fact} ${filler.repeat(9)}`;

const answers: readonly Said[] = [
  ['2026-04-01T10:00:00Z', 'Draft the plan for the Kessler account', long('For Kessler I propose a renewal discount of 12 percent, if they sign for three years.')],
  ['2026-04-02T10:00:00Z', 'And one for the Moreau account', long('Moreau pays in two instalments, the second one in October.')],
  ['2026-04-03T10:00:00Z', 'Compare the venues for the offsite', long('The monastery in Ettal sleeps forty people and has no projector.')],
  ['2026-04-06T10:00:00Z', 'Summarise the interviews', long('Three of the five candidates had never used Kubernetes; Ines had run it for years.')],
]; // prettier-ignore

const diary: readonly Said[] = [
  ['2026-06-16T17:00:00Z', 'Standup note: I worked on the invoice parser today', 'Noted.'],
  ['2026-06-09T17:00:00Z', 'Standup note: I worked on the search index today', 'Noted.'],
  ['2026-06-03T17:00:00Z', 'Standup note: I worked on the login page today', 'Noted.'],
  ['2026-03-12T17:00:00Z', 'Standup note: I worked on the billing export today', 'Noted.'],
  ['2026-05-05T17:00:00Z', 'Standup note: I worked on the map widget today', 'Noted.'],
  ['2026-01-20T17:00:00Z', 'Standup note: I worked on the onboarding mails today', 'Noted.'],
]; // prettier-ignore

const updates: readonly Said[] = [
  ['2026-01-08T10:00:00Z', 'We rotate the signing keys every 30 days.', 'Noted.'],
  ['2026-05-20T10:00:00Z', 'We rotate the signing keys every 14 days now.', 'Noted.'],
  ['2026-01-15T10:00:00Z', 'The release manager is Tomasz.', 'Noted.'],
  ['2026-05-28T10:00:00Z', 'The release manager is Priya from now on.', 'Noted.'],
  ['2026-02-01T10:00:00Z', 'My desk is in room 3.14.', 'Noted.'],
  ['2026-06-01T10:00:00Z', 'I moved: my desk is in room 2.07.', 'Noted.'],
]; // prettier-ignore

const languages: readonly Said[] = [
  ['2026-04-10T10:00:00Z', 'Unser Vermieter heißt Brandt und wohnt im dritten Stock.', 'Verstanden.'],
  ['2026-04-11T10:00:00Z', 'Die Heizungsanlage wurde im November gewartet, die nächste Wartung ist in zwei Jahren.', 'Gut.'],
  ['2026-04-12T10:00:00Z', 'Der Zahnarzttermin ist am Donnerstag um halb neun.', 'Ich merke es mir.'],
  ['2026-04-13T10:00:00Z', '京都の旅館は「花水木」に予約しました。', '承知しました。'],
  ['2026-04-14T10:00:00Z', '本番サーバーのポートは8443番です。', '了解しました。'],
  ['2026-04-15T10:00:00Z', '我妹妹在上海的一家医院做护士。', '记住了。'],
  ['2026-04-16T10:00:00Z', '数据库密码保存在保险箱里。', '明白。'],
  ['2026-04-17T10:00:00Z', 'Мою собаку зовут Барон, ей шесть лет.', 'Запомнил.'],
  ['2026-04-18T10:00:00Z', 'Отчёт сдаём в пятницу, ответственная Ольга.', 'Понятно.'],
]; // prettier-ignore

const life: readonly Said[] = [
  ['2026-04-20T10:00:00Z', 'I am allergic to hazelnuts, and my daughter cannot have milk.', 'Noted.'],
  ['2026-04-21T10:00:00Z', 'We adopted a greyhound called Pixel from the shelter in Leeds.', 'Congratulations!'],
  ['2026-04-22T10:00:00Z', 'My brother sold his bakery and studies law in Utrecht now.', 'Good for him.'],
  ['2026-04-23T10:00:00Z', 'The plumber charged 340 euros for the boiler.', 'That is fair.'],
]; // prettier-ignore

export const questions: Readonly<Record<string, readonly Asked[]>> = {
  'a developer’s sessions': [
    { question: 'How did we get rid of ECONNREFUSED in pool.test.ts?', wants: 'docker compose', within: 3 },
    { question: 'ECONNREFUSED 127.0.0.1:5432', wants: 'pool.test.ts', within: 1 },
    { question: 'Why was leaseUntil undefined in renewLease?', wants: 'deleted', within: 3 },
    { question: 'the crash at src/storage/turnStore.ts:142', wants: 'renewLease (src', within: 1 },
    { question: 'session runner step crash', wants: 'SessionRunner.step', within: 3 },
    { question: 'What was #4821 about?', wants: 'source maps', within: 1 },
    { question: 'Which version of esbuild is pinned?', wants: '0.28.2', within: 2 },
    { question: 'What was wrong with 0.28.3?', wants: 'source maps', within: 1 },
    { question: 'TS2345', wants: 'mailGateway', within: 1 },
    { question: 'What did you tell me about error TS2345 in the mail gateway?', wants: 'Buffer', within: 2 },
    { question: 'max_wal_size', wants: '4GB', within: 2 },
    { question: 'How big is the max wal size?', wants: '4GB', within: 3 },
    { question: 'What made the invoice totals slow?', wants: 'once for each customer', within: 3 },
    { question: 'loadTotals', wants: 'InvoiceRepository', within: 1 },
    { question: 'How many tries has the retry policy of the http client?', wants: 'at most 5 tries', within: 2 },
    { question: 'Why did the nightly job end with 137?', wants: 'OOM', within: 3 },
    { question: 'What did commit 9f3c2ab break?', wants: '9f3c2ab', within: 1 },
    { question: 'Is DARK_LAUNCH on?', wants: 'DARK_LAUNCH is off', within: 1 },
  ],
  'long answers with the fact in the middle': [
    { question: 'Which discount did you propose for Kessler?', wants: '12 percent', within: 2 },
    { question: 'When does Moreau pay the second instalment?', wants: 'October', within: 3 },
    { question: 'What is missing in the monastery in Ettal?', wants: 'no projector', within: 2 },
    { question: 'Which candidate had used Kubernetes for years?', wants: 'Ines', within: 2 },
  ],
  'questions about times': [
    { question: 'What did I work on yesterday?', wants: 'invoice parser', within: 1 },
    { question: 'What did I work on last Tuesday?', wants: 'search index', within: 2 },
    { question: 'What did I work on two weeks ago?', wants: 'login page', within: 2 },
    { question: 'What did I work on in March?', wants: 'billing export', within: 2 },
    { question: 'What did I work on on 5 May?', wants: 'map widget', within: 1 },
    { question: 'What did I work on in January?', wants: 'onboarding mails', within: 1 },
    { question: 'What did I work on yesterday?', wants: 'invoice parser', within: 1, now: '2026-06-17T23:30:00-11:00' },
    { question: 'What did I work on yesterday?', wants: 'invoice parser', within: 1, now: '2026-06-17T00:30:00+14:00' },
    { question: 'What did I work on today?', wants: 'invoice parser', within: 1, now: '2026-06-16T23:59:00Z' },
  ],
  'facts that changed': [
    { question: 'How often do we rotate the signing keys?', wants: '14 days', before: '30 days', within: 1 },
    { question: 'Who is the release manager?', wants: 'Priya', before: 'Tomasz', within: 1 },
    { question: 'In which room is my desk?', wants: '2.07', before: '3.14', within: 1 },
  ],
  'languages': [
    { question: 'Wie heißt mein Vermieter?', wants: 'Brandt', within: 1 },
    { question: 'Wann werden die Heizungen gewartet?', wants: 'Wartung', within: 1 },
    { question: 'Wann ist der Zahnarzttermin?', wants: 'halb neun', within: 1 },
    { question: '旅館はどこに予約しましたか？', wants: '花水木', within: 1 },
    { question: '本番サーバーのポートは？', wants: '8443番', within: 1 },
    { question: '我妹妹在哪里工作？', wants: '上海', within: 1 },
    { question: '数据库的密码在哪里？', wants: '保险箱', within: 1 },
    { question: 'Как зовут моих собак?', wants: 'Барон', within: 1 },
    { question: 'Когда сдаём отчёты?', wants: 'пятницу', within: 1 },
  ],
  'questions in other forms of the words': [
    { question: 'Who of the daughters cannot have milk?', wants: 'hazelnuts', within: 1 },
    { question: 'What is the greyhound’s name that we are adopting?', wants: 'Pixel', within: 1 },
    { question: 'What is my brother studying?', wants: 'law in Utrecht', within: 1 },
    { question: 'How much was the plumber charging?', wants: '340 euros', within: 1 },
  ],
}; // prettier-ignore

/** Talk of other things, with words of all of the above, so that no word alone finds anything. */
const others = [
  'the server', 'my desk', 'the release', 'an account', 'the search', 'a report', 'the keys', 'the login', 'an error',
  'the job', 'my brother', 'the plan', 'a commit', 'the pool', 'the manager', 'a room', 'the test', 'the version',
  'the dog', 'a doctor', 'the note', 'the map', 'the parser', 'the queue', 'the garden', 'the bicycle',
]; // prettier-ignore
const asks = ['Tell me about', 'What do you think of', 'Write two lines about', 'I read something about', 'How would one draw', 'Translate into plain words:']; // prettier-ignore
const says = ['There is much to be said of', 'One could begin with', 'Here are two lines on', 'People differ over', 'A drawing shows']; // prettier-ignore

function chatter(): readonly Said[] {
  return Array.from({ length: 130 }, (_, n): Said => {
    const one = others[n % others.length] ?? '';
    const other = others[(n * 7 + 3) % others.length] ?? '';
    const at = new Date(Date.UTC(2026, 0, 2) + n * 30 * 3_600_000).toISOString();
    return [
      at,
      `${asks[n % asks.length]} ${one} and ${other}`,
      `${says[n % says.length]} ${other}, and of ${one}.`,
    ];
  });
}

/** As an import brings them. */
export function sessions(): readonly SessionDump[] {
  const all = { development, answers, diary, updates, languages, life, chatter: chatter() };
  return Object.entries(all).map(([title, said]) => ({
    id: title,
    title,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-06-16T00:00:00.000Z',
    turns: said.map(([at, prompt, answer], n) => ({
      id: `${title}-${n}`,
      createdAt: new Date(at).toISOString(),
      status: 'complete' as const,
      messages: [
        { role: 'user' as const, content: prompt },
        { role: 'assistant' as const, content: answer },
      ],
    })),
  }));
}
