"""Mails in German, French and Spanish; calls are always noted in English, so these topics have none."""

from collections.abc import Mapping
from dataclasses import dataclass

from schema.demo.texts.topic import Topic


@dataclass(frozen=True, slots=True)
class Language:
    """How mails are written in one language; the topics are those of selling and those of serving a customer."""

    reply: str
    """What an answer's subject begins with."""
    greetings: tuple[str, ...]
    our_greetings: tuple[str, ...]
    farewells: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    follow_ups: tuple[str, ...]
    our_starts: tuple[str, ...]
    our_follow_ups: tuple[str, ...]
    selling: tuple[Topic, ...]
    serving: tuple[Topic, ...]


GERMAN = Language(
    reply="AW",
    greetings=("Guten Tag,", "Hallo {user},", "Guten Morgen {user},"),
    our_greetings=("Guten Tag {contact},", "Hallo {first},"),
    farewells=("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "Herzliche Grüße"),
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
            "Dezember"),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    follow_ups=("vielen Dank für die schnelle Antwort.", "das hilft, ein Punkt ist aber noch offen.",
                "damit ist es leider nicht getan.", "gibt es etwas Neues?"),
    our_starts=("wie besprochen melde ich mich noch einmal.", "darf ich fragen, wie es steht?",
                "ich habe Neuigkeiten für Sie."),
    our_follow_ups=("danke, verstanden.", "hier kommt, was noch fehlte.", "ich habe bei uns noch einmal nachgefragt."),
    selling=(
        Topic("pricing", ("Ihr Angebot über {amount}", "Rückfrage zum Preis"),
              ("vielen Dank für Ihr Angebot über {amount}.", "wir haben Ihr Angebot intern besprochen.",
               "leider liegt Ihr Angebot über unserem Budget."),
              ("Für {seats} Arbeitsplätze hatten wir mit etwa {pct} Prozent weniger gerechnet.",
               "Die Schnittstelle ist uns zu teuer, zumal wir sie nur an einem Standort brauchen.",
               "Ein Mitbewerber, {rival}, liegt darunter, allerdings ohne Schulung.",
               "Bei drei Jahren Laufzeit erwarten wir einen Nachlass."),
              ("Können Sie uns bis {weekday} ein neues Angebot schicken?",
               "Lassen Sie uns am {weekday} kurz telefonieren.", "Was können Sie uns entgegenkommen?"),
              ("vielen Dank für Ihre offene Rückmeldung.", "gern erkläre ich, wie der Preis zustande kommt."),
              ("Die Einrichtung fällt nur einmal an, die Lizenz jedes Jahr.",
               "Bei drei Jahren Laufzeit kann ich Ihnen {pct} Prozent Nachlass auf die Lizenz geben.",
               "Die Schulung würde ich nicht streichen, sie macht sich schnell bezahlt."),
              ("Das neue Angebot liegt bei.", "Passt Ihnen {weekday} um zehn Uhr?"), (), ()),
        Topic("security review", ("Fragen zum Datenschutz", "Auftragsverarbeitung"),
              ("bevor wir unterschreiben, muss unser Datenschutzbeauftragter zustimmen.",
               "der Betriebsrat hat noch Fragen zu {product}."),
              ("Wo liegen die Daten, und wer hat Zugriff?", "Welche Daten der Beschäftigten werden gespeichert?",
               "Eine Anmeldung über unser Verzeichnis ist Pflicht."),
              ("Bitte antworten Sie bis zum {date}.", "Können wir dazu eine Besprechung mit Ihrer IT ansetzen?"),
              ("danke für die Fragen, die Antworten finden Sie hier.", "das klären wir gern."),
              ("Alle Daten liegen in zwei Rechenzentren in der EU.",
               "Schichtdaten lassen sich ohne Namen speichern.", "Sicherungen werden nach dreißig Tagen gelöscht."),
              ("Den unterschriebenen Vertrag schicke ich heute.", "Reicht Ihnen das so?"), (), ()),
    ),
    serving=(
        Topic("billing", ("Rechnung {invoice} ist falsch", "Mahnung zu Rechnung {invoice}"),
              ("Ihre Rechnung {invoice} stimmt schon wieder nicht.",
               "wir haben eine Mahnung für eine längst bezahlte Rechnung bekommen.",
               "langsam verliere ich die Geduld mit Ihren Rechnungen."),
              ("Berechnet werden {seats} Arbeitsplätze, vereinbart waren weniger.", "Es fehlt die Bestellnummer.",
               "Der vereinbarte Nachlass von {pct} Prozent taucht nirgends auf.",
               "Das ist nun das dritte Mal in diesem Jahr."),
              ("Bitte schicken Sie eine korrigierte Rechnung.", "Bis dahin zahlen wir nicht.",
               "Ich erwarte eine Gutschrift bis zum {date}."),
              ("das tut mir leid, Sie haben recht.", "bitte entschuldigen Sie den Ärger."),
              ("Die Buchhaltung hat die Rechnung bereits berichtigt.", "Die Mahnung war ein Versehen.",
               "Die Bestellnummer ist jetzt hinterlegt."),
              ("Die Gutschrift geht heute hinaus.", "Rufen Sie mich bei Rechnungen künftig direkt an."), (), ()),
        Topic("praise", ("Danke!", "Lob aus der Planung"),
              ("heute einmal keine Beschwerde, sondern ein Dankeschön.", "die Planung läuft so rund wie nie."),
              ("Der Ausschuss ist um {pct} Prozent gesunken.", "Ihr Support hat am Sonntag in Minuten geantwortet.",
               "Sogar die Nachtschicht ist zufrieden."),
              ("Geben Sie das bitte weiter.", "Wir stehen gern als Referenz zur Verfügung."),
              ("das freut uns sehr.", "vielen Dank, das hat hier die Runde gemacht."),
              ("Ihre Zeilen habe ich in der Teamrunde vorgelesen.", "Auf die Referenz kommen wir gern zurück."),
              ("Bis bald beim Anwendertreffen im {month}.",), (), ()),
        Topic("outage", ("{product} steht", "Dringend: keine Pläne in Halle {n}"),
              ("seit heute früh kommt niemand mehr in {product} hinein.", "das System steht schon wieder."),
              ("In Halle {n} stehen {seats} Leute ohne Plan.", "Die Hotline hat uns {hours} Stunden warten lassen."),
              ("Wann läuft es wieder?", "Bitte rufen Sie sofort zurück."),
              ("es tut mir sehr leid, wir arbeiten mit Hochdruck daran.", "es läuft wieder."),
              ("Ein Zertifikat war abgelaufen.", "Daten sind keine verloren gegangen."),
              ("Einen schriftlichen Bericht bekommen Sie bis {weekday}.",), (), ()),
    ),
)  # fmt: skip

