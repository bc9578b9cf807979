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
problem-hostname-other-letters = Den Buchstaben „{ $character }“ schreibt das DNS anders. Bitte den Namen so eintragen, wie ihn der Dienst anzeigt, mit xn-- am Anfang.
problem-hostname-not-ascii = Im DNS wird dieser Name { $spelling } geschrieben. Bitte so eintragen.
problem-hostname-shape = Zwischen zwei Punkten stehen 1 bis 63 Buchstaben, Ziffern oder Bindestriche, am Rand kein Bindestrich.
problem-hostname-twice = Ein anderer Eintrag pflegt diesen Host schon mit demselben Protokoll. Bitte ein anderes Protokoll wählen oder einen Eintrag entfernen.
problem-user-missing = Hier fehlt der Benutzername des Kontos.
problem-user-has-colon = Ein Benutzername kann keinen Doppelpunkt enthalten.
problem-secret-missing = Es wurde nichts eingegeben.
problem-secret-for-other-server = Der Server wurde geändert. Bitte Token oder Passwort neu eingeben, damit es nicht unbemerkt woanders hingeht.
problem-secret-character = Darin steckt ein Zeilenumbruch oder ein unsichtbares Zeichen. Bitte noch einmal kopieren.
problem-server-missing = Hier fehlt der Update-Server, zum Beispiel update.spdyn.de.
problem-server-shape = Bitte einen Servernamen oder eine Webadresse eintragen, zum Beispiel update.spdyn.de.
problem-server-not-encrypted = Token oder Passwort wären unterwegs lesbar. Bitte https:// verwenden.
problem-server-has-login = Benutzername und Passwort gehören nicht in die Adresse, sie haben eigene Felder.
problem-provider-unknown = Dieser Dienst ist hier nicht bekannt. Bitte einen anderen wählen oder seine Update-URL eintragen.
problem-family-not-kept = { $family ->
    [ipv4] Dort lässt sich keine IPv4-Adresse veröffentlichen. Bitte das Protokoll IPv6 wählen.
   *[other] Dort lässt sich keine IPv6-Adresse veröffentlichen. Bitte das Protokoll IPv4 wählen.
  }
problem-update-url-missing = Hier fehlt die Update-URL.
problem-update-url-shape = Bitte eine Webadresse mit Platzhaltern eintragen, zum Beispiel https://example.org/update?host={"{host}"}&ip={"{ip4}"}.
problem-update-url-not-encrypted = Token oder Passwort wären unterwegs lesbar. Bitte https:// verwenden.
problem-update-url-has-login = Bitte weglassen, was vor dem @ steht: Benutzer und Passwort haben eigene Felder.
problem-update-url-has-secret = An die Stelle des Passworts oder Tokens gehört {"{password}"}, das Geheimnis selbst in sein eigenes Feld.
problem-update-url-placeholder = Den Platzhalter { $placeholder } gibt es nicht.
problem-update-url-no-host = Der Hostname fehlt: An seine Stelle gehört {"{host}"}.
problem-update-url-no-address = Die Adresse fehlt: An ihre Stelle gehört {"{ip4}"}, {"{ip6}"} oder {"{ips}"}.
problem-resolver-shape = Bitte eine Webadresse eintragen, zum Beispiel https://checkip4.spdyn.de/.
problem-resolver-not-encrypted = Eine unverschlüsselte Antwort lässt sich unterwegs fälschen. Bitte https:// verwenden.
problem-interval-shape = Bitte eine Zeitspanne eintragen, zum Beispiel 10 min oder 1 h.
problem-interval-too-short = Das kürzeste Intervall ist { $minutes } Minuten; öfter wollen die Dienste nicht gefragt werden.
problem-interval-too-long = Das längste Intervall ist 24 Stunden.
problem-fixed-missing = Hier fehlt die feste Adresse; sonst bitte eine andere Quelle wählen.
problem-fixed-shape = Das ist keine Adresse dieser Art.
problem-fixed-unpublishable = Diese Adresse lässt sich nicht veröffentlichen: Das ist { $why }.
problem-name-server-shape = Bitte eine IP-Adresse eintragen, mit oder ohne Port, zum Beispiel 9.9.9.9 oder 127.0.0.1:5353.
problem-device-shape = Das ist weder eine Interface-ID wie ::1a2b:3cff:fe4d:5e6f noch eine IPv6- oder MAC-Adresse des Geräts.
problem-device-not-public = Diese Adresse gilt nur zu Hause. Bitte die Interface-ID eintragen oder eine dauerhafte IPv6-Adresse des Geräts, die mit 2 beginnt.
problem-device-multicast = Das ist die Adresse einer Gruppe von Geräten. Bitte die des einen Geräts eintragen.
problem-device-no-device = Die zweite Hälfte der Adresse fehlt; sie bezeichnet das Gerät.
problem-proxy-missing = Bitte den Proxy eintragen, zum Beispiel proxy.example.org:3128.
problem-proxy-shape = Bitte den Proxy mit Port eintragen, zum Beispiel proxy.example.org:3128. Nur HTTP-Proxys lassen sich verwenden.
problem-proxy-has-login = Benutzername und Passwort gehören nicht in die Adresse: Proxys mit Anmeldung lassen sich nicht verwenden.
problem-releases-shape = Bitte eine Webadresse eintragen, zum Beispiel https://example.org/dyntray.json, oder nichts.
problem-releases-not-encrypted = Eine unverschlüsselte Antwort lässt sich unterwegs fälschen. Bitte https:// verwenden.

