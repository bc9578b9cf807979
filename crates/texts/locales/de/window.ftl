# Das Fenster: Beschriftungen, Beschreibungen, Schaltflächen, Seiten.

## Rahmen
app-name = Dyntray
nav-label = Seiten
nav-status = Status
nav-settings = Einstellungen
nav-diagnostics = Diagnose
nav-about = Über
nav-help = Hilfe
title-status = Status – Dyntray
title-settings = Einstellungen – Dyntray
title-new-token = Neues Token – Dyntray
title-diagnostics = Protokoll und Diagnose – Dyntray
title-about = Über Dyntray
title-help = Hilfe – Dyntray
connection-lost = Keine Verbindung zu Dyntray, das die Aktualisierungen ausführt. Eingaben bleiben hier erhalten; das Fenster verbindet sich von selbst neu.
connection-not-understood = Das laufende Dyntray hat eine andere Version, die dieses Fenster nicht versteht. Das Fenster schließen und wieder öffnen. Hilft das nicht, Dyntray beenden und starten.
version-window-older = Dieses Fenster hat noch die Version { $window }, Dyntray die Version { $program }. Das Fenster schließen und wieder öffnen.
version-program-older = Dieses Fenster hat die Version { $window }, das laufende Dyntray noch die Version { $program }. Bitte Dyntray neu starten.
connection-not-running = Dyntray läuft nicht.
connection-not-running-about = Bis es wieder läuft, wird nichts aktualisiert. Eingaben bleiben hier erhalten.
program-start = Dyntray starten
program-starting = Wird gestartet …
program-not-started = Dyntray konnte nicht gestartet werden: { $why }
tray-help = Erweiterung für GNOME
quit = Dyntray beenden (keine Aktualisierung mehr)
loading = Wird geladen …
not-done = Das hat nicht geklappt. Bitte noch einmal versuchen.

