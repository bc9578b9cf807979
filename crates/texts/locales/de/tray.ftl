# Infobereich, Benachrichtigungen und Befehlszeile.

## Menü und Kurzinfo im Infobereich
tray-title = Dyntray
tray-entry-fine = { $hostname } → { $addresses }, seit { $since }
tray-entry-live = { $hostname } → { $addresses }, sichtbar seit { $since }
tray-entry-state = { $hostname }: { $state }
tray-entry-retry = { $hostname }: { $state }, wieder um { $time }
tray-line-fine = { $hostname }, seit { $since }
tray-line-live = { $hostname }, sichtbar seit { $since }
tray-more = { $count ->
    [one] und 1 weiterer …
   *[other] und { $count } weitere …
}
tray-empty = Noch kein Hostname eingerichtet
# Mehrere Hostnamen: wie viele in welchem Zustand sind, der ernsteste zuerst.
tray-count-needs-you = { $count ->
    [one] 1 braucht Hilfe
   *[other] { $count } brauchen Hilfe
}
tray-count-paused = { $count } pausiert
tray-count-waiting = { $count ->
    [one] 1 wartet
   *[other] { $count } warten
}
tray-count-working = { $count } in Arbeit
tray-count-fine = { $count } aktuell
tray-count-off = { $count } ausgeschaltet
tray-update-now = Jetzt aktualisieren
tray-copy = { $address } kopieren
tray-copy-which = Adresse kopieren
tray-pause = Pausieren
tray-pause-hour = Für 1 Stunde
tray-pause-tomorrow = Bis morgen um 06:00 Uhr
tray-pause-open = Unbegrenzt
tray-resume = Fortsetzen
tray-resume-until = Fortsetzen (pausiert bis { $time })
tray-enter-token = Neues Token für { $hostname } eingeben …
tray-this-is-home = Auch dieses Netz ist mein Zuhause
tray-open = Dyntray öffnen
tray-quit = Beenden (Aktualisierung endet)

## Benachrichtigungen: Titel; der Text ist der Satz der Ursache
notice-published = Adresse aktualisiert
notice-halted = Aktualisierung angehalten
notice-lasting = Weiterhin keine Aktualisierung
notice-keyring = Schlüsselbund nötig
notice-another-updater = Zweites Programm ändert die Adresse
notice-changed-elsewhere = Anderswo geändert
notice-elsewhere = Nicht zu Hause
notice-new-router = Neuer Router?
notice-unrecognised = Zu Hause?
notice-recovered = Aktualisierung geht wieder
notice-unchanged = Nichts zu ändern
notice-live = Im DNS sichtbar
notice-troubled = Aktualisierung verschoben
notice-still-running = Dyntray läuft weiter
notice-new-version = Neue Version von Dyntray
notice-third-party = Ein anderer Webresolver wird gefragt
notice-address-kept = Diese IPv4-Adresse veröffentlichen?
notice-action-this-is-home = Auch dieses Netz ist mein Zuhause
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
several-elsewhere = Dies ist nicht das Netz, das als Zuhause bekannt ist; daher behalten diese Hosts ihre Adresse: { $hosts }. Zu Hause geht es von selbst weiter.
several-new-router = Dies ist nicht das Netz, das als Zuhause bekannt ist, aber der Provider ist anscheinend derselbe. Bei einem neuen Router „Auch dieses Netz ist mein Zuhause“ anklicken. Bis dahin behalten diese Hosts ihre Adresse: { $hosts }.
several-unrecognised = Dieser Computer zeigt Dyntray nicht, welcher Router dies ist. Zu Hause „Auch dieses Netz ist mein Zuhause“ anklicken. Bis dahin behalten diese Hosts ihre Adresse: { $hosts }.