## HaltReason: was geschehen ist, was zu tun ist, und eine Kurzform für Listen
halt-reason-bad-auth = Der Dienst hat das Update-Token von { $hostname } abgelehnt.
halt-reason-bad-auth-way-out = Prüfen, ob es vollständig ist und zu diesem Hostnamen gehört. Ist es verloren, ersetzt oder abgeschaltet, lässt es sich nicht wiederherstellen: ein neues erzeugen und eintragen.
halt-reason-bad-auth-short = Token abgelehnt
halt-reason-bad-auth-account = Der Server hat Benutzername oder Passwort von { $hostname } abgelehnt.
halt-reason-bad-auth-account-way-out = Benutzername prüfen und das Passwort neu eingeben. Bei SPDYN braucht ein mit einem Fachhändler verknüpftes Konto den Hostnamen als Benutzer und dessen Update-Token als Passwort.
halt-reason-bad-auth-account-short = Anmeldung abgelehnt
halt-reason-not-yours = Mit dieser Anmeldung darf { $hostname } nicht aktualisiert werden.
halt-reason-not-yours-way-out = Vermutlich gehört das Token zu einem anderen Hostnamen. Prüfen, ob beide zusammengehören, dann erneut versuchen.
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
halt-reason-abuse-way-out = Zuerst jede andere Aktualisierung dieses Hosts abschalten, zum Beispiel im Router. Dann das Ende der Sperre abwarten und es erneut versuchen. Führt die Website ein Protokoll des Hosts, steht dort jede Aktualisierung.
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
halt-reason-secret-missing-in = { $keyring } hat kein Update-Token für { $hostname }. Falls es in einem anderen Schlüsselbund liegt, geht es weiter, sobald der antwortet.
halt-reason-secret-missing-way-out = Das Token hier eintragen. Ein verlorenes lässt sich nicht wiederherstellen: auf der Website ein neues erzeugen.
halt-reason-secret-missing-short = kein Token gespeichert
halt-reason-secret-missing-account = Für { $hostname } ist kein Passwort gespeichert.
halt-reason-secret-missing-account-in = { $keyring } hat kein Passwort für { $hostname }. Falls es in einem anderen Schlüsselbund liegt, geht es weiter, sobald der antwortet.
halt-reason-secret-missing-account-way-out = Das Passwort des Kontos eingeben.
halt-reason-secret-missing-account-short = kein Passwort gespeichert

## RetryableError (trouble-…): niemand hat abgelehnt; es wird erneut versucht
trouble-unreachable = Der Update-Server ist nicht erreichbar. Es wurde nichts gesendet.
trouble-not-trusted = Das Zertifikat gehört nicht zum Server, vielleicht steht eine Anmeldeseite dazwischen. Es wurde nichts gesendet.
trouble-no-certificates = Dieses System hat keine Stammzertifikate, deshalb lässt sich kein Server prüfen. Bitte das Paket ca-certificates installieren. Es wurde nichts gesendet.
trouble-wrong-clock = Die Uhr dieses Computers geht wohl falsch: Sie zeigt den { $shows }, und an diesem Tag gilt das Zertifikat des Servers nicht. Es wurde nichts gesendet.
trouble-certificate-expired = Das Zertifikat des Servers ist abgelaufen. Es wurde nichts gesendet.
trouble-certificate-not-yet-valid = Das Zertifikat des Servers gilt noch nicht. Es wurde nichts gesendet.
trouble-unconfirmed = Es kam keine Antwort. Die Aktualisierung kann trotzdem angekommen sein.
trouble-server = Der Server meldet eine eigene Störung ({ $code }).
trouble-unreadable = So antwortet kein Update-Server: „{ $line }“. Vielleicht steht eine Anmeldeseite dazwischen.
trouble-keyring-locked = Der Schlüsselbund ist gesperrt. Nach dem Entsperren geht es weiter.
trouble-keyring-absent = Auf diesem System gibt es keinen Schlüsselbund, der das Token aufbewahren könnte.
trouble-secrets-unusable = Die Datei, die das Token aufbewahrt, ist nicht zu gebrauchen: { $why }