## Einstellungen
settings-heading = Einstellungen
settings-jump = Auf dieser Seite:
settings-welcome-heading = Willkommen bei Dyntray
settings-welcome = Hostname und Update-Token eintragen und speichern. Solange Dyntray läuft, zeigt der Name auf diesen Anschluss.
settings-welcome-others = Anderer Dienst, Konto oder Datei?
entry-heading = Eintrag { $number }
entry-new = Neuer Eintrag
add-entry = Eintrag hinzufügen
entry-remove = Entfernen
entry-remove-label = Eintrag { $number } entfernen
entry-removed = { $name } wird beim Speichern entfernt.
entry-undo = Rückgängig
field-enabled-about = Diesen Hostnamen aktuell halten.
hostname-spelling = Im DNS wird dieser Name { $spelling } geschrieben.
hostname-spell = So übernehmen
field-hostname-about = Der Hostname, der auf diesen Anschluss zeigen soll, zum Beispiel home.spdns.de.
field-user-about-token = Mit einem Update-Token ist der Benutzername immer der Hostname; er wird von selbst eingetragen.
field-user-about-account = Der Benutzername des Kontos.
field-user-about-token-spdyn = Mit einem Update-Token ist der Benutzer immer der Hostname; er wird von selbst eingetragen. Ein mit einem Fachhändler verknüpftes Konto braucht ein Update-Token.
field-user-about-account-spdyn = Der Benutzername des Kontos. Ist das Konto mit einem Fachhändler verknüpft, braucht es stattdessen den Hostnamen mit einem Update-Token.
field-user-about-host = Bei { $name } ist der Benutzername immer der Hostname; er wird von selbst eingetragen.
field-user-about-none = { $name } erkennt den Host allein am Token oder Schlüssel.
field-user-none = nicht nötig
field-login-about-account = Das Passwort öffnet das ganze Konto. Ein Update-Token ist sicherer: Es kann nur diesen einen Host aktualisieren und lässt sich einzeln ersetzen.
field-secret = Passwort / Update-Token
field-secret-password = Passwort
field-secret-token = Token
field-secret-key = Schlüssel
field-secret-about-service = Wie { $name } es für dynamisches DNS vergibt. Es liegt im Schlüsselbund des Systems und wird nie wieder angezeigt.
field-secret-about-token = Das Update-Token des Hosts. Es liegt im Schlüsselbund des Systems und wird nie wieder angezeigt.
field-secret-about-token-spdyn = Das Update-Token dieses Hosts; ein mit einem Fachhändler verknüpftes Konto braucht eines. Es liegt im Schlüsselbund des Systems und wird nie wieder angezeigt.
field-secret-about-account-spdyn = Das Passwort des Kontos. Ist das Konto mit einem Fachhändler verknüpft, braucht es stattdessen das Update-Token des Hosts. Es liegt im Schlüsselbund des Systems und wird nie wieder angezeigt.
field-secret-about-account = Das Passwort des Kontos. Es liegt im Schlüsselbund des Systems und wird nie wieder angezeigt.
field-secret-looks-like-token = Das sieht nach einem Update-Token aus: oben „Update-Token“ wählen.
field-server-about = Der Update-Server. Bei SPDYN ist es update.spdyn.de.
provider-other = Anderer dyndns2-Server
provider-custom = Eigene Update-URL
field-server-about-service = An diesen Server gehen die Anfragen für { $name }.
field-update-url-about = Wie der Dienst sie nennt, mit Platzhaltern: {"{host}"} für den Hostnamen, {"{ip4}"} und {"{ip6}"} für die Adressen oder {"{ips}"} für beide, {"{prefix}"} für das IPv6-Präfix, {"{user}"} und {"{password}"}. Ohne {"{password}"} gehen Benutzer und Passwort per HTTP Basic mit. Auch die Platzhalter einer FRITZ!Box werden verstanden.
field-webresolver-about = Muss an sein, wenn ein Router mit NAT zwischen diesem Computer und dem Internet steht.
entry-more = { $choice }
entry-source = Adresse und Gerät
entry-device = Gerät { $device }
field-address-from-about = Mit „Webresolver“ ein: Webresolver und Router gemeinsam; aus: die Netzwerkanschlüsse dieses Computers.
field-fixed-ipv4-about = Wird immer veröffentlicht, welche Adresse der Anschluss auch hat.
field-fixed-ipv6-about = Wird immer veröffentlicht, welche Adresse der Anschluss auch hat.
field-device-about = Etwa für ein NAS: seine Interface-ID, wie der Router sie zeigt (::1a2b:3cff:fe4d:5e6f), seine MAC-Adresse oder eine seiner dauerhaften IPv6-Adressen, die mit 2 beginnt (keine temporäre). Die IPv6-Adresse des Namens ist dann die dieses Geräts. Leer: die dieses Computers. Die IPv4-Adresse ist immer die des Anschlusses.
field-protocol-about = Welche Adressen der Hostname haben soll. Bei DS-Lite ist von außen nur IPv6 erreichbar, und eine IPv6-Adresse gehört nur zu diesem Computer. Für ein anderes Gerät, etwa ein NAS: siehe unten „Adresse und Gerät“.
secret-none = noch nicht gespeichert
secret-saved-never-used = gespeichert { $when }, noch nie benutzt
secret-saved-accepted = gespeichert, zuletzt angenommen { $when }
secret-will-be-removed = wird beim Speichern entfernt
secret-of-other-host = Das gespeicherte Token gehört zu { $before }. { $hostname } braucht ein eigenes: „Ersetzen“ drücken.
secret-show = Anzeigen
secret-hide = Verbergen
secret-show-label = Eingabe anzeigen
secret-replace = Ersetzen
secret-replace-label = Gespeichertes Token oder Passwort von Eintrag { $number } ersetzen
secret-remove = Entfernen
secret-remove-label = Gespeichertes Token oder Passwort von Eintrag { $number } entfernen
secret-keep = Gespeichertes behalten
secret-undo = Rückgängig
more = Erweitert
more-about = Gilt für alle Einträge: Adressermittlung, Heimnetz, Server und Proxy
field-resolver-about = Ein Webdienst, der mit der Adresse antwortet, von der aus er gefragt wird.
fall-backs-about = Werden in dieser Reihenfolge gefragt, wenn der obige nicht antwortet. Einem allein wird nie sofort geglaubt.
fall-back-number = Weiterer Webresolver { $number }
fall-back-ipv4 = IPv4, Webresolver { $number }
fall-back-ipv6 = IPv6, Webresolver { $number }
fall-back-remove = Entfernen
fall-back-remove-label = Webresolver { $number } entfernen
fall-back-add = Webresolver hinzufügen
field-home-lock-about = Ein Notebook in einem anderen Netz nimmt den Hostnamen nicht mit. Das erste Netz mit einer Aktualisierung gilt als Zuhause.
homes-known = { $count ->
    [0] Noch ist kein Netz als Zuhause bekannt.
    [one] 1 Netz ist als Zuhause bekannt.
   *[other] { $count } Netze sind als Zuhause bekannt.
}
homes-forget = Vergessen
homes-forget-label = Als Zuhause bekannte Netze vergessen
homes-forgotten = Vergessen. Das nächste Netz mit einer Aktualisierung gilt als Zuhause.
homes-no-identity = Dieses Netz lässt sich nicht merken: Der Computer zeigt Dyntray nicht, welchen Router es hat.
field-publish-vpn-about = Veröffentlicht auch die Adresse, die dieser Computer durch ein VPN oder einen Proxy hat.
field-publish-shared-about = Veröffentlicht auch eine IPv4-Adresse, die sich mehrere Kunden des Providers teilen, obwohl der Anschluss darüber von außen nicht erreichbar ist.
field-name-server-about = Hier wird geprüft, ob eine Aktualisierung angekommen ist. Bleibt das Feld leer, werden die eigenen Nameserver des Hosts gefragt.
field-autostart = Mit dem Computer starten
field-autostart-on = Ein: Dyntray startet bei der Anmeldung.
field-autostart-off = Aus: Nach einem Neustart des Computers wird nichts aktualisiert, bis jemand Dyntray startet.
autostart-failed = Das ließ sich nicht ändern.
autostart-another = Bei der Anmeldung startet ein anderes Dyntray: { $program }. Ist der Schalter an, startet stattdessen dieses.
autostart-move-first = Von hier aus kann Dyntray später nicht starten. In den Ordner „Programme“ bewegen, dort öffnen und den Schalter einschalten.
field-interval-about = Zeit zwischen zwei Abfragen, zum Beispiel 10 min oder 1 h.
field-language-about = Die Sprache aller Texte.
field-notices-about = Was die Benachrichtigungen des Desktops melden.
save = Speichern
save-saving = Wird gespeichert …
saving-long = Das Speichern dauert noch. Falls der Schlüsselbund nach seinem Passwort oder um Erlaubnis fragt, bitte dort antworten; der Dialog kann hinter diesem Fenster liegen. Wird er abgebrochen, wird nichts gespeichert.
save-hint = Strg+S
saved = Gespeichert
saved-see-status = Zum Status
unsaved = Nicht gespeicherte Änderungen
leave-heading = Vor dem Verlassen speichern?
leave-about = Was hier eingegeben wurde, ist noch nicht gespeichert.
leave-save = Speichern
leave-discard = Verwerfen
leave-stay = Weiter bearbeiten

