# Ein kurzer Text für jeden geschlossenen Code, für Tray, Benachrichtigungen, Kommandozeile und Fenster.
# Kennung: kebab-case(Typ)-kebab-case(Variante). Argumente: die Datenfelder der Variante, fertig formatiert.

## Problem: was an einem Feld des Formulars nicht stimmt
problem-hostname-missing = Hier fehlt der Hostname, zum Beispiel home.spdns.de.
problem-hostname-not-full = Bitte den vollständigen Hostnamen mit Domain eintragen, zum Beispiel home.spdns.de.
problem-hostname-is-url = Bitte nur den Hostnamen eintragen, ohne https:// und ohne Pfad.
problem-hostname-is-address = Das ist eine IP-Adresse. Hierher gehört der Hostname, der auf sie zeigen soll.
problem-hostname-is-list = Hier passt nur ein Hostname. Für jeden weiteren bitte einen eigenen Eintrag anlegen.
problem-hostname-is-token = Das sieht nach einem Update-Token aus. Es gehört in das Feld „Passwort / Update-Token“.
problem-hostname-character = Das Zeichen „{ $character }“ kann in einem Hostnamen nicht vorkommen.
problem-hostname-shape = Zwischen zwei Punkten stehen 1 bis 63 Buchstaben, Ziffern oder Bindestriche, am Rand kein Bindestrich.
problem-hostname-twice = Ein anderer Eintrag pflegt diesen Host schon mit demselben Protokoll. Bitte ein anderes Protokoll wählen oder einen Eintrag entfernen.
problem-user-missing = Hier fehlt der Benutzername des Kontos.
problem-user-has-colon = Ein Benutzername kann keinen Doppelpunkt enthalten.
problem-secret-missing = Hier fehlt das Update-Token oder das Passwort.
problem-secret-for-other-server = Der Server wurde geändert. Bitte Token oder Passwort neu eingeben, damit es nicht unbemerkt woanders hingeht.
problem-secret-character = Darin steckt ein Zeilenumbruch oder ein unsichtbares Zeichen. Bitte noch einmal kopieren.
problem-server-missing = Hier fehlt der Update-Server, zum Beispiel update.spdyn.de.
problem-server-shape = Bitte einen Servernamen oder eine Webadresse eintragen, zum Beispiel update.spdyn.de.
problem-server-not-encrypted = Token oder Passwort wären unterwegs lesbar. Bitte https:// verwenden.
problem-server-has-login = Benutzername und Passwort gehören nicht in die Adresse, sie haben eigene Felder.
problem-resolver-shape = Bitte eine Webadresse eintragen, zum Beispiel https://checkip4.spdyn.de/.
problem-resolver-not-encrypted = Eine unverschlüsselte Antwort lässt sich unterwegs fälschen. Bitte https:// verwenden.
problem-interval-shape = Bitte eine Zeitspanne eintragen, zum Beispiel 10 min oder 1 h.
problem-interval-too-short = Das kürzeste Intervall ist { $minutes } Minuten; öfter wollen die Dienste nicht gefragt werden.
problem-interval-too-long = Das längste Intervall ist 24 Stunden.

