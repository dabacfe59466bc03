import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory, RecallHit, RecallOptions } from '../../src/core/memory/longTermMemory';
import type { Message, TurnStatus } from '../../src/core/message';
import { createdAt, tellSession } from './logFixture';
import type { MemoryFixture } from './longTermMemory.contract';

const readA: Message = {
  role: 'assistant',
  content: '',
  tool_calls: [
    { id: 'c', type: 'function', function: { name: 'readFile', arguments: '{"path":"src/core/a.ts"}' } },
  ],
};

const filler = 'Something else altogether is told of here, at some length and to no purpose. ';

/** What `recall` promises beyond finding words. */
export function recallContract(name: string, create: () => Promise<MemoryFixture>): void {
  suite(`Recall: ${name}`, () => {
    let fixture: MemoryFixture;
    let log: HistoryLog;
    let memory: LongTermMemory;

    setup(async () => {
      fixture = await create();
      ({ log, memory } = fixture);
    });
    teardown(() => fixture.dispose());

    /** Each list of messages is a turn, said at a time. */
    const tell = (sessionId: string, turns: readonly (readonly Message[])[], at = createdAt): Promise<void> =>
      tellSession(
        log,
        sessionId,
        turns.map((messages) => ({ at, messages })),
      );

    async function found(query: string, more: Partial<RecallOptions> = {}): Promise<readonly string[]> {
      const hits = await memory.recall(query, { limit: 10, ...more });
      return hits.map(({ messageId }) => messageId);
    }

    for (const name of ['recall', 'list_facts', undefined]) {
      test(`what ${name ?? 'a memory tool of old'} quoted is not found again as if somebody had said it`, async () => {
        const call = { id: 'c', type: 'function', function: { name: name ?? 'recall', arguments: '{}' } } as const;
        const quote = { date: '', session: 's0', turn: 's0.0', role: 'user', quote: 'The zebra eats hay.' };
        const content = JSON.stringify({ facts: [{ id: 'f', date: '', text: 'zebra zebra' }], messages: [quote] });
        const answer: Message = { role: 'tool', content, tool_call_id: 'c', ...(name !== undefined && { name }) };
        await tell('s0', [[says('The zebra eats hay.'), says('Noted.', 'assistant')]]);
        const echo = [says('Tell me!'), { role: 'assistant', content: '', tool_calls: [call] }, answer] as const;
        await tell('s1', Array.from({ length: 3 }, () => echo));
        assert.deepEqual((await found('zebra')).filter((id) => id.endsWith('.2')), []);
        assert.equal((await found('zebra'))[0], 's0.0.0');
        assert.deepEqual(await found('zebra', { role: 'tool' }), []);
        await log.deleteSession('s1');
        assert.equal((await found('zebra'))[0], 's0.0.0', 'and the index is whole after its delete');
      }); // prettier-ignore
    }

    const says = (content: string, role: Message['role'] = 'user', by?: string): Message => ({
      role,
      content,
      ...(by !== undefined && { name: by }),
    });

    test('what failed without an answer is left out where that is asked for, and else found', async () => {
      const call = { id: 'c', type: 'function', function: { name: 'readFile', arguments: '{}' } } as const;
      const result: Message = { role: 'tool', content: 'The boathouse', tool_call_id: 'c' };
      const turns: readonly (readonly [string, TurnStatus, ...Message[]])[] = [
        ['none', 'failed', says('Where is the boathouse key?')],
        [
          'called',
          'failed',
          says('The boathouse?'),
          { role: 'assistant', content: '', tool_calls: [call] },
          result,
        ],
        ['part', 'failed', says('And the boathouse roof?'), says('The boathouse roof is', 'assistant')],
        ['stopped', 'stopped', says('The boathouse, please?')],
        ['asked', 'failed', says('Who painted the boathouse?', 'user', 'Ada')],
        ['said', 'complete', says('Bob painted the boathouse.', 'user', 'Bob')],
      ];
      const dump = turns.map(([id, status, ...messages]) => ({ id, createdAt, status, messages }));
      const session = { id: 's', title: 's', createdAt, updatedAt: createdAt, turns: dump };
      await log.load({ sessions: [session], facts: [] }, 'update');
      const hits = async (answered: boolean) =>
        memory.recall('boathouse', { limit: 20, neighbours: true, answered });
      const turnsOf = (all: readonly RecallHit[]) => [...new Set(all.map(({ turnId }) => turnId))].toSorted();
      const [all, answered] = [await hits(false), await hits(true)];
      assert.deepEqual(turnsOf(all), ['asked', 'called', 'none', 'part', 'said', 'stopped']);
      assert.equal(all.find(({ turnId }) => turnId === 'said')?.neighbour?.turnId, 'asked');
      assert.deepEqual(turnsOf(answered), ['part', 'said', 'stopped']);
      assert.ok(answered.some(({ role }) => role === 'assistant'));
      assert.equal(answered.find(({ turnId }) => turnId === 'said')?.neighbour, undefined);
    });

    test('of a long message the passage that answers is told, with the words that were asked for', async () => {
      const fact = 'The spare key of the boathouse hangs behind the barometer.';
      const text = `${filler.repeat(20)}\n${fact}\n${filler.repeat(20)}`;
      await tell('s', [[says('Tell me all of it.'), says(text, 'assistant')]]);
      const [hit] = await memory.recall('boathouse keys', { limit: 1 });
      assert.equal(hit?.text, text);
      const { passage, highlights } = hit;
      assert.ok(text.slice(passage.start, passage.end).includes(fact));
      assert.ok(passage.end - passage.start < text.length / 2);
      const shown = highlights.map(({ start, end }) => text.slice(start, end));
      assert.deepEqual(shown, ['key', 'boathouse']);
    });

    test('where people talk, an answer that repeats no word of the question is found by it', async () => {
      const [ada, bo] = ['Ada', 'Bo'];
      await tell('s', [
        [says('The weather was fine all week.', 'user', bo)],
        [says('Which instrument do you play in the orchestra?', 'user', bo)],
        [says('The bassoon, since school.', 'user', ada)],
      ]);
      assert.ok(
        (await found('Which instrument does Ada play in the orchestra?')).slice(0, 2).includes('s.2.0'),
      );
    });

    const talk = [
      ['Bo', 'The weather was fine all week.'],
      ['Ada', 'It was, and the choir sang outside.'],
      ['Bo', 'Which instrument do you play in the orchestra?'],
      ['Ada', 'The bassoon, since school.'],
      ['Bo', 'I heard one at the harbour once.'],
      ['Ada', 'That was the tuba of the fire brigade.'],
    ] as const;
    const written: readonly (readonly [string, (speaker: string, text: string) => Message])[] = [
      ['with their names', (by, text) => says(text, 'user', by)],
      ['as a transcript', (by, text) => says(`${by}: ${text}`)],
      ['as user and assistant', (by, text) => says(text, by === 'Bo' ? 'user' : 'assistant')],
      [
        'as user and assistant in a transcript',
        (by, text) => says(`${by}: ${text}`, by === 'Bo' ? 'user' : 'assistant'),
      ],
    ];
    for (const [way, write] of written) {
      test(`people who talk are understood however they are written down: ${way}`, async () => {
        await tell(
          's',
          talk.map(([by, text]) => [write(by, text)]),
        );
        assert.equal((await found('Whose tuba was it?'))[0], 's.5.0');
        assert.ok((await found('Which instrument does Ada play?')).slice(0, 2).includes('s.3.0'));
      });
    }

    test('a short answer is found by its question, and nothing else by what stands beside it', async () => {
      await tell('s', [
        [says('Where is the lighthouse?'), says('On the northern cape.', 'assistant')],
        [says('Is it? Thanks.'), says('You are welcome.', 'assistant')],
      ]);
      assert.deepEqual((await found('lighthouse')).toSorted(), ['s.0.0', 's.0.1']);
    });

    test('an assistant that writes long answers lends no such answer to a question', async () => {
      const answer = `On the northern cape. ${filler.repeat(12)}`;
      await tell('s', [
        [says('Where is the lighthouse?'), says(answer, 'assistant')],
        [says('And who painted it?'), says(filler.repeat(12), 'assistant')],
      ]);
      assert.deepEqual(await found('lighthouse'), ['s.0.0']);
    });

    for (const [language, query, ...forms] of [
      ['German', 'In welchen Häusern war das?', 'ein altes Haus', 'die Häuser am See', 'des Hauses'],
      ['German', 'Wann werden die Datenbanken gesichert?', 'Die Datenbank ist gesichert'],
      ['French', 'Où sont les serveurs installés ?', 'Le serveur est ici', 'Elle est installée ici'],
      ['Spanish', '¿Cuándo eran las reuniones?', 'La reunión empieza a las diez'],
      ['Dutch', 'Wanneer zijn de vergaderingen?', 'Onze vergadering', 'Elke vergadering is kort'],
      ['Swedish', 'Vilka knappar ska vi ha?', 'En blå knapp'],
      ['Russian', 'Где у нас серверы?', 'Адрес сервера', 'Всем серверам'],
      ['Finnish', 'Missä palvelimet ovat?', 'Uusi palvelimen osoite'],
    ] as const) {
      test(`in ${language} every form of a word is found: ${query}`, async () => {
        await tell('s', [...forms.map((form) => [says(form)]), [says('Something else altogether.')]]);
        assert.deepEqual(
          [...(await found(query))].sort(),
          forms.map((_, index) => `s.${index}.0`),
        );
        await Promise.all(forms.map((text, index) => memory.remember({ id: `f${index}`, text, createdAt })));
        const facts = await memory.recallFacts(query, 10);
        assert.deepEqual(
          facts.map(({ id }) => id).sort(),
          forms.map((_, index) => `f${index}`),
        );
      });
    }

    test('a word of an English question is not taken for a form of another language', async () => {
      await tell('s', [[says('die Häuser')], [says('my house')]]);
      assert.deepEqual(await found('which house is it?'), ['s.1.0']);
    });

    test("what the assistant said is found before the user's prompt where that is asked for", async () => {
      const prompt = says('Which varnish for oak?');
      const advice = 'Take tung oil varnish for oak.';
      await tell('s', [[prompt, says(advice, 'assistant')]]);
      assert.equal((await found('Which varnish did you recommend for oak?'))[0], 's.0.1');
      await tell('s', [[prompt, says(`${advice} ${filler.repeat(12)}`, 'assistant')]]);
      assert.equal((await found('Which varnish for oak?'))[0], 's.0.0');
    });

    test('filters narrow it by role, time, tools and path', async () => {
      await tell('old', [[says('zebra in march')]], '2026-03-05T10:00:00.000Z');
      await tell('new', [[says('zebra in may'), readA, { ...says('zebra file', 'tool'), tool_call_id: 'c' }, says('zebra', 'assistant')]], '2026-05-05T10:00:00.000Z'); // prettier-ignore
      const sorted = async (more: Partial<RecallOptions>) => [...(await found('zebra', more))].sort();
      assert.deepEqual(await sorted({ role: 'assistant' }), ['new.0.3']);
      assert.deepEqual(await sorted({ before: '2026-04-01T00:00:00.000Z' }), ['old.0.0']);
      assert.deepEqual(await sorted({ after: '2026-04-01T00:00:00.000Z', role: 'user' }), ['new.0.0']);
      const march = { after: '2026-03-05T10:00:00.000Z', before: '2026-03-05T10:00:00.001Z' };
      assert.deepEqual(await sorted(march), ['old.0.0']);
      assert.deepEqual(await sorted({ ...march, before: march.after }), []);
      assert.deepEqual(await sorted({ hasToolCall: true }), ['new.0.2']);
      assert.deepEqual(await sorted({ hasToolCall: false, sessionId: 'new' }), ['new.0.0', 'new.0.3']);
      assert.deepEqual(await sorted({ sessionId: 'none' }), []);
      assert.deepEqual(await found('readFile', { path: 'core/a.ts' }), ['new.0.1']);
      assert.deepEqual(await found('readFile', { path: 'core\\A.ts' }), ['new.0.1']);
      assert.deepEqual(await found('readFile', { path: 'ore/a.ts' }), []);
    });

    test('filters look behind many better hits', async () => {
      await tell('old', [[says(`zebra ${filler}`)]], '2026-03-05T10:00:00.000Z');
      await tell(
        'new',
        Array.from({ length: 300 }, () => [says('zebra zebra')]),
        '2026-05-05T10:00:00.000Z',
      );
      assert.deepEqual(await found('zebra', { before: '2026-04-01T00:00:00.000Z' }), ['old.0.0']);
    });

    test('what was said on the day that a question names comes first', async () => {
      for (const [id, at] of [['a', '2026-02-10'], ['b', '2026-03-03'], ['c', '2026-03-17']] as const) {
        await tell(id, [[says('We had dinner at the harbour')]], `${at}T18:00:00.000Z`);
      } // prettier-ignore
      const now = '2026-03-18T09:00:00.000Z';
      assert.equal((await found('Where was dinner on 10 February?', { now }))[0], 'a.0.0');
      assert.equal((await found('Where was dinner two weeks ago?', { now }))[0], 'b.0.0');
      assert.equal((await found('Where was dinner last Tuesday?', { now: '2026-03-20T09:00:00.000Z' }))[0], 'c.0.0'); // prettier-ignore
    });

    for (const [query, text] of [
      ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'],
      ['#1234', 'This is fixed by #1234 in main'],
      ['v1.2.3', 'Since v1.2.3 the option is gone'],
      ['max_tokens', 'Set max_tokens to 100'],
      ['maxTokens', 'Set maxTokens to 100'],
      ['parseHTTPResponse', 'In parseHTTPResponse it fails'],
      ['src/core/b.ts', 'See src/core/b.ts for it'],
      ['会議', '明日は東京で会議があります'],
      ['ガイド', '新しいガイドを書きました'],
      ['который', 'Тот кот, который ушёл'],
      ['ещё', 'Он ещё вернётся'],
      ['हिन्दी', 'मुझे हिन्दी आती है'],
      ['ที่นี่', 'เราอยู่ที่นี่'],
      ['Ελλάδα', 'Πάμε στην Ελλάδα'],
      ['שָׁלוֹם', 'הוא אמר שָׁלוֹם'],
      ['docs/resumé.md', 'See docs/resumé.md for it'],
    ] as const) {
      test(`${query} is found among texts that hold parts of it`, async () => {
        await tell('s', [
          [says('Version 1 came 2 days before 3, with 1,234 tokens of state at most')],
          [says(text)],
          [says('The max of a parse response: a core state, tokens, src, connect, ts, main; 東京')],
        ]);
        assert.equal((await found(query))[0], 's.1.0');
      });
    }

    for (const marks of ['\u0e31', '\u0301', '\u3099', '\u0e31/\u0e31', '\u0e31\u0e34.\u0301']) {
      test(`marks that stand on no letter (${JSON.stringify(marks)}) look for nothing`, async () => {
        await tell('s', [[says(`zebra ${marks} ที่นี่`)]]);
        assert.deepEqual(await found(marks), []);
        assert.deepEqual(await found(`zebra ${marks}`), ['s.0.0']);
      });
    }

    test('a search everywhere finds what is said here, too, and says that it is here', async () => {
      await tell('s', [[says('xylophone')]]);
      const [hit] = await memory.recall('xylophone', { limit: 1, everywhere: true });
      assert.equal(hit?.text, 'xylophone');
      assert.equal(hit.workspace?.here, true);
      assert.notEqual(hit.workspace.name, '');
    });

    test('what stands beside a deleted turn lends nothing of it', async () => {
      await tell('s', [[says('We met at the quarry', 'user', 'Ada')], [says('Yes!', 'user', 'Bo')]]);
      assert.ok((await found('quarry')).length > 0);
      await log.deleteTurn('s.0');
      assert.deepEqual(await found('quarry'), []);
    });
  });
}