## Befehlszeile
report-none-service = Noch kein Hostname eingerichtet. Als root einen aufnehmen: { $program } add HOSTNAME
report-command = Dann als root: { $command }
report-service-runs = Der Dienst dieses Computers läuft auch und hat seine eigenen Hostnamen. Seine Befehle haben --system: dyntray --system status
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
report-next = { $what }: { $when }, { $why }.
report-next-plain = { $what }: { $when }.
report-next-none = Nächster Schritt: keiner von selbst, erst nach einer Antwort oder einem Eingriff.
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
failure-settings = Die Einstellungen { $path } lassen sich nicht lesen: { $why }. Dyntray läuft, sobald sein Benutzer die Datei lesen darf; ist sie anderswohin verschoben, beginnt es ohne Hostnamen.
failure-settings-mistake = Bitte die Datei berichtigen und Dyntray neu starten. Ist sie anderswohin verschoben, beginnt es ohne Hostnamen.
failure-history = Der Verlauf lässt sich nicht öffnen: { $why }
failure-secrets = Token und Passwörter lassen sich nicht lesen: { $why }
failure-socket = Der Socket für Befehle und Fenster lässt sich nicht anlegen: { $why }
failure-foreign-owner = { $path } gehört einem anderen Benutzer (Nummer { $owner }), deshalb geschieht dort nichts. Ist es dort übrig geblieben, kann sein Besitzer oder root es entfernen.
failure-fault = Dyntray ist wegen eines eigenen Fehlers beendet. Bis es wieder gestartet wird, hält nichts die Hostnamen aktuell; mehr steht im Protokoll.
failure-cancelled = Abgebrochen. Nichts wurde gespeichert. Ein noch offener Dialog des Schlüsselbunds kann geschlossen werden.
failure-shared-console = Die Shell würde mitlesen, was hier eingegeben wird. Bitte »dyntray« ohne ».exe« aufrufen.
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
report-import-elsewhere = { $count ->
    [one] Dieser Name zeigt heute auf einen anderen Internetanschluss. Er wird ausgelassen; --all importiert auch ihn, --off importiert ihn ausgeschaltet.
   *[other] Diese { $count } Namen zeigen heute auf andere Internetanschlüsse. Sie werden ausgelassen; --all importiert auch sie, --off importiert sie ausgeschaltet.
}
report-import-off = { $count ->
    [one] Dieser Name zeigt heute auf einen anderen Internetanschluss. Er wird ausgeschaltet importiert.
   *[other] Diese { $count } Namen zeigen heute auf andere Internetanschlüsse. Sie werden ausgeschaltet importiert.
}
report-import-elsewhere-name = {"  "}{ $hostname } zeigt auf { $addresses }
report-import-ask = Diese Einträge importieren? Ihre Namen zeigen danach auf diesen Internetanschluss. [j/N]
report-import-needs-yes = Nichts importiert. Mit --yes werden diese Einträge importiert.
report-import-nothing = Nichts importiert.
report-import-done = { $count ->
    [one] 1 Eintrag importiert.
   *[other] { $count } Einträge importiert.
}
report-import-delete = Die Datei enthält die Token noch. Bitte löschen, auch aus dem Papierkorb.
report-import-keep = { $count ->
    [one] Das Token des ausgelassenen Namens steht vielleicht nur in der Datei: bitte sicher aufbewahren.
   *[other] Die Token der { $count } ausgelassenen Namen stehen vielleicht nur in der Datei: bitte sicher aufbewahren.
}
report-import-left-lines = { $count ->
    [one] 1 Zeile wurde ausgelassen. Die Datei löschen, sobald sie nicht mehr gebraucht wird: Die Token stehen noch darin.
   *[other] { $count } Zeilen wurden ausgelassen. Die Datei löschen, sobald sie nicht mehr gebraucht werden: Die Token stehen noch darin.
}
report-no-history = Es wurde noch nichts gesendet.
report-hostname-spelling = Im DNS wird { $hostname } so geschrieben: { $spelling }. So wird der Name gespeichert.
report-no-credential = systemd übergibt kein Token von { $hostname }. Eine Zeile LoadCredential={ $hostname }:DATEI in die Unit des Dienstes aufnehmen und ihn neu starten, oder --credential weglassen und das Token eingeben.
report-secret-ask = Token oder Passwort von { $hostname } (wird nicht angezeigt):
report-waiting-keyring = Warten auf den Schlüsselbund ({ $program }): Bitte seinen Dialog beantworten, der hinter einem anderen Fenster liegen kann. Strg+C bricht ab; dann wird nichts gespeichert.
report-waiting-some-keyring = Warten auf den Schlüsselbund: Bitte seinen Dialog beantworten, der hinter einem anderen Fenster liegen kann. Strg+C bricht ab; dann wird nichts gespeichert.
report-waiting = Das Speichern dauert noch. Strg+C bricht ab; dann wird nichts gespeichert.
report-waiting-turn = Warten, bis ein anderer dyntray-Befehl fertig ist. Strg+C bricht ab.
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
network-firewall = Keine Regel der Windows-Firewall lässt zu, dass der Router sich von selbst bei Dyntray meldet. Deshalb fragt Dyntray ihn nur regelmäßig.
history-table-time = Zeit
history-table-host = Hostname
history-table-addresses = Gesendet
history-table-result = Ergebnis