## HaltReason: was geschehen ist, was zu tun ist, und eine Kurzform für Listen
halt-reason-bad-auth = Der Dienst hat das Update-Token von { $hostname } abgelehnt.
halt-reason-bad-auth-way-out = Ein verlorenes oder ersetztes Token lässt sich nicht wiederherstellen: ein neues erzeugen und eintragen.
halt-reason-bad-auth-short = Token abgelehnt
halt-reason-bad-auth-account = Der Server hat Benutzername oder Passwort von { $hostname } abgelehnt.
halt-reason-bad-auth-account-way-out = Benutzername prüfen und das Passwort neu eingeben.
halt-reason-bad-auth-account-short = Anmeldung abgelehnt
halt-reason-not-yours = Mit dieser Anmeldung darf { $hostname } nicht aktualisiert werden.
halt-reason-not-yours-way-out = Vermutlich sind Hostname und Token vertauscht. Prüfen, ob beide zusammengehören, dann erneut versuchen.
halt-reason-not-yours-short = Hostname und Token passen nicht zusammen
halt-reason-not-fqdn = Der Server erkennt „{ $hostname }“ nicht als vollständigen Hostnamen an.
halt-reason-not-fqdn-way-out = Den Hostnamen in den Einstellungen berichtigen.
halt-reason-not-fqdn-short = Hostname unvollständig
halt-reason-no-host = Den Host { $hostname } gibt es nicht, oder er wurde gelöscht.
halt-reason-no-host-way-out = Auf der Website prüfen, ob der Host existiert und genau so geschrieben ist, dann erneut versuchen.
halt-reason-no-host-short = Host nicht vorhanden
halt-reason-fatal = Die Aktualisierung von { $hostname } wurde auf der Website von Hand abgeschaltet.
halt-reason-fatal-way-out = Den Host auf der Website wieder einschalten, dann erneut versuchen.
halt-reason-fatal-short = auf der Website abgeschaltet
halt-reason-num-host = Der Server hat { $hostname } abgelehnt: zu viele Hosts in einer Anfrage.
halt-reason-num-host-way-out = Möglicherweise antwortet ein falscher Server. Den Server in den Einstellungen prüfen, dann erneut versuchen.
halt-reason-num-host-short = zu viele Hosts
halt-reason-abuse = Der Dienst hat { $hostname } nach fehlerhaften oder wiederholten Aktualisierungen vorübergehend gesperrt.
halt-reason-abuse-way-out = Jede andere Aktualisierung dieses Hosts abschalten, zum Beispiel im Router, den Host auf der Website prüfen und es später erneut versuchen.
halt-reason-abuse-short = Host gesperrt
halt-reason-bad-agent = Der Server von { $hostname } lehnt dieses Programm ab.
halt-reason-bad-agent-way-out = Nach einer neueren Version von Dyntray suchen oder beim Betreiber des Dienstes nachfragen.
halt-reason-bad-agent-short = Programm abgelehnt
halt-reason-not-donator = Das Konto von { $hostname } enthält die verlangte Funktion nicht.
halt-reason-not-donator-way-out = Das Konto auf der Website des Dienstes erweitern, dann erneut versuchen.
halt-reason-not-donator-short = Funktion nicht enthalten
halt-reason-not-active = Das Konto oder der Host { $hostname } ist nicht freigeschaltet.
halt-reason-not-active-way-out = Auf der Website des Dienstes freischalten, dann erneut versuchen.
halt-reason-not-active-short = nicht freigeschaltet
halt-reason-bad-system = Der Server von { $hostname } nimmt diese Art von Anfrage nicht an.
halt-reason-bad-system-way-out = Den Server in den Einstellungen prüfen, dann erneut versuchen.
halt-reason-bad-system-short = Anfrage nicht angenommen
halt-reason-other-address = Der Server hat für { $hostname } die Adresse { $named } bestätigt, die nie gesendet wurde.
halt-reason-other-address-way-out = So lehnen manche Dienste ein Programm ab. Server und Host auf der Website prüfen, dann erneut versuchen.
halt-reason-other-address-short = andere Adresse bestätigt
halt-reason-secret-missing = Für { $hostname } ist kein Update-Token gespeichert.
halt-reason-secret-missing-way-out = Das Token hier eintragen. Ein verlorenes lässt sich nicht wiederherstellen: auf der Website ein neues erzeugen.
halt-reason-secret-missing-short = kein Token gespeichert
halt-reason-secret-missing-account = Für { $hostname } ist kein Passwort gespeichert.
halt-reason-secret-missing-account-way-out = Das Passwort des Kontos eingeben.
halt-reason-secret-missing-account-short = kein Passwort gespeichert