## Erste Schritte
first-hostname = Hostname
first-hostname-from = Bei SPDYN steht er auf der Website in der Liste der Hosts. Noch keiner da? Dort ein Konto anlegen und einen Host hinzufügen.
first-service = Dieser Hostname gehört zu { $name }. Dafür braucht es etwas mehr als ein Token.
first-to-service = Im Formular eintragen
first-token = Update-Token
first-token-where = Wie bekomme ich ein Token?
first-open-spdyn = Website von SPDYN öffnen
first-spdyn-address = www.spdyn.de
first-token-website = Hostnamen und ihre Token entstehen auf der Website des Dienstes. Dort:
first-token-kept = Ein Token ist gespeichert. Bleibt das Feld leer, wird es beibehalten.
first-token-refused = Das gespeicherte Token wurde abgelehnt. Noch einmal vollständig einfügen oder ein neues.
first-token-saved = Liegt im Schlüsselbund des Systems.
first-password = Ein Passwort, oder für einen anderen Dienst? Das Formular hat ein Feld für den Benutzernamen und eine Liste der Dienste.
first-account = Stattdessen mit Konto anmelden
first-all-settings = Alle Einstellungen
first-save = Speichern und testen
first-change = Ändern
first-cancel = Abbrechen
first-test = Test
first-test-about = Ermittelt die Adresse dieses Anschlusses, sendet eine echte Aktualisierung und fragt die Nameserver.
first-look-up = Adresse ermitteln
first-look-up-asking = Die Adresse dieses Anschlusses wird ermittelt …
first-look-up-found = Gefunden: { $addresses }
first-again = Nächster Versuch { $when }.
first-update = Aktualisierung
first-update-sending = Die Adresse wird gesendet …
first-update-waits = Die Aktualisierung wartet, { $why }.
first-update-paused = Aktualisierungen sind pausiert.
first-update-disabled = Der Eintrag ist ausgeschaltet.
first-dns = DNS-Prüfung
first-dns-pending = Unterwegs: Die Nameserver haben die Adresse noch nicht. Das kann einige Minuten dauern; darauf zu warten ist nicht nötig.
first-dns-live = Sichtbar seit { $since }: { $hostname } zeigt jetzt auf diesen Anschluss. Ob ein Gerät dahinter erreichbar ist, entscheidet der Router (Portfreigabe).
first-dns-foreign = Die Nameserver haben eine andere Adresse: { $there }.
first-dns-gone = Die Nameserver haben keine Adresse für { $hostname }.
first-dns-foreign-way-out = Dyntray sendet die Adresse von selbst noch einmal. Hilft das nicht, aktualisiert wahrscheinlich noch ein anderes Programm diesen Host.
first-dns-cant-verify = Nicht prüfbar: { $why }.
first-dns-cant-verify-way-out = Für die Aktualisierung spielt das keine Rolle: Der Server hat sie angenommen.
first-dns-not-checked = Nicht geprüft. Es zählt die Antwort des Servers.
first-last = Zum Schluss
first-last-about = Hier lässt sich einstellen, ob Dyntray mit dem Computer startet.
first-done = Zum Status
first-other-token = Neues Token eingeben
first-correct = Eintrag korrigieren