## LookUpProblem: warum eine Quelle keine Adresse nennt
look-up-problem-unreachable = Nicht erreichbar; vielleicht fehlt die Internetverbindung.
look-up-problem-timed-out = Es kam rechtzeitig keine Antwort.
look-up-problem-no-certificates = Dieses System hat keine Stammzertifikate, deshalb lässt sich kein Server prüfen. Bitte das Paket ca-certificates installieren.
look-up-problem-not-trusted = Das Zertifikat gehört nicht zum Dienst, vielleicht steht eine Anmeldeseite dazwischen.
look-up-problem-wrong-clock = Die Uhr dieses Computers geht wohl falsch: Sie zeigt den { $shows }, und an diesem Tag gilt das Zertifikat des Dienstes nicht.
look-up-problem-certificate-expired = Das Zertifikat des Dienstes ist abgelaufen.
look-up-problem-certificate-not-yet-valid = Das Zertifikat des Dienstes gilt noch nicht.
look-up-problem-status = Die Antwort ist eine Fehlermeldung (Status { $status }).
look-up-problem-redirected = Die Antwort leitet um, meist auf eine Anmeldeseite.
look-up-problem-not-an-address = Die Antwort ist keine Adresse: „{ $line }“.
look-up-problem-not-understood = Die Antwort des Routers ist unverständlich.
look-up-problem-wrong-family = Die Antwort ist eine IPv4-Adresse, gefragt war aber IPv6, oder umgekehrt.
look-up-problem-unpublishable = { $address } wird nicht veröffentlicht: Das ist { $why }.
look-up-problem-interfaces = Die Netzwerkanschlüsse dieses Computers ließen sich nicht lesen.
look-up-problem-name-not-found = Der Name des Dienstes ließ sich nicht auflösen (DNS).
look-up-problem-sign-in-page = Stattdessen antwortet eine Anmeldeseite.
look-up-problem-no-router = Der Router nennt seine Adresse nicht; vielleicht ist das im Router abgeschaltet.
look-up-problem-fritz-box-silent = Die FRITZ!Box nennt ihre Adresse nur nach einer Anmeldung. Ohne Anmeldung geht es, wenn dort eingeschaltet ist: „Heimnetz“ › „Netzwerk“ › „Netzwerkeinstellungen“ › „Statusinformationen über UPnP übertragen“.
look-up-problem-address-kept = Der Router ist verbunden, nennt aber keine Adresse. Das tun viele, wenn sie nicht öffentlich ist.
look-up-problem-ds-lite = Der Router hat keine eigene IPv4-Adresse (DS-Lite).

## Unpublishable: vervollständigt „… wird nicht veröffentlicht: Das ist …“
unpublishable-unspecified = ein Platzhalter für „keine Adresse“
unpublishable-private = eine private Adresse, die im Internet nirgendwohin führt
unpublishable-shared = eine Adresse, die sich mehrere Kunden des Providers teilen; von außen ist der Anschluss darüber nicht erreichbar
unpublishable-loopback = die eigene Adresse dieses Computers
unpublishable-link-local = eine Adresse, die nur bis zum nächsten Router führt
unpublishable-unique-local = eine Adresse, die nur zu Hause gilt
unpublishable-documentation = eine Adresse nur für Beispiele
unpublishable-benchmark = eine Adresse nur für Messungen
unpublishable-multicast = eine Adresse für Gruppen von Geräten
unpublishable-reserved = eine reservierte Adresse, die niemandem gehört
unpublishable-ipv4-mapped = eine als IPv6 geschriebene IPv4-Adresse
unpublishable-translated = eine Adresse, in die IPv4 übersetzt wurde, nicht die des Anschlusses

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
status-held = Adresse zurückgehalten
status-queued = wird gleich gesendet
status-changed-elsewhere = anderswo geändert
status-changed-elsewhere-what = Die Nameserver haben für { $hostname } eine andere Adresse als die zuletzt angenommene, und eine einmalige Korrektur hat nicht geholfen.
status-changed-elsewhere-way-out = Wahrscheinlich aktualisiert noch ein anderes Programm diesen Host. Bitte abschalten, zum Beispiel im Router, dann erneut versuchen.
status-troubled = wird erneut versucht
status-keyring-locked = Schlüsselbund ist gesperrt
status-keyring-absent = kein Schlüsselbund
status-secrets-unusable = Token-Datei nicht nutzbar
unlock-keyring = Schlüsselbund entsperren …
restart = Dyntray neu starten
status-halted = angehalten