## Trouble: niemand hat abgelehnt; es wird erneut versucht
trouble-unreachable = Der Update-Server ist nicht erreichbar. Es wurde nichts gesendet.
trouble-not-trusted = Das Zertifikat gehört nicht zum Server, vielleicht steht eine Anmeldeseite dazwischen. Es wurde nichts gesendet.
trouble-unconfirmed = Es kam keine Antwort. Die Aktualisierung kann trotzdem angekommen sein.
trouble-server = Der Server meldet eine eigene Störung ({ $code }).
trouble-unreadable = So antwortet kein Update-Server: „{ $line }“. Vielleicht steht eine Anmeldeseite dazwischen.
trouble-keyring-locked = Der Schlüsselbund ist gesperrt. Nach dem Entsperren geht es weiter.
trouble-keyring-absent = Auf diesem System gibt es keinen Schlüsselbund, der das Token aufbewahren könnte.

## LookUpProblem: warum eine Abfrage keine Adresse ergab
look-up-problem-unreachable = Der Webresolver ist nicht erreichbar; vielleicht fehlt die Internetverbindung.
look-up-problem-timed-out = Der Webresolver hat nicht rechtzeitig geantwortet.
look-up-problem-not-trusted = Das Zertifikat gehört nicht zum Webresolver, vielleicht steht eine Anmeldeseite dazwischen.
look-up-problem-status = Der Webresolver hat mit Fehler { $status } geantwortet.
look-up-problem-redirected = Die Antwort des Webresolvers leitet um, meist auf eine Anmeldeseite.
look-up-problem-not-an-address = Die Antwort des Webresolvers ist keine Adresse: „{ $line }“.
look-up-problem-wrong-family = Der Webresolver hat mit einer Adresse der anderen Art geantwortet.
look-up-problem-unpublishable = { $address } wird nicht veröffentlicht: Das ist { $why }.
look-up-problem-interfaces = Die Netzwerkanschlüsse dieses Rechners ließen sich nicht lesen.
look-up-problem-name-not-found = Der Name des Dienstes ließ sich nicht auflösen (DNS).
look-up-problem-sign-in-page = Eine Anmeldeseite antwortet an seiner Stelle.
look-up-problem-no-router = Kein Router gibt Auskunft.

## Unpublishable: vervollständigt „… wird nicht veröffentlicht: Das ist …“
unpublishable-unspecified = eine leere Adresse
unpublishable-private = eine private Adresse, die im Internet nirgendwohin führt
unpublishable-shared = eine Adresse, die sich mehrere Kunden des Providers teilen; von außen ist der Anschluss darüber nicht erreichbar
unpublishable-loopback = die eigene Adresse dieses Rechners
unpublishable-link-local = eine Adresse nur für das lokale Netzsegment
unpublishable-unique-local = eine Adresse nur für das lokale Netz
unpublishable-documentation = eine Adresse nur für Beispiele
unpublishable-benchmark = eine Adresse nur für Messungen
unpublishable-multicast = eine Gruppenadresse
unpublishable-reserved = eine reservierte Adresse
unpublishable-ipv4-mapped = eine als IPv6 geschriebene IPv4-Adresse
unpublishable-translated = eine übersetzte Adresse, nicht die des Anschlusses

## Observation: die Antwort einer Quelle
observation-known = { $address }
observation-no-address = keine Adresse
observation-unavailable = unbekannt: { $why }

## Status: wie es um einen Eintrag steht
status-disabled = ausgeschaltet
status-paused = pausiert
status-looking-up = Adresse wird ermittelt
status-sending = Adresse wird gesendet
status-fine = aktuell
status-no-address = keine Adresse bekannt
status-queued = wird gleich gesendet
status-troubled = wird erneut versucht
status-halted = angehalten

## Mood: alle Einträge zusammen
mood-empty = Noch nichts eingerichtet
mood-fine = Alles ist aktuell
mood-working = Wird aktualisiert
mood-waiting = Warten auf Netz oder Server
mood-paused = Aktualisierungen sind pausiert
mood-needs-you = Hier ist etwas zu tun