## Einträge des Formulars
entry-label = Eintrag { $number }, { $name }
entry-unsaved = noch nicht gespeichert
entry-duplicate = Duplizieren
entry-duplicate-label = Eintrag { $number } duplizieren
entry-up-label = Eintrag { $number } nach oben
entry-down-label = Eintrag { $number } nach unten
entry-moved = { $name } steht jetzt an Stelle { $number } von { $count }.

## Viele Einträge
list-search = Suchen
list-found = { $shown } von { $all }
list-none-found = Nichts passt dazu.
list-more = { $next } von { $rest } weiteren anzeigen
list-rest = Die übrigen { $rest } anzeigen
status-search-hint = Name, Adresse, Zustand
hosts-label = Hostnamen
states-label = Nach Zustand
count-needs-you = { $count ->
    [one] 1 braucht Hilfe
   *[other] { $count } brauchen Hilfe
}
count-paused = { $count } pausiert
count-waiting = { $count ->
    [one] 1 wartet
   *[other] { $count } warten
}
count-working = { $count } in Arbeit
count-fine = { $count } aktuell
count-empty = { $count } ausgeschaltet
line-next = nächste Prüfung { $when }
line-try = nächster Versuch { $when }
settings-search-hint = Name, Benutzer, Server
entries-label = Einträge
kinds-label = Nach Stand
count-mistaken = { $count } mit Fehlern
count-unsaved = { $count } noch nicht gespeichert
count-leaving = { $count } zu entfernen
count-off = { $count } ausgeschaltet
entry-line = { $login } · { $protocol }
entry-line-user = { $login } { $user } · { $protocol }
entry-mistakes = { $count ->
    [one] 1 Fehler
   *[other] { $count } Fehler
}
entry-leaving = wird entfernt
entry-enabled-label = { $name }: aktiviert
history-search-hint = Name, Adresse, Ergebnis
history-newest = die neuesten { $count }
history-found = { $shown } von den neuesten { $all }
hosts-more = { $count } weitere

## Import vieler Einträge
import-taking-about = { $count ->
    [one] Das Token oder Passwort wird im Schlüsselbund abgelegt.
   *[other] { $count } Token und Passwörter werden im Schlüsselbund abgelegt. Bei vielen Einträgen kann das ein bis zwei Minuten dauern.
}
import-taking-for = { $seconds ->
    [one] seit 1 Sekunde
   *[other] seit { $seconds } Sekunden
}
import-taking-stays = Das Fenster bleibt offen, bis die Einträge importiert sind. Erneutes Schließen schließt es trotzdem.
import-lost = Es kam keine Antwort. Vielleicht wurde ein Teil der Einträge importiert: Die Einstellungen zeigen, welche.