## HoldReason (hold-…): warum eine Adresse zurückgehalten wird, was zu tun ist, und eine Kurzform für Listen
hold-elsewhere = Dies ist nicht das Netz, das als Zuhause bekannt ist.
hold-elsewhere-way-out = Zu Hause, mit neuem Router? „Auch dieses Netz ist mein Zuhause“ anklicken: Die Hostnamen zeigen dann hierher, und das Netz gilt ebenfalls als Zuhause. Unterwegs? Dann ist nichts zu tun: Zu Hause geht es von selbst weiter.
hold-elsewhere-short = unbekanntes Netz, nichts wird veröffentlicht
hold-new-router = Dies ist nicht das Netz, das als Zuhause bekannt ist, aber der Provider ist anscheinend derselbe.
hold-new-router-way-out = Zu Hause, mit neuem Router? „Auch dieses Netz ist mein Zuhause“ anklicken: Ab dann gilt es ebenfalls als Zuhause. Woanders? Dann ist nichts zu tun: Zu Hause geht es von selbst weiter.
hold-new-router-short = neuer Router? Nichts wird veröffentlicht
hold-unrecognised = Dieser Computer zeigt Dyntray nicht, welcher Router dies ist. Daher ist nicht zu erkennen, ob dies das Netz von zu Hause ist.
hold-unrecognised-way-out = Zu Hause, und der Computer bleibt dort? „Auch dieses Netz ist mein Zuhause“ anklicken: Die Hostnamen zeigen dann hierher. Ein Notebook für unterwegs veröffentlicht danach auch aus anderen Netzen, deren Router es nicht erkennt, etwa im Café: unterwegs pausieren. Woanders? Dann ist nichts zu tun.
hold-unrecognised-short = nicht erkennbar, ob dies zu Hause ist
hold-which-network = Welches Netz dies ist, wird noch festgestellt.
hold-which-network-way-out = Es geht von selbst weiter.
hold-which-network-short = Netz wird erkannt
hold-vpn = Der Weg ins Internet führt durch ein VPN: Diese Adresse gehört nicht zu diesem Anschluss.
hold-vpn-way-out = Der Name behält seine letzte Adresse. Ist das VPN aus, geht es von selbst weiter. Die Einstellungen können dessen Adresse unter „Erweitert“ zulassen.
hold-vpn-short = wegen VPN zurückgehalten
hold-conflict = Die Quellen nennen verschiedene Anschlüsse, wie hinter einem VPN oder einer zweiten Internetverbindung.
hold-conflict-way-out = VPN oder Proxy abschalten oder eine solche Adresse in den Einstellungen unter „Erweitert“ zulassen.
hold-conflict-short = Quellen widersprechen sich
hold-shared = Diese IPv4-Adresse teilen sich mehrere Kunden des Providers; von außen ist der Anschluss darüber nicht erreichbar.
hold-shared-way-out = IPv6 verwenden oder beim Provider nach einer öffentlichen IPv4-Adresse fragen. Die Einstellungen können sie unter „Erweitert“ trotzdem zulassen.
hold-shared-short = geteilte IPv4-Adresse, nicht veröffentlicht
hold-address-kept = Der Router ist verbunden, nennt aber keine Adresse: Er steht hinter einem weiteren Router, oder mehrere Kunden des Providers teilen sich die Adresse.
hold-address-kept-way-out = Hinter einem weiteren Router: trotzdem veröffentlichen, mit „Geteilte Adresse veröffentlichen“ in den Einstellungen unter „Erweitert“. Vom Provider geteilt: IPv6 verwenden oder nach einer öffentlichen IPv4-Adresse fragen.
hold-address-kept-short = hinter weiterem Router oder geteilt, nicht veröffentlicht
hold-unconfirmed = Bisher sagt das nur eine einzige Quelle, und sie könnte sich irren.
hold-unconfirmed-way-out = Eine zweite Abfrage folgt von selbst.
hold-unconfirmed-short = Adresse wird bestätigt
hold-no-stable-address = Dieser Computer hat hier nur IPv6-Adressen, die bald nicht mehr gelten.
hold-no-stable-address-way-out = Meist kommt nach wenigen Sekunden eine dauerhafte dazu. Wenn nicht: in den Netzwerkeinstellungen dieses Computers eine dauerhafte IPv6-Adresse einschalten.
hold-no-stable-address-short = IPv6-Adresse nur vorübergehend, nicht veröffentlicht
hold-no-prefix = Das IPv6-Präfix des Heimnetzes ist nicht bekannt, also auch nicht die Adresse des Geräts.
hold-no-prefix-way-out = Dieser Computer braucht eine IPv6-Adresse des Heimnetzes. Ist das Gerät in einem anderen Netz des Routers, etwa dem Gastnetz, muss auch der Router sein Präfix melden.
hold-no-prefix-short = Präfix des Heimnetzes nicht bekannt

## Mood: alle Einträge zusammen
mood-empty = Noch nichts eingerichtet
mood-fine = Alles ist aktuell
mood-working = Wird aktualisiert
mood-waiting = Warten auf Netz oder Server
mood-paused = Aktualisierungen sind pausiert
mood-elsewhere = Pausiert: unbekanntes Netz
mood-new-router = Pausiert: neuer Router?
mood-unrecognised = Pausiert: zu Hause?
mood-needs-you = Hier ist etwas zu tun

## TokenShape: wonach ein eingegebenes Token aussieht
token-shape-empty = Zwölf Buchstaben in drei Gruppen: abcd-efgh-ijkl.
token-shape-update-token = Update-Token erkannt.
token-shape-move-token = Das sieht nach einem Move-Token aus: Mit einer Zahl davor überträgt es einen Host auf ein anderes Konto. Ein Update-Token hat nur drei Gruppen zu vier Buchstaben. Speichern ist trotzdem möglich.
token-shape-unfinished = Das Token ist noch nicht vollständig: drei Gruppen zu vier Buchstaben, abcd-efgh-ijkl.
token-shape-misspelt = Fast ein Update-Token: Es hat nur Kleinbuchstaben und Bindestriche, abcd-efgh-ijkl.
token-shape-other = Sieht nicht nach einem Update-Token von SPDYN aus; andere Dienste haben Token anderer Art.

## Rejection (refusal-…): warum eine Anfrage nicht ausgeführt wurde
refusal-fields = Noch nicht gespeichert: Bitte die markierten Felder prüfen.
refusal-keyring-locked = Nicht gespeichert: Der Schlüsselbund ist gesperrt. Bitte entsperren und erneut speichern.
refusal-keyring-absent = Nicht gespeichert: Auf diesem System gibt es keinen Schlüsselbund, der das Token aufbewahren könnte.
refusal-secrets-read-only = Nicht gespeichert: Das Token von { $hostnames } übergibt systemd (LoadCredential in der Unit des Dienstes). Das neue dort ablegen, woher diese Zeile es nimmt, und den Dienst neu starten. Einen solchen Hostnamen nimmt „add --credential“ auf.
refusal-not-written = Nicht gespeichert: { $why }
refusal-changed-meanwhile = Noch nicht gespeichert: Inzwischen wurde etwas anderes gespeichert, das sich damit überschneidet.
refusal-settings-file-changed = Nicht gespeichert: Die Einstellungsdatei { $path } wurde von Hand geändert und ist so nicht brauchbar: { $why }. Bitte berichtigen und dann noch einmal speichern.
secret-stays = Gespeichert, aber ein altes Token oder Passwort liegt noch dort, wo es aufbewahrt wurde. { $why }
refusal-no-such-entry = Diesen Eintrag gibt es nicht mehr.
refusal-network-unclear = Welches Netz dies ist, wird noch festgestellt. Bitte in einer Minute noch einmal versuchen.
refusal-no-window = Das Fenster ließ sich nicht öffnen: { $why }
refusal-not-understood = Fenster und Programm haben verschiedene Versionen. Bitte Dyntray beenden und neu starten.
refusal-not-shown = Der Ordner ließ sich nicht anzeigen: { $why }
refusal-not-copied = Die Adresse ließ sich nicht kopieren: { $why }