## TokenShape: wonach ein eingegebenes Token aussieht
token-shape-empty = Zwölf Buchstaben in drei Gruppen: abcd-efgh-ijkl.
token-shape-update-token = Update-Token erkannt.
token-shape-move-token = Das sieht nach einem Move-Token aus: Mit einer Zahl davor überträgt es einen Host auf ein anderes Konto. Ein Update-Token hat nur drei Gruppen zu vier Buchstaben. Speichern ist trotzdem möglich.
token-shape-unfinished = Das Token ist noch nicht vollständig: drei Gruppen zu vier Buchstaben, abcd-efgh-ijkl.
token-shape-misspelt = Fast ein Update-Token: Es hat nur Kleinbuchstaben und Bindestriche, abcd-efgh-ijkl.
token-shape-other = Sieht nicht nach einem Update-Token aus; für andere Dienste in Ordnung.

## Refusal: warum eine Anfrage nicht ausgeführt wurde
refusal-fields = Noch nicht gespeichert: Bitte die markierten Felder prüfen.
refusal-keyring-locked = Nicht gespeichert: Der Schlüsselbund ist gesperrt. Bitte entsperren und erneut speichern.
refusal-keyring-absent = Nicht gespeichert: Auf diesem System gibt es keinen Schlüsselbund, der das Token aufbewahren könnte.
refusal-not-written = Nicht gespeichert: { $why }
refusal-no-such-entry = Diesen Eintrag gibt es nicht mehr.
refusal-no-window = Das Fenster ließ sich nicht öffnen: { $why }
refusal-not-understood = Fenster und Programm haben verschiedene Versionen. Bitte Dyntray beenden und neu starten.

## Ailment: Störungen des Programms selbst
ailment-settings-damaged = Die Einstellungsdatei war beschädigt; Dyntray ist mit leeren Einstellungen gestartet. Die alte Datei liegt unter { $kept }.
ailment-history-damaged = Zustand und Verlauf waren beschädigt und wurden neu begonnen. Die alten liegen unter { $kept }.
ailment-cannot-remember = Es wird nichts gesendet, weil sich der Zustand nicht speichern lässt: { $why }
ailment-no-tray = Keine Leiste zeigt das Tray-Symbol. Dyntray läuft im Hintergrund weiter; ein erneuter Start öffnet dieses Fenster.

## Accepted, Happening
accepted-good = geändert
accepted-no-change = war schon aktuell
happening-accepted = angenommen: { $how }
happening-halted = angehalten: { $reason }
happening-troubled = { $trouble }

## Cause: worum es in einer Benachrichtigung geht
cause-published = { $hostname } zeigt jetzt auf { $addresses }.
cause-halted = { $reason }
cause-lasting = { $hostname } ließ sich seit über einer Stunde nicht aktualisieren. { $trouble }
cause-keyring = { $hostname } lässt sich nicht aktualisieren. { $trouble }
cause-another-updater = Offenbar aktualisiert noch ein anderes Programm { $hostname }. Bitte abschalten, sonst droht eine Sperre des Hosts.

## Source, Family, Protocol, LoginKind, NoticeLevel, LanguageChoice
source-web-resolver-ipv4 = Webresolver
source-web-resolver-ipv6 = Webresolver
source-interface-ipv4 = Netzwerkanschluss dieses Rechners
source-interface-ipv6 = Netzwerkanschluss dieses Rechners
family-ipv4 = IPv4
family-ipv6 = IPv6
protocol-ipv4 = IPv4
protocol-ipv6 = IPv6
protocol-both = IPv4 und IPv6
login-kind-token = Update-Token
login-kind-account = Konto-Anmeldung
notice-level-off = Aus
notice-level-problems = Probleme
notice-level-changes = Probleme und neue Adressen
language-choice-system = Wie das System
language-choice-de = Deutsch
language-choice-en = English