FRENCH = Language(
    reply="RE",
    greetings=("Bonjour {user},", "Bonjour,"),
    our_greetings=("Bonjour {first},", "Bonjour {contact},"),
    farewells=("Cordialement,", "Bien à vous,", "Bonne journée,"),
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    follow_ups=("merci pour votre réponse rapide.", "il reste encore un point.", "avez-vous des nouvelles ?"),
    our_starts=("comme convenu, je reviens vers vous.", "où en êtes-vous ?"),
    our_follow_ups=("merci, c'est entendu.", "voici ce qui manquait encore."),
    selling=(
        Topic("pricing", ("Votre offre de {amount}", "Question sur le prix"),
              ("merci pour votre offre de {amount}.", "nous avons étudié votre proposition.",
               "votre offre dépasse malheureusement notre budget."),
              ("Pour {seats} postes, nous comptions sur {pct} pour cent de moins.",
               "L'interface est-elle facturée une seule fois ?", "{rival} nous propose un prix plus bas.",
               "La direction souhaite s'engager sur trois ans."),
              ("Pourriez-vous nous envoyer une nouvelle offre avant {weekday} ?", "Pouvons-nous en parler {weekday} ?"),
              ("merci pour votre franchise.", "je vous explique volontiers ce prix."),
              ("La mise en service n'est payée qu'une fois.", "Sur trois ans, je peux vous accorder {pct} pour cent.",
               "La formation est comprise."),
              ("La nouvelle offre est jointe.", "Je vous appelle {weekday}."), (), ()),
    ),
    serving=(
        Topic("billing", ("Facture {invoice} erronée", "Relance injustifiée"),
              ("la facture {invoice} est encore une fois erronée.",
               "nous avons reçu une relance pour une facture déjà payée."),
              ("Vous nous facturez {seats} postes au lieu de ce qui était convenu.",
               "Le numéro de commande manque.", "C'est la troisième fois cette année, et cela devient pénible."),
              ("Merci de nous envoyer une facture corrigée.", "J'attends un avoir avant le {date}."),
              ("toutes mes excuses, vous avez raison.", "je suis désolé pour cette erreur."),
              ("Notre comptabilité a corrigé la facture.", "La relance a été annulée."),
              ("L'avoir part aujourd'hui.", "N'hésitez pas à m'appeler directement."), (), ()),
        Topic("onboarding", ("Démarrage de {product}", "Accès pour nos planificateurs"),
              ("nous sommes prêts à commencer.", "la première semaine s'est bien passée."),
              ("Il manque encore {n} accès.", "Les données de base étaient pires que prévu.",
               "L'équipe de nuit n'est pas encore formée."),
              ("Le formateur peut-il revenir un jour de plus ?", "Merci de débloquer les accès avant {weekday}."),
              ("merci pour ces nouvelles.", "c'est noté."),
              ("Les accès viennent d'être débloqués.", "Une deuxième journée de formation est comprise."),
              ("Prochain point le {date}.",), (), ()),
    ),
)  # fmt: skip

