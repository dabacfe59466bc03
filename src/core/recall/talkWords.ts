/**
 * Words by which one steers a conversation, and says nothing of what it is about: a prompt of these alone asks for
 * nothing of the past. Beside `stopWords` and `fillerWords`; of the languages that are chatted in most, their commonest
 * words of any kind, too, as their stop words are not left out elsewhere.
 */
export const talkWords: ReadonlySet<string> = new Set(
  [
    // English
    `thanks thank thx ok okay alright hi hello hey yes yeah yep yup no nope nah sure great good nice cool perfect fine
     well right wrong lol haha hahaha wow hmm bye goodbye goodnight morning evening night afternoon welcome sorry cheers
     continue go keep proceed start stop wait begin again next first second third last one two step part same different
     correct agree agreed agrees mean means make makes made making do done doing does work works working worked show
     shorter longer better best worse show explain understand understood got mind problem worries yet please undo redo
     fix try tried retry update change redo sound sounds look looks looking see seen tomorrow later soon today now care
     rest option choice already really maybe perhaps exactly absolutely definitely course happy glad love awesome
     amazing excellent brilliant fantastic wonderful super read write rewrite more less still even idea new way stuff
     bit little lot lots else anything something nothing everything anyone someone everyone funny let dont cant hope
     enjoy luck fun kinda gonna wanna us back help helps helpful much many quick quickly simple simply short long
     repeat rephrase summarize summarise elaborate clarify detail details add plus minus times subtract multiply
     multiplied divide divided calculate`,
    // German
    `hallo moin servus guten gute guter gut tag abend nacht morgen danke dank vielen bitte bitteschön ja nein doch okay
     super toll prima genau klar stimmt weiter weitermachen mach nochmal noch mal einmal jetzt dann also auch aber und
     oder ich du er sie es wir ihr mir dir mich dich ist bin bist sind war hat habe haben das der die den dem des ein
     eine einen einem einer nicht kein keine wie geht gehts was wer wo wann warum wieso so sehr schön viel mehr zu zum
     zur von vom mit auf für im in an am bei aus nach schon nur da hier bis tschüss erste ersten zweite zweiten dritte`,
    // French
    `bonjour salut bonsoir merci beaucoup oui non si bien sûr parfait super génial daccord accord vas vasy va ça ca
     comment tu vous je il elle nous on le la les un une des du de et ou mais que qui quoi est es suis êtes sont a ai as
     avez ont pas plus très encore continue continuez svp plait plaît stp te toi moi à au aux en dans pour par avec sur
     ce cette ces premier première deuxième second seconde alors voilà revoir bientôt`,
    // Spanish, Portuguese, Italian
    `hola buenos buenas días dias tardes noches gracias muchas mucho muy sí si no claro vale bueno bien perfecto genial
     adelante sigue continúa continua continuar por favor qué que cómo como estás está estas tal el la los las un una
     unos de del y o pero en con para por es son soy eres lo le me te se su sus más mas otra otro vez primero primera
     segundo segunda adiós adios luego olá ola oi bom boa dia noite tarde obrigado obrigada sim não nao tudo bem você
     voce e ou mas em no na nos nas com um uma os as do da dos das ao é foi mais segunda primeiro segundo ciao
     buongiorno buonasera grazie mille prego sì va bene perfetto avanti continua ancora come stai il lo gli i di a da
     in con su per tra fra e ma che chi non sono sei è molto più primo secondo seconda arrivederci`,
    // Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Turkish, Indonesian, Vietnamese
    `hoi hallo dag bedankt dank je jij u ja nee goed prima graag gaat het de een en of maar is niet met van voor ga
     verder door hej tack tak takk så mycket mange tusen ja nej nei bra fint fortsätt fortsett fortsæt hur mår hvordan
     går du det den ett och att är inte hei moi kiitos joo kyllä ei hyvä jatka cześć dzięki dziękuję tak nie dobrze
     świetnie proszę dalej kontynuuj jak się masz to jest i w na z ahoj děkuji díky ano ne dobře pokračuj prosím merhaba
     selam teşekkürler teşekkür ederim evet hayır tamam güzel devam et lütfen nasılsın ve bir bu halo hai terima kasih
     ya tidak baik bagus lanjut lanjutkan apa kabar chào cảm ơn bạn vâng không được tiếp tục`,
    // Russian, Ukrainian, Greek
    `привет здравствуйте спасибо большое пожалуйста да нет хорошо отлично ладно ок окей продолжай продолжайте дальше ещё
     еще как дела что это и в на не я ты вы мы он она они с по за но а у меня тебя все всё пока привіт дякую так ні
     добре далі продовжуй γεια ευχαριστώ ναι όχι καλά συνέχισε παρακαλώ και το η ο`,
    // Arabic, Hebrew, Hindi
    `مرحبا أهلا السلام عليكم شكرا شكراً جزيلا نعم لا حسنا حسناً جيد ممتاز أكمل استمر كيف حالك من فضلك في على ما هو هي
     שלום תודה רבה כן לא טוב בסדר מצוין תמשיך המשך מה שלומך בבקשה את של על זה नमस्ते धन्यवाद शुक्रिया हाँ हां नहीं ठीक है
     अच्छा बहुत जारी रखें रखो आप कैसे हैं कृपया और का की के में से को यह वह`,
    // Chinese, Japanese, Korean, Thai
    `谢谢 多谢 感谢 你好 您好 好 好的 是 是的 对 不 不是 没有 继续 请 请继续 再 再来 一次 可以 行 嗯 吗 呢 了 的 吧 你 我 他 她 它 们 怎么样 怎么 这 那 个 第一 第二
     二 一 很 棒 再见 早上 晚上 谢 您 我们 谢谢您 ありがとう ありがとうございます ございます こんにちは こんばんは おはよう はい いいえ お願い します お願いします 続け て 続けて ください もう 一度 いい
     です ね よ か は が を に の で と も です。 了解 わかり ました まし た 元気 お 次 감사합니다 고마워 고마워요 네 예 아니요 아니 좋아 좋아요 계속 계속해 주세요 안녕하세요 안녕
     다시 한번 ขอบคุณ ครับ ค่ะ คะ สวัสดี ใช่ ไม่ ดี ต่อ โอเค`,
  ].flatMap((words) => words.split(/\s+/).filter((word) => word !== '')),
);
