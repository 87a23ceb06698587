"""Function words, by language: articles, pronouns, prepositions, conjunctions, auxiliaries.

They weigh less in a query than other words do, and are left out of the stems and lengths of
passages. Words that can be what a text is about (year, work, state, first) are not among them: the
lists of the package stop-words hold such words (its English one 1,333, "computer" and "system"
among them), so that searches for them found nothing. nDCG@10 of BM25Okapi, Cranfield / CACM: no
list .361 / .485, Lucene's 33 words .374 / .492, this one .381 / .503, the package's .379 / .514.
"""

from retrieval.analysis.letters import fold

_WORDS = {
    "en": """
    a about above after again against all am an and any are as at be because been before being
    below between both but by can did do does doing down during each few for from further had has
    have having he her here hers herself him himself his how i if in into is it its itself just me
    more most my myself no nor not now of off on once only or other our ours ourselves out over own
    same she should so some such than that the their theirs them themselves then there these they
    this those through to too under until up very was we were what when where which while who whom
    why will with you your yours yourself yourselves""",
    "de": """
    aber als also am an auch auf aus bei beim bin bis bist da dadurch daher damit dann das dass daß
    dein deine deinem deinen deiner dem den denn der deren des dessen die dies diese diesem diesen
    dieser dieses doch dort du durch ein eine einem einen einer eines er es euch euer eure für hat
    hatte hatten hattest hattet hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins
    ist ja jede jedem jeden jeder jedes jener jenes jetzt kein keine keinem keinen keiner kann
    können konnte man mein meine meinem meinen meiner mich mir mit muss musste müssen nach nicht
    noch nur ob oder ohne sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte
    solche sondern um und uns unser unsere unter vom von vor war waren warum was weil weiter welche
    welchem welchen welcher welches wenn wer werde werden wie wieder wird wir wo wurde wurden zu zum
    zur zwar zwischen über""",
    "fr": """
    à ai aie ait alors as au aucun aucune aussi autre autres aux avaient avais avait avec avez avoir
    avons ayant ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme d
    dans de depuis des donc dont du elle elles en encore entre es est et étaient étais était étant
    été êtes être eu eux fut il ils j je jusqu jusque l la laquelle le lequel les lesquels leur
    leurs lorsque lui m ma mais me même mêmes mes moi moins mon n ne ni nos notre nous on ont ou où
    par parce pas pendant peu peut plus pour pourquoi puis puisque qu quand que quel quelle quelles
    quels qui quoi s sa sans se sera serait ses si son sont sous suis sur t ta te tes toi ton tous
    tout toute toutes très tu un une vers vos votre vous y""",
    "es": """
    a al algo algún alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aquí
    así aun aunque bajo cada como con contra cual cuales cuando cuándo cuya cuyo de del desde donde
    dónde dos durante e el él ella ellas ello ellos en entre era eran eres es esa esas ese eso esos
    esta está estaba estaban están estar estas este esto estos ha había habían haber han has hasta
    hay la las le les lo los mas más me mi mí mientras mis mismo mucho muy ni no nos nosotros
    nuestra nuestro nuestros o os otra otras otro otros para pero poco por porque pues que qué quien
    quién quienes se sea ser si sí sido sin sobre son soy su sus también tan tanto te tener tiene ti
    toda todas todo todos tu tú tus u un una unas uno unos usted ustedes vosotros y ya yo""",
    "pt": """
    a à ainda ao aos aquela aquele aqueles aquilo as às até cada com como da das de dela dele deles
    depois do dos e é ela elas ele eles em entre era eram essa essas esse esses esta está estão
    estas estava este estes eu foi foram há isso isto já lhe lhes mais mas me mesmo meu meus minha
    muito na não nas nem no nos nós nossa nosso num numa o os ou para pela pelas pelo pelos por
    porque qual quais quando que quem se seja sem ser será seu seus sim só sob sobre sou sua suas
    também te tem têm ter teu toda todas todo todos tu tua um uma umas uns você vocês vos""",
    "it": """
    a abbiamo ad agli ai al alla alle allo anche ancora avere aveva c che chi ci ciò col come con
    contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del dell della delle dello
    di dopo dove e è ed egli era erano essa esse essere essi esso fino fra gli ha hai hanno ho i il
    in io l la le lei li lo loro lui ma me mentre mi mia miei mio molto ne né negli nei nel nella
    nelle nello noi non nostra nostro o ogni per perché però più poi può qual quale quali quando
    quanto quella quelle quelli quello questa queste questi questo qui se sei senza si sì sia siamo
    siete sono sopra sotto stata su sua sue sugli sui sul sulla sulle suo suoi tra tu tua tuo
    tutti tutto un una uno v vi voi vostro""",
    "nl": """
    aan al alle als bij daar dan dat de der deze die dit doch door dus een en er ge geen had hadden
    heb hebben heeft hem hen het hier hij hoe hun ik in is ja je jij jou jouw jullie kan kon kunnen
    maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op over
    reeds te tegen toch toen tot u uit uw van voor waar want waren was wat we wel welke werd wie wij
    wil worden wordt zal ze zelf zich zij zijn zo zonder zou""",
    "da": """
    af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse
    dog du efter eller en end er et for fra ham han hans har havde hende hendes her hos hun hvad
    hvis hvor i ikke ind jeg jer jo kunne man mange med meget men mig min mine mit mod ned noget
    nogle nu når og også om op os over på selv sig sin sine sit skal skulle som sådan thi til ud
    under var vi vil ville vor være været""",
    "no": """
    alle at av bare begge ble bli blir da de deg dei dem den denne der deres det dette di din disse
    du eller en enn er et etter for fordi fra før ha hadde han hans har hennes her hun hva hvem
    hver hvilken hvis hvor hvordan hvorfor i ikke inn ja jeg kan kom kun kunne man med meg men mer
    mot my min mitt mye nei noe noen nå når og også om opp oss over på samme seg selv si sin sine
    sitt skal skulle slik som så til um under ut var ved vi vil ville vår være vært å""",
    "sv": """
    alla allt att av blev bli blir de dem den denna deras dess dessa det detta dig din dina ditt du
    där då efter ej eller en er era ert ett från för ha hade han hans har henne hennes hon honom hur
    här i icke ingen inom inte jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni
    nu när någon något några och om oss på samma sedan sig sin sina sitta själv skulle som så sådan
    till under upp ut utan vad var vara varför varit varje vars vart vem vi vid vilken vilket vår
    våra är över""",
    "fi": """
    ei eivät että en ette emme hän häntä hänen he heidän hei ja jo joka jos jotka kanssa kuin kun
    me meidän minä minun mitä mikä mukaan mutta myös ne niiden niin nyt näiden nämä ole olen olet
    oli olivat olla on ovat poikki se sekä sen siellä siinä sillä sinä sinun sitä tai te teidän tuo
    tämä tämän vaan vai vaikka""",
    "ru": """
    а без бы был была были было быть в вам вас весь во вот все всё всего всех вы где да даже для до
    его ее её если есть еще ещё же за и из или им ими их к как какой ко когда кто ли либо меня мне
    может мой моя мы на над надо нас не него нее неё нет ни них но ну о об однако он она они оно от
    очень по под при с со так также такой там те тем то того тоже той только том ты у уже хотя чего
    чей чем что чтобы эта эти это этого этой этом этот эту я""",
    "uk": """
    а або але б без би бо був була були було бути в вам вас весь ви від він вона вони воно все всі
    всіх де для до є ж за з зі і із її їх його й коли ким кого крім лише ми мене мені мій моя на над
    не ні ним них ну о об от по під при про с свій себе так також там те ти тим то того тоді той
    тому ту у хоча це цей ці цього що щоб я як яка який які""",
    "pl": """
    a aby albo ale ani aż bardzo bez bo by być był była było były bym ci co czy czyli da dla do dość
    gdy gdzie go i ich im ja jak jako je jego jej jest jestem jeśli już każdy kiedy kto która które
    którego której który których którzy ku lub ma mi mnie może mój my na nad nam nas nasz nasza nie
    nich nim niż no o od on ona one oni ono oraz po pod ponieważ przed przez przy są się skąd swoje
    ta tak także tam te tego tej ten też to tobie ty tych tym u w we więc wy z za ze że żeby""",
    "cs": """
    a aby ale ani ano asi až bez bude budou by byl byla byli bylo být co což či do ho i já jak jako
    je jeho jej její jejich jen ještě jsem jsi jsme jsou k kam kde kdo když ke která které který
    kteří ku má mají mezi mi mít mně mne můj my na nad nám nás náš ne nebo není než nic o od on ona
    oni pak po pod podle pro proč proto protože před při s se si svůj ta tak také tato te tedy ten
    tento to tohoto tom tomto toto tu ty u už v ve více však vy z za ze že""",
    "ro": """
    a acea aceasta această aceea acest aceste acestea acestei acestui acel acela acele ai al ale am
    ar are as asta au aș această ca că care ce cea cei cel cele celor cine cu cum că da dacă dar de
    decât deci din după e ea ei el ele era este eu fi fie fost i iar în între își la le li lor lui
    mai mea mei meu mi mă ne nici noi nostru nu o ori pe pentru prin sa sau să se și sub sunt său
    tot un una unde unei unor unui va voi vor vostru îi îl îmi""",
    "hu": """
    a abban ahhoz ahogy aki akik alatt által amely amelyek ami amikor annak arra az azért azok azon
    azonban azt be bár csak de e egy egyes egyik ehhez ekkor el ellen én ennek erre és ez ezek ezen
    ezt fel ha hanem hogy hogyan hozzá is itt ki kívül közben közül le lesz lett maga már még meg
    mely melyek mert mi mert mint minden mit most nagyon ne nekem nem nincs olyan ott ő ők őket
    pedig s saját sem semmi sok számára szerint szét át te több túl úgy után vagy vagyok van vannak
    volt voltak""",
    "tr": """
    acaba ama ancak artık aslında bana bazı belki ben beni benim bile bir biri biz bizim bu buna
    bunda bundan bunlar bunu bunun da daha de defa diye en fakat gibi hem hep her hiç için ile ise
    kadar ki kim mi mı mu mü nasıl ne neden nerede niye o olan olarak oldu olduğu ona onlar onu onun
    sanki sen siz sonra şey şu tüm ve veya ya yani""",
    "el": """
    αλλά αν αντί από αυτά αυτές αυτή αυτό αυτοί αυτός αυτού αυτούς αυτών για δε δεν εάν είμαι
    είμαστε είναι είσαι είστε εκεί ενώ επί ή η ήταν θα και κατά κι κάθε με μετά μέχρι μη μην μια μας
    μου να ο οι όμως όπως όπου ότι όταν παρά ποια ποιο ποιος που πού προς πως πώς σαν σας σε στη
    στην στο στον στους στα στις τα τη την της τι τις το τον του τους των ως ώστε""",
    "ar": """
    أن أنت أنه أو أي إذا إلا إلى إن إنه التي الذي الذين اللذان ان بأن بل بين تلك ثم حتى حيث ذلك سوف
    عن عند على في فإن قد كان كانت كل كما كيف لا لأن لكن لم لن له لها ليس ما متى مع من منذ نحن هذا
    هذه هل هم هنا هو هي و يا يكون""",
    "fa": """
    آن آنها آیا از است اگر اما ام ای این اینکه با باید بر برای بود بودند به بی تا تو چه چون خود
    خواهد در را شد شما شده شود که ما من نه نیز نیست هر هم همه هست هستند و ولی وی یا یک""",
    "he": """
    או אותה אותו אותי אותם אחרי אין איפה אך אל אם אנחנו אני אף את אתה אתם גם ה הוא היא היה היו הם הן
    הזה הזאת זאת זה כאשר כדי כי כך כל כמו לא לו לה להם לי לנו לפני מאוד מה מי מן עד עוד על עם רק של
    שלה שלהם שלו שלי שם""",
    "id": """
    ada adalah agar akan anda antara apa atau bagi bahwa bagaimana begitu beliau bisa dalam dan dari
    dengan di dia hanya harus ia ini itu jika juga kami karena kata ke kepada kita lagi maka mereka
    namun oleh pada para saat saja sangat saya sebagai sebuah seperti serta sudah supaya tanpa telah
    tetapi tidak untuk yaitu yang""",
    "ca": """
    a al als amb aquell aquella aquest aquesta això allò bé com d de del dels des doncs el ella ells
    els em en encara ens entre era eren es és està ha han he hi i jo l la les li lo més meu mi molt
    na ni no nosaltres o on per però perquè pel pels qual quan que què qui s sense ser seu si són
    sobre sota sòc també te tu un una unes uns us va vosaltres""",
    "hi": """
    अपना अपनी अपने आप इन इस इसका इसके इसे उन उनका उनके उस उसका उसके एक एवं और कर करता करते करना
    कि किया किसी की के को कोई क्या जब जा जो तक तब तथा तो था थी थे द्वारा न नहीं ने पर पे फिर भी मुझे
    मेरा मैं में यदि यह या ये वह वहाँ वाले वे साथ से हम ही हुआ हुई हुए है हैं हो होता होती होने""",
}
_WORDS["nb"] = _WORDS["nn"] = _WORDS["no"]

_FOLDED = {code: frozenset(map(fold, words.split())) for code, words in _WORDS.items()}


def stop_words_of(language: str) -> frozenset[str]:
    """Folded function words of a two-letter code; none for a language without a list."""
    return _FOLDED.get(language, frozenset())