SPANISH = Language(
    reply="RE",
    greetings=("Hola, {user}:", "Buenos días:", "Estimado equipo:"),
    our_greetings=("Hola, {first}:", "Buenos días, {contact}:"),
    farewells=("Un saludo,", "Saludos cordiales,", "Muchas gracias y un saludo,"),
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre"),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    follow_ups=("gracias por la rápida respuesta.", "queda todavía un punto.", "¿hay novedades?"),
    our_starts=("como acordamos, vuelvo a escribirle.", "¿cómo va todo?"),
    our_follow_ups=("gracias, entendido.", "aquí va lo que faltaba."),
    selling=(
        Topic("pricing", ("Su propuesta de {amount}", "Duda sobre el precio"),
              ("gracias por la propuesta de {amount}.", "hemos revisado su oferta con {colleague}.",
               "la oferta supera nuestro presupuesto."),
              ("Para {seats} puestos esperábamos un {pct} por ciento menos.", "¿La interfaz se paga una sola vez?",
               "{rival} nos ofrece un precio más bajo, aunque sin formación.",
               "Dirección quiere firmar por tres años."),
              ("¿Podrían enviarnos una nueva propuesta antes del {weekday}?", "¿Podemos hablar el {weekday}?"),
              ("gracias por su sinceridad.", "con gusto le explico el precio."),
              ("La puesta en marcha se paga una sola vez.", "A tres años puedo ofrecerle un {pct} por ciento.",
               "La formación está incluida."),
              ("Le adjunto la nueva propuesta.", "Le llamo el {weekday}."), (), ()),
    ),
    serving=(
        Topic("billing", ("Factura {invoice} incorrecta", "Recordatorio de pago"),
              ("la factura {invoice} vuelve a ser incorrecta.",
               "hemos recibido un recordatorio de una factura ya pagada."),
              ("Nos cobran {seats} puestos, y no es lo acordado.", "Falta el número de pedido.",
               "Es la tercera vez este año y empezamos a perder la paciencia."),
              ("Por favor, envíen una factura corregida.", "Espero el abono antes del {date}."),
              ("lamento mucho el error.", "tiene usted razón, y le pido disculpas."),
              ("Contabilidad ya ha corregido la factura.", "El recordatorio fue un error."),
              ("El abono sale hoy.", "La próxima vez llámeme directamente."), (), ()),
    ),
)  # fmt: skip

LANGUAGES: Mapping[str, Language] = {
    "Germany": GERMAN, "Austria": GERMAN, "Switzerland": GERMAN, "France": FRENCH, "Spain": SPANISH,
}  # fmt: skip
