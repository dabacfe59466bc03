/** Bytes that look random and are the same each time. */
function bytes(length: number): Buffer {
  let state = 42;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

const json = {
  name: 'orders-service',
  version: '2.11.4',
  items: Array.from({ length: 12 }, (_, n) => ({
    orderId: 48_000 + n * 37,
    customer: { firstName: 'Maria', lastName: 'Lindqvist', email: `maria.${n}@example.com` },
    createdAt: `2026-03-${10 + n}T08:${10 + n}:00.000Z`,
    total: 19.99 + n * 3.5,
    tags: ['priority', 'gift-wrapped'],
    shipped: n % 2 === 0,
  })),
};

/** Text as it comes in chats, by kind: languages, code, data. */
export const textSamples: Readonly<Record<string, string>> = {
  English: `I have a service that reads orders from a queue and writes them to Postgres. Under load about one in ten
thousand orders is written twice. My first thought was that the consumer crashes between the insert and the
acknowledgement, but the logs show no restart. Could it be that the visibility timeout is shorter than our slowest
transaction? What would you measure first, and how would you make the insert idempotent without a second round trip?
Please explain the trade-offs briefly; I would rather not introduce another dependency for this.`,
  German: `Ich habe einen Dienst, der Bestellungen aus einer Warteschlange liest und in Postgres schreibt. Unter Last wird
ungefähr eine von zehntausend Bestellungen doppelt geschrieben. Zuerst dachte ich, dass der Verbraucher zwischen dem
Einfügen und der Bestätigung abstürzt, aber die Protokolle zeigen keinen Neustart. Könnte es sein, dass die
Sichtbarkeitsdauer kürzer ist als unsere langsamste Transaktion? Was würdest du zuerst messen, und wie ließe sich das
Einfügen idempotent gestalten? Bitte erkläre kurz die Vor- und Nachteile der Möglichkeiten.`,
  French: `J’ai un service qui lit des commandes dans une file d’attente et les écrit dans Postgres. Sous charge, environ une
commande sur dix mille est enregistrée deux fois. J’ai d’abord pensé que le consommateur plantait entre l’insertion et
l’acquittement, mais les journaux ne montrent aucun redémarrage. Se pourrait-il que le délai de visibilité soit plus
court que notre transaction la plus lente ? Que mesurerais-tu en premier ? Explique brièvement les compromis.`,
  Spanish: `Tengo un servicio que lee pedidos de una cola y los escribe en Postgres. Con mucha carga, aproximadamente uno de cada
diez mil pedidos se escribe dos veces. Primero pensé que el consumidor fallaba entre la inserción y la confirmación,
pero los registros no muestran ningún reinicio. ¿Podría ser que el tiempo de visibilidad sea más corto que nuestra
transacción más lenta? ¿Qué medirías primero? Explica brevemente las ventajas y los inconvenientes, por favor.`,
  Polish: `Mam usługę, która odczytuje zamówienia z kolejki i zapisuje je w bazie danych. Pod obciążeniem mniej więcej jedno na
dziesięć tysięcy zamówień jest zapisywane dwukrotnie. Najpierw pomyślałem, że konsument ulega awarii między zapisem
a potwierdzeniem, ale dzienniki nie pokazują żadnego ponownego uruchomienia. Co należałoby zmierzyć najpierw?`,
  Russian: `У меня есть сервис, который читает заказы из очереди и записывает их в базу данных. Под нагрузкой примерно один из
десяти тысяч заказов записывается дважды. Сначала я подумал, что потребитель падает между вставкой и подтверждением,
но в журналах нет ни одного перезапуска. Может ли быть, что время видимости короче нашей самой медленной транзакции?
Что бы ты измерил в первую очередь и как сделать вставку идемпотентной?`,
  Greek: `Έχω μια υπηρεσία που διαβάζει παραγγελίες από μια ουρά και τις γράφει στη βάση δεδομένων. Υπό φορτίο, περίπου μία
στις δέκα χιλιάδες παραγγελίες γράφεται δύο φορές. Τι θα μετρούσες πρώτα και πώς θα το διόρθωνες;`,
  Arabic: `لدي خدمة تقرأ الطلبات من قائمة انتظار وتكتبها في قاعدة البيانات. تحت الضغط يُكتب طلب واحد من كل عشرة آلاف طلب مرتين.
ظننت في البداية أن البرنامج يتعطل بين الكتابة والتأكيد، لكن السجلات لا تظهر أي إعادة تشغيل. ماذا ستقيس أولاً؟`,
  Hindi: `मेरे पास एक सेवा है जो कतार से ऑर्डर पढ़ती है और उन्हें डेटाबेस में लिखती है। भारी लोड पर लगभग दस हज़ार में से एक ऑर्डर दो बार
लिखा जाता है। पहले मुझे लगा कि प्रोग्राम बीच में बंद हो जाता है, लेकिन लॉग में कोई पुनरारंभ नहीं दिखता। आप सबसे पहले क्या मापेंगे?`,
  Chinese: `我有一个服务，从消息队列中读取订单并写入数据库。在高负载下，大约每一万个订单中就有一个被写入两次。起初我以为是消费者在插入和
确认之间崩溃了，但日志里没有任何重启的记录。有没有可能是可见性超时时间比我们最慢的事务还短？你会先测量什么？怎样才能在不增加
一次往返的情况下让插入操作具有幂等性？请简要说明各种方案的优缺点，我不想再引入新的依赖。`,
  Japanese: `キューから注文を読み取ってデータベースに書き込むサービスがあります。負荷が高いと、約一万件に一件の注文が二重に書き込まれます。
最初は挿入と確認応答の間でコンシューマーがクラッシュしていると思いましたが、ログには再起動の記録がありません。可視性タイムアウトが最も
遅いトランザクションより短い可能性はありますか。まず何を測定しますか。それぞれの方法の長所と短所を簡単に説明してください。`,
  Korean: `큐에서 주문을 읽어 데이터베이스에 기록하는 서비스가 있습니다. 부하가 높으면 주문 만 건 중 한 건 정도가 두 번 기록됩니다. 처음에는
삽입과 확인 사이에 소비자가 중단된다고 생각했지만 로그에는 재시작 기록이 없습니다. 무엇을 먼저 측정하시겠습니까? 각 방법의 장단점을
간단히 설명해 주세요.`,
  TypeScript: `export class OrderConsumer {
  readonly #queue: MessageQueue;
  #running = false;

  constructor(queue: MessageQueue, private readonly store: OrderStore) {
    this.#queue = queue;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#running = true;
    while (!signal.aborted) {
      const message = await this.#queue.receive({ waitSeconds: 20, maxMessages: 1 });
      if (message === undefined) continue;
      const order = parseOrder(message.body);
      await this.store.insert(order, { onConflict: 'ignore' });
      await this.#queue.acknowledge(message.receiptHandle).catch((error: unknown) => log.warn(error));
    }
  }
}`,
  Python: `import argparse
from dataclasses import dataclass, field

@dataclass
class Consumer:
    queue: "Queue"
    store: "OrderStore"
    seen: set[str] = field(default_factory=set)

    def handle(self, message: dict) -> bool:
        """Returns whether the order was new."""
        order_id = message["body"]["order_id"]
        if order_id in self.seen:
            return False
        with self.store.transaction() as tx:
            tx.execute("INSERT INTO orders (id, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", (order_id, message["body"]))
        self.seen.add(order_id)
        return True

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wait-seconds", type=int, default=20)
    main(parser.parse_args())`,
  Rust: `impl<Q: Queue> Consumer<Q> {
    pub async fn run(&mut self, mut stop: watch::Receiver<bool>) -> Result<(), ConsumerError> {
        loop {
            tokio::select! {
                _ = stop.changed() => return Ok(()),
                message = self.queue.receive(Duration::from_secs(20)) => {
                    let Some(message) = message? else { continue };
                    let order: Order = serde_json::from_slice(&message.body)?;
                    self.store.insert(&order).await?;
                    self.queue.acknowledge(&message.receipt).await.map_err(ConsumerError::Queue)?;
                }
            }
        }
    }
}`,
  C: `static int consumer_handle(struct consumer *c, const struct message *msg)
{
	struct order *order = order_parse(msg->body, msg->len);
	if (!order)
		return -EINVAL;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->nr_seen; i++) {
		if (!strcmp(c->seen[i], order->id)) {
			pthread_mutex_unlock(&c->lock);
			return 0;
		}
	}
	pthread_mutex_unlock(&c->lock);
	return store_insert(c->store, order, STORE_IGNORE_CONFLICT);
}`,
  SQL: `SELECT o.id, o.created_at, count(*) AS copies
FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
WHERE o.created_at >= now() - interval '7 days' AND c.country IN ('SE', 'DE', 'FR')
GROUP BY o.id, o.created_at HAVING count(*) > 1 ORDER BY copies DESC LIMIT 50;`,
  CSS: `.chat-message > .content { padding: 0.25rem 0.75rem; color: var(--vscode-foreground); }
.chat-message:not(:last-child)::after { content: ''; display: block; border-bottom: 1px solid #80808059; }
@media (prefers-reduced-motion: reduce) { * { animation-duration: 0.01ms !important; } }`,
  Shell: `#!/usr/bin/env bash
set -euo pipefail
for file in "$ROOT"/migrations/*.sql; do
  echo "==> $(basename "$file")"
  psql --quiet --set ON_ERROR_STOP=1 "$DATABASE_URL" < "$file" || { echo "failed: $file" >&2; exit 1; }
done`,
  Markdown: `## What I would measure

1. **Time in flight**: from \`receive\` to \`acknowledge\`, as a histogram (p50, p95, *p99.9*).
2. The number of messages that come [more than once](https://example.com/docs/at-least-once#duplicates).

| timeout | duplicates | throughput |
| ------- | ---------: | ---------- |
| 30 s    |         12 | 840/s      |
| 120 s   |          0 | 835/s      |

> A timeout longer than the slowest transaction is necessary, but not sufficient.`,
  JSON: JSON.stringify(json),
  'indented JSON': JSON.stringify(json, null, 2),
  CSV: json.items
    .map(({ orderId, createdAt, total, shipped }) => `${orderId},${createdAt},${total.toFixed(2)},${shipped}`)
    .join('\n'),
  log: json.items
    .map(({ orderId, createdAt }, n) => `${createdAt} [info] GET /api/v1/orders/${orderId} 200 ${n * 7}ms`)
    .join('\n'),
  base64: bytes(1_500).toString('base64'),
  hex: bytes(1_000).toString('hex'),
  'hex dump': [...bytes(400)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  numbers: JSON.stringify(Array.from(bytes(300), (byte, n) => (byte * 7919 + n) / 977)),
  digits: Array.from(bytes(1_200), (byte) => byte % 10).join(''),
  emoji: '😀😂🥰 👍🏽 🚀🔥✨ 🎉 👩‍👩‍👧‍👦 🇩🇪 ❤️ '.repeat(12),
  capitals:
    'THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG. DO NOT TOUCH THE RED BUTTON UNTIL THE ALARM HAS STOPPED. '.repeat(
      3,
    ),
  identifiers:
    'getElementById addEventListener max_prompt_tokens XMLHttpRequest process.env.NODE_ENV $scope.$apply() '.repeat(
      4,
    ),
  'stack trace': Array.from(
    { length: 12 },
    (_, n) =>
      `    at async Consumer.handle (/home/maria/orders/node_modules/consumer/dist/index.js:${120 + n * 31}:${n + 9})`,
  ).join('\n'),
};