## Import
import = Importieren …
import-about = Importiert Hostnamen und ihre Token aus spdyn_update_token.csv, ddclient.conf, inadyn.conf oder Update-URLs eines Routers. Eine Datei lässt sich auch auf dieses Fenster ziehen.
import-file-label = Zu importierende Datei
import-drop = Datei hier ablegen, um zu sehen, was sich importieren lässt
import-heading = Import aus { $name }
import-reading = Datei wird gelesen …
import-count = { $count ->
    [0] Aus dieser Datei lässt sich nichts importieren.
    [one] 1 Eintrag lässt sich importieren.
   *[other] { $count } Einträge lassen sich importieren.
}
import-to-here = Alle in der Liste angekreuzten Namen zeigen danach auf diesen Internetanschluss.
import-untick = Namen anderer Anschlüsse, etwa von Kunden oder Familie, hier abwählen.
import-elsewhere = { $count ->
    [one] Ein Name zeigt heute auf einen anderen Internetanschluss. Er ist nicht angekreuzt. Nur ankreuzen, wenn er hierher gehört, zum Beispiel weil er auf eine alte Adresse dieses Anschlusses zeigt.
   *[other] { $count } Namen zeigen heute auf andere Internetanschlüsse. Sie sind nicht angekreuzt. Nur ankreuzen, was hierher gehört, zum Beispiel weil es auf eine alte Adresse dieses Anschlusses zeigt.
}
import-elsewhere-off = { $count ->
    [one] Ein Name zeigt heute auf einen anderen Internetanschluss. Er wird ausgeschaltet importiert und bleibt, wie er ist. Ein Häkchen ließe ihn hierher zeigen.
   *[other] { $count } Namen zeigen heute auf andere Internetanschlüsse. Sie werden ausgeschaltet importiert und bleiben, wie sie sind. Ein Häkchen ließe einen Namen hierher zeigen.
}
import-none-elsewhere = Geprüft: Keiner der Namen zeigt heute auf einen anderen Anschluss.
import-off = Auch diese importieren, aber ausgeschaltet; die Token werden gespeichert, die Adressen bleiben, wie sie sind
import-leads = zeigt heute auf { $addresses }
import-leads-off = zeigt heute auf { $addresses }; wird ausgeschaltet importiert
import-locating = Es wird geprüft, worauf die Namen heute zeigen …
import-all = Alle
import-all-here = Alle, die nicht anderswohin zeigen
import-entry = { $login } · { $server } · { $protocol }
import-left-out = { $count ->
    [one] 1 Zeile wird ausgelassen
   *[other] { $count } Zeilen werden ausgelassen
}
import-left-out-file = Ausgelassen
import-remarks = In Dyntray anders
import-line = Zeile { $line }: { $why }
import-line-what = Zeile { $line }, { $what }: { $why }
import-left-out-more = { $count ->
    [one] und 1 weitere Zeile
   *[other] und { $count } weitere Zeilen
}
import-take = { $count ->
    [one] 1 Eintrag importieren
   *[other] { $count } Einträge importieren
}
import-take-off = { $count ->
    [one] 1 Eintrag ausgeschaltet importieren
   *[other] { $count } Einträge importieren ({ $off } ausgeschaltet)
}
import-hidden = { $count ->
    [one] auch 1 nicht angezeigter
   *[other] auch { $count } nicht angezeigte
}
import-taking = Wird importiert …
import-cancel = Abbrechen
import-done = { $count ->
    [one] 1 Eintrag wurde importiert; sein Token oder Passwort liegt im Schlüsselbund.
   *[other] { $count } Einträge wurden importiert; ihre Token und Passwörter liegen im Schlüsselbund.
}
import-done-off = { $count ->
    [one] 1 davon ist ausgeschaltet.
   *[other] { $count } davon sind ausgeschaltet.
}
import-keep = { $count ->
    [one] 1 Name wurde nicht importiert. Das Token oder Passwort dieses Namens steht vielleicht nur in { $name }: Die Datei sicher aufbewahren.
   *[other] { $count } Namen wurden nicht importiert. Die Token und Passwörter dieser Namen stehen vielleicht nur in { $name }: Die Datei sicher aufbewahren.
}
import-keep-off = Oder die Datei noch einmal importieren und diese Namen dabei ausgeschaltet übernehmen.
import-delete = { $name } enthält diese Token und Passwörter noch. Die Datei bitte löschen, auch aus dem Papierkorb.
import-left-lines = { $count ->
    [one] 1 Zeile wurde ausgelassen. { $name } löschen, sobald sie nicht mehr gebraucht wird: Token und Passwörter stehen noch darin.
   *[other] { $count } Zeilen wurden ausgelassen. { $name } löschen, sobald sie nicht mehr gebraucht werden: Token und Passwörter stehen noch darin.
}
import-close = Schließen

