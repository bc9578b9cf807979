# Infobereich, Benachrichtigungen und Befehlszeile.

## Menü und Kurzinfo im Infobereich
tray-title = Dyntray
tray-entry-fine = { $hostname } → { $addresses }, seit { $since }
tray-entry-live = { $hostname } → { $addresses }, live seit { $since }
tray-entry-state = { $hostname }: { $state }
tray-entry-retry = { $hostname }: { $state }, wieder um { $time }
tray-line-fine = { $hostname }, seit { $since }
tray-line-live = { $hostname }, live seit { $since }
tray-more = { $count ->
    [one] und 1 weiterer …
   *[other] und { $count } weitere …
}
tray-empty = Noch kein Hostname eingerichtet
tray-update-now = Jetzt aktualisieren
tray-copy = { $address } kopieren
tray-copy-which = Adresse kopieren
tray-pause = Pausieren
tray-pause-hour = Für 1 Stunde
tray-pause-tomorrow = Bis morgen
tray-pause-open = Bis zum Fortsetzen
tray-resume = Fortsetzen
tray-resume-until = Fortsetzen (pausiert bis { $time })
tray-enter-token = Neues Token für { $hostname } eingeben …
tray-this-is-home = Hier ist auch zu Hause
tray-open = Dyntray öffnen
tray-quit = Beenden (Aktualisierung endet)

## Benachrichtigungen: Titel; der Text ist der Satz der Ursache
notice-published = Adresse aktualisiert
notice-halted = Aktualisierung angehalten
notice-lasting = Noch keine Aktualisierung
notice-keyring = Schlüsselbund nötig
notice-another-updater = Weiteres Programm aktualisiert
notice-changed-elsewhere = Anderswo geändert
notice-elsewhere = Nicht zu Hause
notice-recovered = Aktualisierung geht wieder
notice-unchanged = Nichts zu ändern
notice-live = Im DNS sichtbar
notice-troubled = Aktualisierung verschoben
notice-still-running = Dyntray läuft weiter
notice-new-version = Neue Version von Dyntray
notice-third-party = Ein anderer Webresolver wird gefragt
notice-action-this-is-home = Hier ist auch zu Hause
notice-action-enter-token = Neues Token eingeben
notice-action-enter-password = Passwort eingeben
notice-action-open = Dyntray öffnen
notice-action-settings = Einstellungen öffnen

## Benachrichtigungen: dieselbe Nachricht zu mehreren Hosts
several-more = { $count ->
    [one] und 1 weiterer
   *[other] und { $count } weitere
}
several-published = Diese Hosts zeigen jetzt auf diesen Anschluss: { $hosts }.
several-unchanged = Diese Hosts hatten ihre Adresse schon: { $hosts }.
several-live = Die Nameserver haben die neuen Adressen dieser Hosts: { $hosts }.
several-halted = Diese Hosts werden nicht mehr aktualisiert: { $hosts }. Dyntray sagt zu jedem, was zu tun ist.
several-troubled = Diese Hosts ließen sich gerade nicht aktualisieren, es wird erneut versucht: { $hosts }.
several-lasting = Diese Hosts ließen sich seit über einer Stunde nicht aktualisieren: { $hosts }.
several-keyring = Ohne Schlüsselbund lassen sich diese Hosts nicht aktualisieren: { $hosts }. Nach dem Entsperren geht es weiter.
several-another-updater = Offenbar aktualisiert noch ein anderes Programm diese Hosts: { $hosts }. Bitte abschalten, sonst droht eine Sperre.
several-changed-elsewhere = Die Adressen dieser Hosts wurden anderswo geändert: { $hosts }. Falls noch ein anderes Programm sie aktualisiert, bitte abschalten.
several-elsewhere = Dies ist ein anderes Netz als das zu Hause, daher behalten diese Hosts ihre Adresse: { $hosts }. Zu Hause geht es von selbst weiter.