## HealthIssue (ailment-…): Störungen des Programms selbst
ailment-settings-damaged = Die Einstellungsdatei war beschädigt; Dyntray ist mit leeren Einstellungen gestartet. Die alte Datei liegt unter { $kept }.
ailment-history-damaged = Zustand und Verlauf waren beschädigt und wurden neu begonnen. Die alten liegen unter { $kept }.
ailment-history-missing = Zustand und Verlauf fehlten und wurden neu begonnen. Was Dienste abgelehnt haben, ist noch bekannt.
ailment-history-newer = Es wird nichts gesendet, weil Zustand und Verlauf von einer neueren Version von Dyntray stammen. Sie bleiben unverändert unter { $kept }. Bitte Dyntray aktualisieren.
ailment-cannot-remember = Es wird nichts gesendet, weil sich der Zustand nicht speichern lässt: { $why }
ailment-program-replaced = Eine neue Version von Dyntray wurde installiert. Sie läuft nach einem Neustart von Dyntray.
ailment-no-tray = Kein Infobereich zeigt das Symbol. Dyntray läuft im Hintergrund weiter; ein erneuter Start öffnet dieses Fenster.
ailment-no-notices = Der Desktop zeigt keine Benachrichtigungen. Was Aufmerksamkeit braucht, steht hier und im Infobereich.
ailment-local-network-denied = macOS lässt Dyntray nicht ins lokale Netzwerk, deshalb lässt sich der Router nicht fragen. Der Schalter ist in Systemeinstellungen > Datenschutz & Sicherheit > Lokales Netzwerk.

## Accepted, UpdateResult (happening-…)
accepted-good = angenommen
accepted-no-change = war schon aktuell
happening-accepted = { $how }
happening-halted = angehalten: { $reason }
happening-troubled = { $trouble }
happening-repeated = { $result } ({ $times }-mal seit { $first })

## Cause: worum es in einer Benachrichtigung geht
cause-published = { $hostname } zeigt jetzt auf { $addresses }.
cause-halted = { $reason }
cause-lasting = { $hostname } ließ sich seit über einer Stunde nicht aktualisieren. { $trouble }
cause-keyring = { $hostname } lässt sich nicht aktualisieren. { $trouble }
cause-another-updater = Offenbar aktualisiert noch ein anderes Programm { $hostname }. Bitte abschalten, sonst droht eine Sperre des Hosts. Führt die Website ein Protokoll des Hosts, steht dort jede Aktualisierung.
cause-changed-elsewhere = { $hostname } wurde anderswo auf { $there } geändert. Falls noch ein anderes Programm diesen Host aktualisiert, bitte abschalten.
cause-changed-elsewhere-gone = Im DNS fehlt die Adresse von { $hostname }. Sie wird noch einmal gesendet; hilft das nicht, bitte den Host auf der Website prüfen.
cause-elsewhere = Dies ist nicht das Netz, das als Zuhause bekannt ist; daher behält { $hostname } seine Adresse. Zu Hause geht es von selbst weiter.
cause-new-router = Dies ist nicht das Netz, das als Zuhause bekannt ist, aber der Provider ist anscheinend derselbe. Bei einem neuen Router „Auch dieses Netz ist mein Zuhause“ anklicken. Bis dahin behält { $hostname } seine Adresse.
cause-unrecognised = Dieser Computer zeigt Dyntray nicht, welcher Router dies ist. Zu Hause „Auch dieses Netz ist mein Zuhause“ anklicken. Bis dahin behält { $hostname } seine Adresse.
cause-unchanged = { $hostname } zeigte schon auf { $addresses }.
cause-live = Die Nameserver haben die neue Adresse von { $hostname }: { $address }.
cause-troubled = { $hostname } konnte gerade nicht aktualisiert werden; es wird erneut versucht. { $trouble }
program-still-running = Das Fenster ist zu, aktualisiert wird weiterhin. Das Symbol im Infobereich öffnet es wieder.
program-new-version = Dyntray { $version } wurde angekündigt. Dyntray installiert nichts von selbst.
program-third-party = { $silent } antwortet seit einer Stunde nicht, deshalb wird { $asked } nach der Adresse gefragt. In den Einstellungen lässt sich unter „Erweitert“ ein anderer Webresolver wählen, oder die weiteren lassen sich abschalten.
program-address-kept = Der Router ist verbunden, nennt aber keine Adresse. Hinter einem weiteren Router, der Ports weiterleiten muss, kann sie veröffentlicht werden: In den Einstellungen unter „Erweitert“ „Geteilte Adresse veröffentlichen“ einschalten. Teilen sie sich mehrere Kunden des Providers, ist der Anschluss darüber von außen nicht erreichbar.