## Status
status-heading = Status
status-empty = Ein Hostname und sein Update-Token genügen.
status-set-up = Hostname einrichten
update-now = Jetzt aktualisieren
update-now-done = Adresse wird ermittelt …
pause = Pausieren
pause-for = Dauer der Pause
pause-until-resumed = unbegrenzt
pause-one-hour = für 1 Stunde
pause-until-tomorrow = bis morgen um 06:00 Uhr
resume = Fortsetzen
paused-until = Pausiert bis { $when }.
paused-until-resumed = Unbegrenzt pausiert.
chain-detected = Ermittelt
chain-published = Veröffentlicht
chain-live = Im DNS sichtbar
chain-changed = anderswo geändert, gesehen { $when }
chain-gone = gesehen { $when }
chain-not-yet = noch nicht
chain-absent = Dieser Anschluss hat keine { $family }-Adresse.
chain-seen = { $when }, { $source }
chain-accepted = angenommen { $when }
next-step-at = { $when }, { $why }
why = Warum diese Adresse?
why-source = Quelle
why-said = Antwort
why-weight = Bewertung
why-none = Es wurde keine Quelle gefragt.
this-is-home = Auch dieses Netz ist mein Zuhause
changed-elsewhere-retry = Erneut versuchen
open-switch = Trotzdem veröffentlichen …
last-reply = Letzte Aktualisierung
last-reply-accepted = { $how }, { $when }
last-reply-not-accepted = nicht angenommen, { $when }
last-reply-none = noch keine
enter-token = Neues Token eingeben
enter-password = Passwort eingeben
try-again = Erneut versuchen
open-website = Website öffnen
open-settings = Einstellungen öffnen
halted-since = Angehalten { $when }. Ohne Eingriff wird nichts mehr gesendet.
history-heading = Verlauf
history-empty = Es wurde noch nichts gesendet.
history-when = Zeit
history-host = Hostname
history-addresses = Gesendet
history-result = Ergebnis
history-why = Warum?
history-save = Als Tabelle speichern (CSV)
chart-summary = Seit { $from }: { $changes ->
    [0] kein Adresswechsel.
    [one] 1 Adresswechsel.
   *[other] { $changes } Adresswechsel, höchstens { $most } am Tag.
}
chart-changes = { $count ->
    [0] kein Wechsel
    [one] 1 Wechsel
   *[other] { $count } Wechsel
}
chart-outages = { $count ->
    [one] 1 Ausfall ({ $time })
   *[other] { $count } Ausfälle ({ $time })
}
chart-period = { $from } bis { $to }
chart-now = jetzt
chart-stay = { $address }: { $period }
chart-outage = Ohne erfolgreiche Aktualisierung: { $period }
chart-per-day = Wechsel pro Tag
chart-day = { $day }: { $count ->
    [one] 1 Wechsel
   *[other] { $count } Wechsel
}

## Neues Token
new-token-heading = Neues Update-Token für { $hostname }
new-token-heading-account = Passwort für { $hostname }
new-token-refused = Der Dienst hat das Token von { $hostname } abgelehnt.
new-token-refused-account = Der Dienst hat Benutzer „{ $user }“ mit diesem Passwort für { $hostname } abgelehnt.
new-token-check = Ist das Token noch da? Dann noch einmal kopieren: Vielleicht fehlt ein Buchstabe.
new-token-about = Ein verlorenes Token lässt sich nicht wiederherstellen: Der Dienst hat keine Kopie. Ein neues ist in einer Minute erzeugt und ersetzt das alte.
new-token-about-account = Benutzer und Passwort durch Anmelden auf der Website prüfen, dann das Passwort hier eingeben. Ist das Konto mit einem Fachhändler verknüpft, nimmt SPDYN kein Passwort an: „Benutzer ändern oder Token verwenden“ anklicken. Ein Token ist ohnehin sicherer.
new-token-change-login = Benutzer ändern oder Token verwenden
new-token-steps = Vier Schritte auf der Website
step-log-in = Anmelden
step-log-in-about = Die Website öffnen und anmelden. Ist das Konto mit einem Fachhändler verknüpft, „Login with Reseller Account“ wählen.
step-host = Host anklicken
step-host-about = In der Liste der Hosts { $hostname } anklicken.
step-create = Token erzeugen
step-create-about = Im Auswahlfeld der Spalte „Token“ den Punkt „Update Token“ wählen, dann „+ Create Token“ drücken. Ein neues Token ersetzt das bisherige: überall eintragen, wo das bisherige benutzt wurde, zum Beispiel im Router.
step-copy = Sofort kopieren
step-copy-about = Das Token wird nur ein einziges Mal angezeigt. Kopieren und auf dieser Seite ins Feld einfügen.
portal-log-in = Login
portal-user = Benutzer
portal-password = Passwort
portal-host = Host
portal-token = Token
portal-update-token = Update Token
portal-create-token = + Create Token
portal-example-token = abcd-efgh-ijkl
portal-other-host = laden.spdns.de
portal-copy = Kopieren
new-token-field = Update-Token
new-token-field-account = Passwort
save-token = Speichern und aktualisieren
save-token-waiting = Gespeichert. Warten auf die Antwort des Servers …
save-token-accepted = Angenommen: Der Dienst hat jetzt { $addresses } für { $hostname }.
save-token-accepted-plain = Angenommen: { $hostname } ist aktuell.
save-token-refused-again = Wieder abgelehnt: Das ist nicht das aktuelle Token von { $hostname }. Bitte das neueste kopieren.
save-token-refused-again-account = Wieder abgelehnt: Benutzername und Passwort passen nicht zusammen. Bei SPDYN braucht ein mit einem Fachhändler verknüpftes Konto den Hostnamen als Benutzer und dessen Update-Token als Passwort.
save-token-state = Gespeichert. { $hostname }: { $state }.
save-token-troubled = Gespeichert, aber noch nicht bestätigt. { $trouble } Nächster Versuch { $when }.
save-token-unused = Gespeichert. Es wird bei der nächsten Adressänderung benutzt.
new-token-done = Zum Status
new-token-gone = Diesen Eintrag gibt es nicht mehr.

