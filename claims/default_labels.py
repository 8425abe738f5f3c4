"""What common rating words of fact-checkers mean on the default scale: a beginning, edited on the desk from then on.

Whoever uses them, in whatever language. Words for leaving out what matters (“misleading”, “missing context”) stand at
half true, as the scale defines it; fabricated pictures and swindles at false. Words that are read differently from
house to house (“mixture of opinion”, “in context”, “exaggerated”) are left to the newsroom.
"""

LABELS: dict[str, str] = {
    "true": """
        True; Correct; Accurate; Correct attribution; Verified; Confirmed; Fact; Right
        Правда; Верно; Достоверно; Подтверждено; Шындық; Рас; Дұрыс; Правдиво; Істина
        Verdadero; Cierto; Correcto; Verdadeiro; Verdade; Vero; Certo; Vrai; Exact; Correct
        Wahr; Richtig; Stimmt; Waar; Juist; Correct; Prawda; Doğru; Benar; Sant; Sandt; Totta; Pravda; Adevărat
        Igaz; Αλήθεια; Αληθές; Вярно; Tačno; Istina; Točno; صحيح; حقيقي; درست; सच; सही; সত্য; உண்மை; ನಿಜ
        Đúng; 事实; 事實; 正確
    """,
    "mostly-true": """
        Mostly true; Mostly correct; Mostly accurate; Largely true; Largely correct; Nearly true; Almost true
        Largely accurate; Substantially true
        В основном правда; Почти правда; Скорее правда; Преимущественно правда; Негізінен шындық; Переважно правда
        Mayormente cierto; Mayormente verdadero; Mayormente verdad; En su mayoría verdadero; Casi cierto
        Majoritariamente verdadeiro; Quase verdade; Em geral verdadeiro; Plutôt vrai; Presque vrai; Globalement vrai
        Überwiegend wahr; Größtenteils wahr; Größtenteils richtig; Überwiegend richtig; Grotendeels waar
        Quasi vero; Per lo più vero; C'è quasi; Prawie prawda; Çoğunlukla doğru; Sebagian besar benar
    """,
    "half-true": """
        Half true; Half-truth; Partly true; Partially true; Partially correct; Partly correct; Mixture; Mixed
        Misleading; Missing context; Lacks context; Out of context; Needs context; Cherry-picked; Cherry picking
        Partly false; Partially false; Misrepresented; Distorts the facts
        Полуправда; Частично правда; Отчасти правда; Вводит в заблуждение; Манипуляция; Вырвано из контекста
        Частично ложь; Жартылай шындық; Жаңылыстырады; Адастырады; Манипуляция; Напівправда; Маніпуляція
        Частково правда; Medias verdades; Media verdad; Verdad a medias; Parcialmente verdadero; Engañoso
        Parcialmente falso; Fuera de contexto; Falta contexto; Sin contexto; Descontextualizado
        Enganoso; Meia verdade; Parcialmente verdadeiro; Fora de contexto; Sem contexto; Distorcido
        Trompeur; À moitié vrai; Partiellement vrai; Partiellement faux; Hors contexte; Manque de contexte
        Irreführend; Teilweise wahr; Teilweise richtig; Teils teils; Halbwahr; Teilweise falsch; Fehlender Kontext
        Misleidend; Deels waar; Half waar; Fuorviante; Parzialmente vero; Mezza verità; Fuori contesto
        Półprawda; Częściowo prawda; Wprowadza w błąd; Manipulacja; Yarı doğru; Kısmen doğru; Yanıltıcı
        Menyesatkan; Sebagian benar; Salah konteks; Delvis sant; Vilseledande; Zavádějící; Zavádzajúce
        مضلل; گمراه کننده; भ्रामक; आधा सच; বিভ্রান্তিকর
    """,
    "mostly-false": """
        Mostly false; Mostly incorrect; Mostly inaccurate; Largely false; Nearly false; Almost false
        В основном ложь; Почти ложь; Скорее ложь; Преимущественно ложь; Негізінен жалған; Переважно неправда
        Mayormente falso; En su mayoría falso; Casi falso; Majoritariamente falso; Quase falso; Em geral falso
        Plutôt faux; Presque faux; Globalement faux; Überwiegend falsch; Größtenteils falsch; Grotendeels onwaar
        Quasi falso; Per lo più falso; Prawie fałsz; Çoğunlukla yanlış; Sebagian besar salah
    """,
    "false": """
        False; Fake; Incorrect; Wrong; Inaccurate; Not true; Untrue; Fabricated; Hoax; Pants on fire; Not correct
        Fake news; Lie; Scam; Fraud; Doctored; Altered; Altered photo; Altered video; Manipulated; Misattributed
        Debunked; Baseless; Digitally altered; Manipulated media; Imposter content; Fabricated content; Four Pinocchios
        Ложь; Неправда; Фейк; Неверно; Недостоверно; Ложно; Фальшивка; Фальсификация; Выдумка; Мошенничество
        Жалған; Өтірік; Фейк; Шындыққа жанаспайды; Неправдиво; Хибно; Брехня
        Falso; Incorrecto; Mentira; Bulo; Manipulado; Montaje; Fraude; Engano; Falsa; Boato; Montagem; Golpe
        Falsch; Unwahr; Fälschung; Frei erfunden; Erfunden; Manipuliert; Stimmt nicht
        Faux; Infox; Intox; Mensonge; Détourné; Truqué; Arnaque; Errato; Bufala; Notizia falsa; Onwaar; Onjuist; Nep
        Fałsz; Nieprawda; Oszustwo; Yanlış; Sahte; Asılsız; Salah; Hoaks; Disinformasi; Falskt; Falsk; Feil
        Usant; Väärin
        Nepravda; Lež; Neistina; Netačno; Netočno; Laž; Fals; Hamis; Ψευδές; Ψέμα; Невярно; Лъжа; Sai; Tin giả
        خطأ; كاذب; زائف; مفبرك; غلط; نادرست; झूठ; गलत; फ़र्ज़ी; फर्जी; মিথ্যা; ভুয়া; பொய்; తప్పు; ತಪ್ಪು; 虚假; 錯誤; 错误; 谣言
    """,
    "unproven": """
        Unproven; Unverified; Unverifiable; Unsupported; Unsubstantiated; Not proven; No evidence; Lacks evidence
        Inconclusive; Cannot be verified; Unconfirmed; Insufficient evidence; Research in progress; Undetermined
        Не доказано; Недоказано; Бездоказательно; Не подтверждено; Нельзя проверить; Дәлелденбеген; Расталмаған
        Бездоказово; Sin pruebas; Sin evidencia; No verificable; No probado; Insostenible; Insustentável; Sem provas
        Não verificável; Sem evidências; Non prouvé; Invérifiable; Non vérifiable; Sans preuve; Infondé
        Unbelegt; Nicht belegt; Unbewiesen; Nicht überprüfbar; Onbewezen; Niet bewezen; Oncontroleerbaar
        Non verificabile; Senza prove; Nieweryfikowalne; Kanıtlanmamış; Belum terbukti; Neověřitelné; Neoveriteľné
    """,
    "satire": """
        Satire; Parody; Joke; Labeled satire; Originated as satire; Сатира; Пародия; Шутка; Sátira; Parodia; Paródia
        Satira; Parodie; Satyra; Hiciv; Satiir; Satir
    """,
    "opinion": """
        Opinion; Мнение; Пікір; Думка; Opinión; Opinião; Meinung; Mening; Opinione; Opinia
    """,
    # Words that say nothing about truth.
    "": """
        Explainer; Explanation; Analysis; Fact check; Fact-check; Fact checked; Checked; Rating; Other; Unknown; N/A
        Объяснение; Разбор; Проверка фактов; Explicativo; Explication; Erklärung
    """,
}


def default_labels() -> dict[str, str]:
    """Each word, as written above, with its rating's code; "" for no rating."""
    found: dict[str, str] = {}
    for code, words in LABELS.items():
        for word in words.replace("\n", ";").split(";"):
            if word.strip():
                found.setdefault(word.strip(), code)
    return found