## Diagnosis: wie das Netz ist, was zu tun ist, und eine Kurzform für Listen
diagnosis-no-internet = Es besteht keine Internetverbindung.
diagnosis-no-internet-way-out = Kabel, WLAN und Router prüfen. Danach geht es von selbst weiter.
diagnosis-no-internet-short = keine Internetverbindung
diagnosis-sign-in-page = Vor dem Internet steht eine Anmeldeseite.
diagnosis-sign-in-page-way-out = Im Browser eine beliebige Website öffnen und sich dort anmelden. Danach geht es von selbst weiter.
diagnosis-sign-in-page-short = Anmeldeseite dazwischen
diagnosis-wrong-clock = Die Uhr dieses Computers geht wohl falsch: Sie zeigt den { $shows }. So kommt keine sichere Verbindung zustande.
diagnosis-wrong-clock-way-out = Datum und Uhrzeit richtig einstellen, am besten automatisch. Danach geht es von selbst weiter.
diagnosis-wrong-clock-short = falsches Datum am Computer
diagnosis-dns-blocked = Das Internet ist erreichbar, aber Namen werden nicht aufgelöst (DNS).
diagnosis-dns-blocked-way-out = Die Nameserver in den Netzwerkeinstellungen oder im Router prüfen; vielleicht sperrt sie ein Filter oder eine Firewall.
diagnosis-dns-blocked-short = Namen werden nicht aufgelöst
diagnosis-elsewhere = Dies ist nicht das Netz, das als Zuhause bekannt ist: Von hier wird nichts veröffentlicht.
diagnosis-elsewhere-way-out = Zu Hause, mit neuem Router? „Auch dieses Netz ist mein Zuhause“ anklicken: Die Hostnamen zeigen dann hierher, und das Netz gilt ebenfalls als Zuhause. Unterwegs? Dann ist nichts zu tun: Zu Hause geht es von selbst weiter.
diagnosis-elsewhere-short = nicht zu Hause
diagnosis-new-router = Dies ist nicht das Netz, das als Zuhause bekannt ist, aber der Provider ist anscheinend derselbe. Von hier wird nichts veröffentlicht.
diagnosis-new-router-way-out = Zu Hause, mit neuem Router? „Auch dieses Netz ist mein Zuhause“ anklicken: Ab dann gilt es ebenfalls als Zuhause. Woanders? Dann ist nichts zu tun: Zu Hause geht es von selbst weiter.
diagnosis-new-router-short = neuer Router?
diagnosis-unrecognised = Dieser Computer zeigt Dyntray nicht, welcher Router dies ist. Daher ist nicht zu erkennen, ob dies das Netz von zu Hause ist. Von hier wird nichts veröffentlicht.
diagnosis-unrecognised-way-out = Zu Hause, und der Computer bleibt dort? „Auch dieses Netz ist mein Zuhause“ anklicken: Die Hostnamen zeigen dann hierher. Ein Notebook für unterwegs veröffentlicht danach auch aus anderen Netzen, deren Router es nicht erkennt, etwa im Café: unterwegs pausieren. Woanders? Dann ist nichts zu tun.
diagnosis-unrecognised-short = zu Hause?
diagnosis-vpn = Die im Internet sichtbare Adresse gehört zu einem VPN oder Proxy, nicht zu diesem Anschluss. Sie wird nicht veröffentlicht.
diagnosis-vpn-way-out = Die Namen behalten ihre letzte Adresse. Ist das VPN aus, geht es von selbst weiter. Kein VPN? Vielleicht hat der Router eine zweite Verbindung, etwa über Mobilfunk. Die Einstellungen können die Adresse unter „Erweitert“ zulassen.
diagnosis-vpn-short = VPN
diagnosis-shared-address = Die IPv4-Adresse teilen sich mehrere Kunden des Providers; von außen ist der Anschluss darüber nicht erreichbar, und eine IPv6-Adresse hat er nicht.
diagnosis-shared-address-way-out = Beim Provider nach einer öffentlichen IPv4-Adresse oder nach IPv6 fragen.
diagnosis-shared-address-ipv6 = Die IPv4-Adresse teilen sich mehrere Kunden des Providers; von außen ist der Anschluss darüber nicht erreichbar. IPv6 funktioniert.
diagnosis-shared-address-ipv6-way-out = Über IPv6 ist der Anschluss aus den meisten Mobilfunknetzen und von vielen Anschlüssen erreichbar, aber nicht aus Netzen ohne IPv6. Genügt das, ist nichts zu tun. Sonst beim Provider nach einer öffentlichen IPv4-Adresse fragen.
diagnosis-shared-address-short = geteilte IPv4-Adresse
diagnosis-double-nat = Der Router steht selbst hinter einem weiteren Router (doppeltes NAT).
diagnosis-double-nat-way-out = Damit der Anschluss von außen erreichbar ist, muss der äußere Router Ports weiterleiten oder nur als Modem arbeiten (Bridge-Modus).
diagnosis-double-nat-short = zwei Router hintereinander
diagnosis-address-kept = Der Router ist verbunden, nennt aber keine Adresse: Er steht hinter einem weiteren Router, oder mehrere Kunden des Providers teilen sich die Adresse.
diagnosis-address-kept-way-out = Hinter einem weiteren Router, der Ports weiterleiten muss: trotzdem veröffentlichen. Vom Provider geteilt: IPv6 verwenden oder nach einer öffentlichen IPv4-Adresse fragen.
diagnosis-address-kept-short = hinter weiterem Router oder geteilt
diagnosis-ipv6-only = Hier führt nur IPv6 ins Internet.
diagnosis-ipv6-only-way-out = Bei den Einträgen das Protokoll „IPv6“ wählen, damit keine IPv4-Adresse vergeblich gesucht wird.
diagnosis-ipv6-only-short = nur IPv6