## Kommandozeile: Sicherungen
report-passphrase-new = Passphrase für die Datei (wird nicht angezeigt):
report-passphrase-again = Dieselbe Passphrase noch einmal:
report-passphrase-known = Passphrase der Datei (wird nicht angezeigt):
report-passphrase-empty = Es gibt keine Passphrase. Nichts ist geschehen.
report-passphrase-differs = Das sind zwei verschiedene Passphrasen. Nichts ist geschehen.
report-import-backup = { $path } ist eine Sicherung von Dyntray: dyntray restore stellt sie wieder her.
report-export-done = Gespeichert in { $path }.
report-export-without = { $hostname } hat hier weder Token noch Passwort und kommt ohne in die Datei.
report-export-exists = { $path } gibt es schon und bleibt, wie es ist. Mit --replace wird es ersetzt.
report-export-no-file = { $path } ist ein Link, ein Ordner oder sonst etwas, das keine Datei ist. Nichts wurde gespeichert.
report-export-not-written = { $path } lässt sich nicht speichern: { $why }
report-restore-new = { $hostname }: neu
report-restore-new-without = { $hostname }: neu und ausgeschaltet, weil die Datei weder Token noch Passwort dafür hat
report-restore-replaces = { $hostname }: ersetzt, was hier ist, mit Token oder Passwort
report-restore-stays = { $hostname }: ist schon da und bleibt, wie es ist; --replace ersetzt es
report-restore-others-taken = Alle anderen Einstellungen: aus der Datei
report-restore-others-stay = Alle anderen Einstellungen: weichen ab und bleiben, wie sie hier sind; --replace ersetzt sie
report-restore-ask = Das wiederherstellen? [j/N]
report-restore-needs-yes = Nichts wiederhergestellt. Mit --yes wird das wiederhergestellt.
report-restore-nothing-done = Nichts wiederhergestellt.
report-restore-same = Es gibt nichts wiederherzustellen. Nichts wurde geändert.
report-restore-done = Wiederhergestellt.
report-restore-plain = { $path } ist eine Einstellungsdatei ohne Token. Sie kommt von Hand an ihren Platz, wie es das Kapitel „Sicherung und Umzug“ sagt.
report-restore-no-backup = { $path } stammt nicht von „dyntray export --with-secrets“. Dateien anderer Programme liest „dyntray import“.
report-restore-wrong-passphrase = { $path } lässt sich mit dieser Passphrase nicht öffnen. Nichts wurde geändert.
report-restore-damaged = { $path } ist abgeschnitten oder beschädigt. Nichts wurde geändert.
report-restore-newer = { $path } stammt von einem neueren Dyntray. Nichts wurde geändert.
report-restore-unusable = Die Einstellungen in { $path } sind nicht zu gebrauchen: { $why } Nichts wurde geändert.