## Protokoll und Diagnose
diagnostics-page-heading = Protokoll und Diagnose
copy = Kopieren
copied = Kopiert
copy-what = { $text } kopieren
copied-what = { $text } wurde kopiert.
open-host = { $hostname } im Browser öffnen
copy-failed = Kopieren ist hier nicht möglich.
save-file = Als Datei speichern
save-file-done = Gespeichert: { $path }
log-heading = Protokoll
log-about = Was Dyntray tut, auf Englisch. Token stehen nie darin.
log-level-label = Anzeigen
log-level-all = alles
log-level-from-info = Informationen und Schwereres
log-level-from-warn = Warnungen und Fehler
log-level-from-error = nur Fehler
log-filter = Suchen
log-filter-hint = Teil einer Zeile
log-pause = Anhalten
log-resume = Fortsetzen
log-details = Einzelheiten
log-open-folder = Ordner öffnen
log-count = { $shown } von { $all } Zeilen
log-paused = angehalten
log-empty = Das Protokoll ist leer.
log-none-found = Keine Zeile passt dazu.
report-heading = Problem melden
report-help = Zuerst in der Hilfe nachsehen: Sie erklärt jede Meldung.
report-copy = Den Text unten kopieren oder speichern und dazuschreiben, was passieren sollte und was stattdessen passiert ist.
report-where = Beides dorthin schicken, woher Dyntray stammt: als Fehlermeldung an die Entwickler, wo der Quelltext liegt, oder an die Person, die Dyntray eingerichtet hat, zum Beispiel vom Fachhandel. Dyntray selbst sendet nichts.
diagnostics-heading = Diagnose
diagnostics-about = Alles, was bei der Fehlersuche hilft, in einem Text: Einstellungen, Stand, Netzwerk, die letzten Zeilen von Verlauf und Protokoll. Hostnamen und Adressen stehen darin, Token und Passwörter nicht. Nichts wird gesendet; über die Weitergabe entscheidet, wer es hier liest.
diagnostics-renew = Neu erstellen

## Mehr: Gruppen, Verbindungen, Darstellung
more-addresses = Adressermittlung
more-network = Heimnetz und VPN
more-connections = Server und Proxy
more-program = Programm
field-theme-about = Hell oder dunkel. Hoher Kontrast richtet sich nach dem System.
field-proxy-about = Nur Aktualisierungen und die Frage nach neuen Versionen gehen über den Proxy. Die Adressermittlung fragt direkt, denn die Adresse eines Proxys ist nicht die dieses Anschlusses. Proxys mit Anmeldung und Konfigurationsskripte (PAC) lassen sich nicht verwenden.
field-proxy-address-about = Name oder Adresse mit Port, zum Beispiel proxy.example.org:3128.
field-releases-about = Die Webadresse, unter der neue Versionen von Dyntray angekündigt werden. Einmal am Tag wird dort nur die Versionsnummer gelesen; installiert wird nichts. Bleibt das Feld leer, wird niemand gefragt.

## Anderswo geändert, während es hier getippt wurde
conflict-newer = Inzwischen gespeichert: { $value }
conflict-newer-nothing = Inzwischen gespeichert: nichts
conflict-newer-many = Inzwischen wurden andere Werte gespeichert.
conflict-on = ein
conflict-off = aus
conflict-take = Neuere Werte übernehmen
conflict-keep = Eigene behalten und speichern