## Live, DnsProblem: was die Nameserver der Zone haben
live-unknown = nicht geprüft
live-pending = unterwegs
live-live = sichtbar seit { $since }
live-outdated = zeigt noch auf die alte Adresse
live-unsure = aus dem bisher bekannten Netz veröffentlicht; vermutlich veraltet
live-away = von zu Hause veröffentlicht; von hier aus nicht prüfbar
live-foreign = anderswo auf { $there } geändert
live-foreign-gone = der DNS-Eintrag fehlt
live-cant-verify = nicht prüfbar: { $why }
dns-problem-no-name-servers = die Nameserver des Hosts wurden nicht gefunden
dns-problem-no-answer = kein Nameserver antwortet; vielleicht ist Port 53 gesperrt
dns-problem-refused = die Nameserver kennen den Namen nicht oder verweigern die Antwort
dns-problem-disagree = die Nameserver sind sich noch nicht einig

## Outcome: was die Antworten aller Quellen ergeben
outcome-unknown = Noch haben nicht alle maßgeblichen Quellen geantwortet.
outcome-publish = { $address } wird übernommen, denn { $because }.
outcome-held = { $address } wird nicht veröffentlicht. { $hold }
outcome-held-nothing = Es wird nichts veröffentlicht. { $hold }
outcome-no-address = Dieser Anschluss hat keine Adresse dieser Art.
outcome-nothing = Keine Quelle nennt eine Adresse. { $why }
outcome-device = Für ein anderes Gerät: { $prefix } ist das Präfix des Heimnetzes, { $id } das Gerät.
outcome-kept = { $address } wird so mitgesendet, wie der Dienst sie hat: Er könnte löschen, was eine Anfrage nicht nennt.

## Basis (because-…): vervollständigt „… wird übernommen, denn …“
because-web-resolver = der Webresolver hat sie über eine verschlüsselte Verbindung genannt
because-two-sources = zwei Quellen sagen dasselbe
because-second-look = eine zweite Abfrage ergab dasselbe
because-stable-of-prefix = sie ist die dauerhafte Adresse dieses Computers in dem Netz (Präfix), das der Webresolver gesehen hat
because-routers-prefix = sie ist die dauerhafte Adresse dieses Computers in dem Netz (Präfix), das der Router bekommen hat
because-own-interface = sie ist die eigene Adresse dieses Computers
because-fixed = sie ist in den Einstellungen fest eingetragen
because-double-nat = der Webresolver hat sie genannt, und der Router steht selbst hinter einem weiteren Router
because-allowed = die Einstellungen lassen sie zu, obwohl sie geteilt oder die eines VPNs sein kann
because-home-prefix = sie hat das Präfix des Heimnetzes

## Weight: was aus der Antwort einer Quelle wurde
weight-taken = übernommen
weight-agrees = stimmt überein
weight-differs = weicht ab
weight-unused = nicht verwendet

## NextWhy: warum der nächste Schritt zu seiner Zeit kommt; nach einem Komma
next-step = Nächste Prüfung
next-try = Nächster Versuch
next-why-round = weil sich nichts geändert hat
next-why-not-reached = weil eine Quelle nicht erreichbar war
next-why-second-look = um ein zweites Mal nachzusehen
next-why-settling = weil sich das Netz noch ändert
next-why-flapping = weil die Adresse ständig wechselt
next-why-retry = weil die letzte Anfrage scheiterte
next-why-retry-after = weil der Server darum bat, bis dahin zu warten
next-why-pace = weil der Dienst mehr Zeit zwischen zwei Anfragen verlangt
next-why-other-family = weil die andere Adresse noch nicht bekannt ist und der Dienst löschen könnte, was eine Anfrage nicht nennt

## Origin, AddressChoice, Family, Records (protocol-…), LoginKind, NoticeLevel, LanguageChoice
origin-web-resolver = Webresolver
origin-fall-back = weiterer Webresolver
origin-router = Router
origin-interface = dieser Computer
origin-fixed = feste Adresse
address-choice-webresolver = Wie der Schalter „Webresolver“
address-choice-web = Nur Webresolver
address-choice-router = Nur Router
address-choice-interface = Netzwerkanschlüsse dieses Computers
address-choice-fixed = Feste Adresse
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
notice-level-all = Alles
language-choice-system = Wie das System
language-choice-de = Deutsch
language-choice-en = English
theme-choice-system = Wie das System
theme-choice-light = Hell
theme-choice-dark = Dunkel
proxy-choice-system = Wie das System
proxy-choice-none = Kein Proxy
proxy-choice-manual = Dieser Proxy

