/**
 * The words that hold sentences together, by language: by them a question's language is told, and they say nothing of
 * what is asked. Without accents, as words are folded. Closed classes: articles, pronouns, prepositions, conjunctions,
 * auxiliaries, question words.
 */
export const functionWords: Readonly<Record<string, string>> = {
  de: `aber alle als also am an auch auf aus bei beim bin bis bist da damit dann das dass dein deine dem den denn der des
    dich die dies diese diesem diesen dieser dieses dir doch du durch ein eine einem einen einer eines er es euch fur
    gegen hab habe haben hat hatte hatten ich ihm ihn ihr ihre ihren im in ins ist ja jetzt kann kein keine keinen
    konnte man mein meine meinem meinen meiner mich mir mit nach nicht noch nun nur ob oder ohne sehr sein seine seit
    sich sie sind so uber um und uns unser unsere unter vom von vor wann war waren warum was wegen weil welche welchem
    welchen welcher welches wem wen wenn wer werden wie wieder wir wird wo woher wohin worden wurde wurden zu zum zur
    zwischen`,
  fr: `afin ai apres au aussi autre aux avait avant avec avoir avons c ce cela ces cet cette ceux chez comme comment d
    dans de depuis des deux doit donc dont du elle elles en entre est et etait etaient etant ete etre eu fait il ils j je
    l la le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par parce pas pendant peut plus
    pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si son sont sur t ta te tes toi
    ton tous tout toute tres tu un une vers vos votre vous y`,
  es: `al algo ante antes aqui asi aun aunque como con contra cual cuales cuando cuanto cuantos de del desde donde dos el
    ella ellas ellos en entre era eran es esa ese eso esta estaba estaban estan estar este esto estos fue fueron ha
    habia han hasta hay he la las le les lo los mas me mi mis muy nada ni no nos nosotros nuestra nuestro o os otra
    otro para pero por porque pues que quien quienes se sea ser si sido sin sobre son soy su sus tambien te tengo
    tenia ti tiene todo todos tu tus un una uno unos y ya yo`,
  it: `a abbiamo ad agli ai al alla alle allo anche avevo aveva avevamo c che chi ci cio come con cosa cui d da dai dal
    dalla dalle degli dei del della delle dello di dove e ed era erano essere fra gli ha hanno ho i il in io l la le
    lei li lo loro lui ma me mi mia mie miei mio ne negli nei nel nella nelle noi non nostra nostro o per perche pero
    piu poi qual quale quali quando quanti quanto quella quelle quello questa questi questo se sei senza si sia siamo
    sono sta stata stato su sua sue sugli sui sul sulla suo suoi tra tu tua tue tuo tutti tutto un una uno vi voi`,
  pt: `a ainda ao aos apos aquela aquele aquilo as ate com como da das de dela dele delas deles depois do dos e ela elas
    ele eles em entre era eram essa esse esta estamos estao estava estavam este eu foi foram ha havia isso isto ja la
    lhe mais mas me mesmo meu meus minha minhas muito na nao nas nem no nos nossa nosso num numa o onde os ou para pela
    pelas pelo pelos por porque qual quais quando quanto quantos que quem sao se seja sem ser sera seu seus so sobre
    sua suas tambem te tem tenho tinha tu um uma voce voces`,
  nl: `aan al alle als altijd ben bij daar dan dat de der deze die dit doen door dus een en er ge geen had hadden heb
    hebben heeft hem het hier hij hoe hoeveel hun iemand iets ik in is ja je jij jouw kan kon kunnen maar me mee meer men
    met mij mijn moet na naar niet nog nu of om omdat onder ons onze ook op over te tegen toch toen tot tussen u uit uw
    van veel voor waar waarom wanneer want waren was wat we welk welke werd wie wij wil worden wordt zal ze zei zich
    zij zijn zo zonder zou`,
  sv: `alla allt att av bli blir blev da de dem den denna deras dess det detta dig din dina ditt du efter ej eller en er
    ert ett fran for ha hade han hans har henne hennes hon honom hur i icke inom inte jag ju kan kunde man med mellan
    men mig min mina mitt mot mycket nagon nagot nar ni nu och om oss pa samma sedan sig sin sina sitt ska skulle som
    till under upp ut utan vad var vara varfor varit vart vem vi vid vilka vilken vilket`,
  no: `alle at av ble bli blir da de deg dem den denne deres det dette din dine ditt du eller en er et etter for fordi
    fra ha hadde han hans har henne hennes hun hva hvem hver hvilken hvilket hvor hvorfor hvordan i ikke inn jeg kan
    kunne man med meg mellom men min mine mitt mot noe noen nar og ogsa om opp oss over pa seg selv sin sine sitt skal
    skulle som til under ut uten var vart ved vi vil ville vore`,
  da: `alle at af blev bliver da de dem den denne deres det dette dig din dine dit du efter eller en er et for fordi fra ha
    havde han hans har hende hendes hun hvad hvem hver hvilken hvilket hvor hvorfor hvordan i ikke ind jeg jer kan kunne
    man med mellem men mig min mine mit mod noget nogle nar og ogsa om op os over pa sig sin sine sit skal skulle som til
    uden under ud var ved vi vil ville vaere`,
  fi: `ei eika en entinen etta ettei eivat han hanen hanet he heidan ja jo joka jonka jos jossa jota kanssa keiden ken kenen
    kenet koska kuin kuinka kuka kun me meidan mika mika mikä milloin minka minun mina mina miksi missa mista mita
    mutta myos ne niiden niin niita nuo nyt ole olen oli olin olivat olla on ovat paljonko se sen sina sinun sita siina
    tai taman tama tassa te teidan tuo vai vaikka vain voi voiko voin`,
  ru: `а без был была были было быть в вам вас весь во вот все всего всех вы где да для до его ее если есть еще же за здесь
    и из или им их к как какая какие какой какую когда кто куда ли мне много может мои мой моя моего мы на над нас не
    него нее нет ни них но о об однако он она они оно от очень по под почему при про с сам свои себя сколько со
    так также такои там твои тем то того тоже тои только том ты у уже что чтобы чье чья эта эти это этот этои этом я`,
};