## Befehlszeile
report-none = Noch kein Hostname eingerichtet. Dyntray öffnen, um einen einzugeben, oder: dyntray add HOSTNAME
report-paused = Pausiert.
report-paused-until = Pausiert bis { $time }.
report-diagnosis = { $what } { $way }
report-family = { $family }: { $detected } → { $published } → { $live }
report-not-published = noch nicht veröffentlicht
report-published = veröffentlicht { $address } (seit { $since })
report-detected = ermittelt { $address }
report-held = { $address } zurückgehalten ({ $hold })
report-not-asked = noch nicht ermittelt
report-live = im DNS: { $state }
report-next = Nächster Schritt: { $when }, { $why }.
report-next-none = Nächster Schritt: keiner, bis etwas getan wird oder eine Anfrage endet.
report-said = { $source }, { $when } – { $weight }: { $said }
report-source-host = { $origin } { $host }
report-update-asked = Die Adresse wird jetzt ermittelt; Abweichendes wird aktualisiert.
report-not-running = Dyntray läuft nicht.
failure-running = Dyntray läuft bereits.
failure-elsewhere = Dyntray läuft mit denselben Einstellungen schon auf dem Computer { $machine }.
failure-starting = Dyntray startet oder endet gerade; bitte gleich noch einmal versuchen.
failure-still-ending = Dyntray soll enden und ist noch nicht zu Ende.
failure-lost = Die Verbindung zum laufenden Dyntray ist abgebrochen: { $why }
failure-service = Der Dienst läuft nicht. `systemctl start dyntray` startet ihn.
failure-settings = Die Einstellungen lassen sich nicht lesen: { $why }
failure-history = Der Verlauf lässt sich nicht öffnen: { $why }
failure-secrets = Token und Passwörter lassen sich nicht lesen: { $why }
failure-socket = Der Socket für Befehle und Fenster lässt sich nicht anlegen: { $why }
failure-foreign-owner = { $path } gehört einem anderen Benutzer (Nummer { $owner }), deshalb geschieht dort nichts. Ist es dort übrig geblieben, kann sein Besitzer oder root es entfernen.
failure-fault = Dyntray ist wegen eines eigenen Fehlers beendet. Bis es wieder gestartet wird, hält nichts die Hostnamen aktuell; mehr steht im Protokoll.
failure-other-version = Das laufende Dyntray hat eine andere Version.
report-already-running = Dyntray läuft bereits; sein Fenster wird geöffnet.
report-import-entry = { $hostname }: { $effect } ({ $login }, { $server }, { $protocol })
report-import-left-out = Ausgelassen:
report-import-line = Zeile { $line }: { $why }
report-import-line-what = Zeile { $line }, { $what }: { $why }
report-import-more = { $count ->
    [one] und 1 weitere Zeile
   *[other] und { $count } weitere Zeilen
}
report-import-remarks = In Dyntray anders:
report-import-ask = Diese Einträge übernehmen? [j/N]
report-import-needs-yes = Nichts übernommen. Mit --yes werden diese Einträge übernommen.
report-import-nothing = Nichts übernommen.
report-import-done = { $count ->
    [one] 1 Eintrag übernommen.
   *[other] { $count } Einträge übernommen.
}
report-import-delete = Die Datei enthält die Token noch. Bitte löschen, auch aus dem Papierkorb.
report-no-history = Es wurde noch nichts gesendet.
report-hostname-spelling = Im DNS wird { $hostname } so geschrieben: { $spelling }. So wird der Name gespeichert.
report-secret-ask = Token oder Passwort von { $hostname } (wird nicht angezeigt):
report-secrets-file = Mit --secrets-file DATEI stehen sie in einer Datei, die nur der Benutzer selbst lesen kann.
refusal-no-such-service = Den Dienst { $service } gibt es in der Tabelle nicht. In ihr stehen: { $known }.
refusal-no-such-host = Der Hostname { $hostname } steht nicht in den Einstellungen.
report-no-log = Es gibt noch kein Protokoll.

## Diagnose
diagnostics-program = Dyntray { $version } auf { $system }
diagnostics-made = Erstellt { $when }
diagnostics-state = Stand
diagnostics-why = Warum diese Adresse?
diagnostics-ailments = Störungen des Programms selbst
diagnostics-keyring = Schlüsselbund
diagnostics-network = Netzwerk
diagnostics-settings = Einstellungen
diagnostics-history = Verlauf
diagnostics-log = Protokoll
diagnostics-none = keine
network-unread = noch nicht gelesen
network-unreadable = die Tabellen des Systems ließen sich nicht lesen
network-since = unverändert seit { $since }
network-interface = { $name } ({ $kind }): { $addresses }
network-kind-lan = lokales Netz
network-kind-dialled = eingewählte Leitung
network-kind-tunnel = Tunnel
network-kind-virtual = virtuell
network-life-temporary = vorübergehend
network-life-deprecated = läuft aus
network-life-tentative = noch in Prüfung
network-way-out = Weg ins Internet: { $addresses }
network-gateway = Router: { $addresses }
history-table-time = Zeit
history-table-host = Hostname
history-table-addresses = Gesendet
history-table-result = Ergebnis