## Wer kontaktiert wird
contacts = Dyntray spricht nur mit: { $servers }.
contacts-none = Dyntray spricht mit niemandem: Kein Eintrag ist aktiviert.
contacts-router = dem Router zu Hause
contacts-name-servers = den Nameservern der Hostnamen
contacts-more = Wozu und wann?
contacts-heading = Kontaktierte Server
contacts-about = Mit den gespeicherten Einstellungen sind es diese, sonst niemand.
contacts-who = Server
contacts-what = Wozu
contacts-when = Wann
contact-update = Aktualisierung von { $hostnames }
contact-update-when = Wenn sich eine Adresse geändert hat
contact-resolver = Adresse dieses Anschlusses ({ $families })
contact-resolver-when = Alle { $interval } und wenn sich das Netz ändert
contact-fall-back = Adresse dieses Anschlusses ({ $families }), ersatzweise
contact-fall-back-when = Nur wenn der erste Webresolver nicht antwortet
contact-router-who = Der Router zu Hause
contact-router = Adresse, die er vom Provider bekommen hat
contact-router-when = Laufend; nichts davon verlässt das Heimnetz
contact-name-servers-who = Die Nameserver der Hostnamen
contact-name-servers = Prüfung, ob eine Aktualisierung im DNS angekommen ist
contact-name-servers-when = Nach jeder Aktualisierung, dann alle paar Stunden
contact-name-server = Prüfung, ob eine Aktualisierung im DNS angekommen ist
contact-name-server-when = Nach jeder Aktualisierung, dann alle paar Stunden
contact-releases = Nummer der neuesten Version
contact-releases-when = Einmal am Tag
contact-proxy = Weiterleitung von Aktualisierungen und der Frage nach neuen Versionen
contact-proxy-when = Immer, wenn eines davon ansteht
contact-system-proxy-who = Der Proxy des Systems
contact-system-proxy = Weiterleitung von Aktualisierungen und der Frage nach neuen Versionen
contact-system-proxy-when = Immer, wenn eines davon ansteht und im System ein Proxy eingestellt ist
contacts-notes = Gefunden werden diese Server über die Nameserver, die im System eingestellt sind. Scheint eine Anmeldeseite im Weg zu stehen, wird der Webresolver einmal unverschlüsselt gefragt; aus der Antwort wird nur das geschlossen.

## Über
about-heading = Über Dyntray
about-what = Sorgt dafür, dass Hostnamen auf diesen Anschluss zeigen.
about-version = Version
about-system = System
about-independent = Dyntray ist ein unabhängiges Programm und kein Produkt von Securepoint. SPDYN ist ein Dienst von Securepoint.
about-places = Was wo liegt
about-settings-folder = Einstellungen
about-data-folder = Zustand, Verlauf und Protokoll
about-secrets = Token und Passwörter
about-secrets-where = Im Schlüsselbund des Systems und nirgends sonst
about-never = Was Dyntray nie tut
about-never-telemetry = Nutzungsdaten, Statistiken oder Absturzberichte senden.
about-never-others = Einen Server kontaktieren, der oben nicht aufgeführt ist.
about-never-install = Von selbst etwas herunterladen oder installieren.
about-never-show = Gespeicherte Token oder Passwörter wieder anzeigen oder ins Protokoll schreiben.
keyboard-heading = Tastatur
keyboard-ctrl = Strg+{ $key }
newer = Dyntray { $version } wurde angekündigt.
newer-about = Nichts wird von selbst installiert. Woher es die Version gibt, steht auf der Website, die sie angekündigt hat.
newer-open = Website öffnen
newer-more = Über Dyntray
licences = Lizenzen
licences-own = Dyntray ist freie Software, wahlweise unter der MIT-Lizenz oder der Apache License 2.0.
licences-others = Alle Lizenzen: die von Dyntray und die aller Bestandteile
licences-about = Ein Klick auf eine Zeile zeigt die Texte, die zu diesem Bestandteil gehören.
licences-filter = Suchen
licences-filter-hint = Name oder Lizenz
licences-count = { $shown } von { $all }
licences-none-found = Nichts passt dazu.
licences-no-text = Diesem Bestandteil liegt kein Text bei; es gilt die genannte Lizenz.

## Hilfe
help-heading = Hilfe
help-key = F1
help-about = Diese Seiten gehören zu Dyntray und brauchen keine Internetverbindung.
help-chapters = Kapitel
help-all = Alle Kapitel
help-back = Zurück
help-search = Suchen
help-search-hint = Zum Beispiel DS-Lite, Token, NAS
help-found = { $count ->
    [0] Nichts passt dazu.
    [one] 1 Stelle
   *[other] { $count } Stellen
}
help-in-chapter = In diesem Kapitel
help-mean = Was bedeutet das?

## Zeiten
when-just-now = gerade eben
when-any-moment = gleich
when-on = am { $date }
