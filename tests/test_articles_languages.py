"""What would break for a person whose pages are not English: prose judged by English habits, facts left unread."""

import tracemalloc

import pytest

from storyledger.articles import body_text, extract_article
from storyledger.articles.language import tell_language
from storyledger.pages.make import make_page

PAGES = {
    "es": (
        ["Inicio", "Política", "Economía", "Deportes", "Iniciar sesión", "Suscríbete"],
        "El puente de Ostrales cierra tras hallarse grietas",
        "Por Inés Valcárcel",
        "5 de marzo de 2024 - 07:30 h",
        [
            "La autoridad del puerto cerró el martes el puente giratorio de Ostrales después de que los inspectores hallaran grietas.",
            "El puente, por el que pasan unos 9.000 vehículos al día, seguirá cerrado al menos hasta finales de mayo, según la directora.",
            "«Miramos cada tornillo y lo que vimos no nos dejó otra opción», dijo a los periodistas en el muelle.",
            "Los transportistas dicen que el desvío añade 40 minutos a cada viaje y han pedido una compensación al ministerio.",
            "El puente se construyó en 1968 y se reparó por última vez en 2011, cuando murieron tres obreros en una caída.",
        ],
        ["Te puede interesar", "Aviso legal", "Política de privacidad", "Configurar cookies", "Todos los derechos reservados"],
    ),
    "fr": (
        ["Accueil", "Politique", "Économie", "Sports", "Se connecter", "Abonnez-vous"],
        "Le pont d'Ostremer fermé après la découverte de fissures",
        "Par Anne Le Goff",
        "Publié le 5 mars 2024 à 07h30",
        [
            "L'autorité du port a fermé mardi le pont tournant d'Ostremer après que des inspecteurs y ont trouvé des fissures.",
            "Le pont, qui porte quelque 9 000 véhicules par jour, restera fermé au moins jusqu'à la fin du mois de mai, selon la directrice.",
            "« Nous avons regardé chaque boulon et ce que nous avons vu ne nous a pas laissé le choix », a-t-elle dit sur le quai.",
            "Les transporteurs disent que le détour ajoute 40 minutes à chaque trajet et demandent une compensation au ministère.",
            "Le pont a été construit en 1968 et réparé pour la dernière fois en 2011, quand trois ouvriers sont morts dans une chute.",
        ],
        ["À lire aussi", "Mentions légales", "Politique de confidentialité", "Gérer mes cookies", "Tous droits réservés"],
    ),
    "de": (
        ["Startseite", "Politik", "Wirtschaft", "Sport", "Anmelden", "Abonnieren"],
        "Drehbrücke in Ostmeer nach Rissen gesperrt",
        "Von Tilda Marsch",
        "Dienstag, 5. März 2024, 07:30 Uhr",
        [
            "Die Hafenbehörde hat am Dienstag die Drehbrücke in Ostmeer gesperrt, nachdem Prüfer Risse in zwei Lagern gefunden hatten.",
            "Die Brücke, über die täglich rund 9.000 Fahrzeuge fahren, bleibt nach Angaben der Leiterin mindestens bis Ende Mai gesperrt.",
            "„Wir haben jede Schraube angesehen, und was wir sahen, ließ uns keine Wahl“, sagte sie am Kai vor Journalisten.",
            "Die Spediteure sagen, dass der Umweg jede Fahrt um 40 Minuten verlängert, und verlangen vom Ministerium einen Ausgleich.",
            "Die Brücke wurde 1968 gebaut und zuletzt 2011 repariert, als drei Arbeiter bei einem Sturz ums Leben kamen.",
        ],
        ["Lesen Sie auch", "Impressum", "Datenschutz", "Cookie-Einstellungen", "Alle Rechte vorbehalten"],
    ),
}  # fmt: skip


def make_html(language):
    menu, title, byline, date, body, foot = PAGES[language]
    items = "".join(f"<li><a href='/{n}'>{text}</a></li>" for n, text in enumerate(menu))
    inner = "".join(f"<p>{text}</p>" for text in body)
    tail = "".join(f"<p><a href='/x{n}'>{text}</a></p>" for n, text in enumerate(foot))
    return (
        f"<html lang='{language}'><body><ul>{items}</ul><h1>{title}</h1><div>{byline}</div><div>{date}</div>"
        f"<div>{inner}</div><div>{tail}</div></body></html>"
    )


def make_capture(language):
    menu, title, byline, date, body, foot = PAGES[language]
    return "\n".join([*menu, title, byline, date, "", "\n\n".join(body), "", *foot])


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize(("name", "make"), [("page.html", make_html), ("page.txt", make_capture)])
def test_a_page_in_another_language_is_read_like_an_english_one(language, name, make):
    menu, title, byline, _, body, foot = PAGES[language]
    article = extract_article(make_page(name, None, make(language).encode()), {})
    text = body_text(article)
    assert [p for p in body if p not in text] == []
    assert [p for p in (*menu, *foot) if p in text.split("\n\n")] == []
    assert (article.title, article.authors, article.published) == (title, (byline.split(" ", 1)[1],), "2024-03-05")
    assert article.language == language


def test_a_language_without_a_list_of_words_is_told_in_little_memory():
    text = (
        "Höfnin var lokuð í þrjá daga eftir að skipið strandaði við bryggjuna. Íbúar bæjarins sögðu að enginn hefði varað þá við "
        "veðrinu, en lögreglan segir að viðvörun hafi verið gefin út kvöldið áður. Skipið verður dregið á flot."
    )
    tracemalloc.start()
    try:
        assert tell_language([text], None) == "is"
        assert tracemalloc.get_traced_memory()[1] < 30_000_000  # the library's own model takes 100
    finally:
        tracemalloc.stop()