## Import: Dateien anderer Programme
import-source-table = Tabelle mit Hostnamen und Token
import-source-ddclient = Einstellungen von ddclient
import-source-inadyn = Einstellungen von inadyn
import-source-update-url = Update-URL eines Routers
import-unknown = { $count ->
    [one] Von einem Namen ist nicht bekannt, worauf er heute zeigt.
   *[other] Von { $count } Namen ist nicht bekannt, worauf sie heute zeigen.
}
import-effect-new = neu
import-effect-replaces-secret = ersetzt das Token
import-effect-replaces-secret-account = ersetzt das Passwort
left-out-why-file-too-large = Die Datei ist größer als 1 MiB.
left-out-why-not-text = Das ist keine Textdatei.
left-out-why-not-recognised = In dieser Datei wurde nichts erkannt: weder eine Tabelle mit Token noch Einstellungen von ddclient oder inadyn noch eine Update-URL.
left-out-why-too-many = mehr als 2.000 Einträge
left-out-why-no-hostname = kein Hostname
left-out-why-not-a-hostname = kein gültiger Hostname
left-out-why-other-letters = diese Buchstaben schreibt das DNS anders; bitte den Namen so eintragen, wie ihn der Dienst anzeigt, mit xn-- am Anfang
left-out-why-wildcard = ein Stern steht für beliebige Namen; Dyntray aktualisiert einzelne Hostnamen: bitte jeden für sich eintragen
left-out-why-no-secret = kein Token oder Passwort
left-out-why-placeholder = ein Platzhalter statt eines Tokens oder Passworts
left-out-why-move-token = ein Move-Token: Es übergibt den Host an ein anderes Konto und kann ihn nicht aktualisieren
left-out-why-not-a-secret = ein Token oder Passwort mit Steuerzeichen
left-out-why-not-a-server = kein brauchbarer Server
left-out-why-not-a-user = ein Benutzername mit Doppelpunkt
left-out-why-other-protocol = ein anderes Protokoll als dyndns2 oder eine Anfrage, die Dyntray nicht stellen kann
left-out-why-base64 = die Update-URL enthält Benutzer und Passwort in Base64 (<b64>), was Dyntray nicht in eine URL schreiben kann. Beides geht ohnehin im Kopf der Anfrage mit (HTTP Basic): bitte die Update-URL ohne diesen Teil eintragen, Benutzer und Passwort in ihren Feldern
left-out-why-twice = schon in dieser Datei
left-out-why-again = weiter unten in dieser Datei noch einmal
left-out-why-ambiguous = mehrere Einträge haben diesen Hostnamen; das Token bitte in den Einstellungen eingeben
left-out-why-unclear = auf ein Passwort ohne Anführungszeichen folgen mehrere Wörter; bitte das Passwort in Anführungszeichen setzen
left-out-why-other-file = eine weitere Datei gehört dazu; bitte auch diese importieren
left-out-why-switched-off = in dieser Datei abgeschaltet
remark-what-server-moved = update.spdns.de heißt jetzt update.spdyn.de
remark-what-spelling = so schreibt das DNS einen Namen mit Umlauten
remark-what-interface = der Name der Schnittstelle wird nicht übernommen: Dyntray findet die Schnittstelle zum Internet selbst
remark-what-one-source = IPv4 und IPv6 kamen aus verschiedenen Quellen; Dyntray fragt für beide einen Webdienst und den Router
remark-what-other-source = die Adresse kam von einem Befehl oder war keine öffentliche; Dyntray fragt einen Webdienst und den Router
remark-what-other-web-page = die Adresse kam von einer anderen Webseite; Dyntray fragt den eigenen Webresolver und den Router. Die Seite kann in den Einstellungen als weiterer Webresolver eingetragen werden
remark-what-wildcard = Dyntray schaltet den Wildcard-Eintrag des Dienstes weder ein noch aus; er bleibt, wie er ist
remark-what-prefix = das Präfix des Heimnetzes wird nicht gesendet
remark-what-ends-with-comma = das Passwort endet mit einem Komma, wie ddclient es liest; gehört keines dazu, bitte das Passwort neu eingeben
remark-what-token-misspelt = fast ein Update-Token: Es besteht nur aus Kleinbuchstaben und Bindestrichen, abcd-efgh-ijkl
remark-what-token-unfinished = das Token ist zu kurz: drei Gruppen aus vier Buchstaben, abcd-efgh-ijkl

## LogLevel
log-level-error = Fehler
log-level-warn = Warnung
log-level-info = Information
log-level-debug = Einzelheit
log-level-trace = Ablauf

## Die Felder der Maske, und was jemand anderes darin geändert hat
field-enabled = Aktiviert
field-hostname = Hostname
field-login = Anmelden mit
field-user = Benutzer
field-provider = Dienst
field-server = Server
field-update-url = Update-URL
field-webresolver = Webresolver
field-protocol = Protokoll
field-address-from = Adresse von
field-fixed-ipv4 = Feste IPv4-Adresse
field-fixed-ipv6 = Feste IPv6-Adresse
field-device = Anderes Gerät
field-language = Sprache
field-theme = Darstellung
field-notices = Benachrichtigungen
field-resolver-ipv4 = Webresolver IPv4
field-resolver-ipv6 = Webresolver IPv6
fall-backs = Weitere Webresolver
field-interval = Intervall
field-home-lock = Nur im Heimnetz
field-publish-vpn = Trotz VPN veröffentlichen
field-publish-shared = Geteilte Adresse veröffentlichen
field-name-server = Nameserver
field-proxy = Proxy
field-proxy-address = Proxy-Adresse
field-releases = Neue Versionen
conflict-place = { $hostname }: { $field }
conflict-removed = { $hostname } wurde inzwischen entfernt. Beim Speichern wird daraus ein neuer Eintrag.
conflict-changed = { $hostname } wurde inzwischen geändert. Hier wurde der Eintrag entfernt.
