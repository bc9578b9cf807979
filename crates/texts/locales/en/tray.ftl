# Tray, notifications and command line.

## Tray menu and tooltip
tray-title = Dyntray
tray-entry-fine = { $hostname } → { $addresses }, since { $since }
tray-entry-live = { $hostname } → { $addresses }, live since { $since }
tray-entry-state = { $hostname }: { $state }
tray-entry-retry = { $hostname }: { $state }, again at { $time }
tray-line-fine = { $hostname }, since { $since }
tray-line-live = { $hostname }, live since { $since }
tray-more = { $count ->
    [one] and 1 more…
   *[other] and { $count } more…
}
tray-empty = No host name set up yet
# Several host names: how many are in which state, the gravest first.
tray-count-needs-you = { $count ->
    [one] 1 needs help
   *[other] { $count } need help
}
tray-count-paused = { $count } paused
tray-count-waiting = { $count } waiting
tray-count-working = { $count } updating
tray-count-fine = { $count } up to date
tray-count-off = { $count } switched off
tray-update-now = Update now
tray-copy = Copy { $address }
tray-copy-which = Copy address
tray-pause = Pause
tray-pause-hour = For 1 hour
tray-pause-tomorrow = Until tomorrow at 06:00
tray-pause-open = Until I resume
tray-resume = Resume
tray-resume-until = Resume (paused until { $time })
tray-enter-token = Enter new token for { $hostname }…
tray-this-is-home = This is my home too
tray-open = Open Dyntray
tray-quit = Quit (updates stop)

## Notifications: title; the body is the cause's sentence
notice-published = Address updated
notice-halted = Updates have stopped
notice-lasting = Still no update
notice-keyring = Keyring needed
notice-another-updater = Another program changes the address
notice-changed-elsewhere = Changed elsewhere
notice-elsewhere = Not at home
notice-new-router = New router?
notice-unrecognised = At home?
notice-recovered = Updates work again
notice-unchanged = Nothing to change
notice-live = Live in DNS
notice-troubled = Update postponed
notice-still-running = Dyntray keeps running
notice-new-version = New version of Dyntray
notice-third-party = Another web resolver is asked
notice-address-kept = Publish this IPv4 address?
notice-action-this-is-home = This is my home too
notice-action-enter-token = Enter new token
notice-action-enter-password = Enter password
notice-action-open = Open Dyntray
notice-action-settings = Open settings

## Notifications: the same news about several host names
several-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
several-published = { $hosts } now point to your current address.
several-unchanged = { $hosts } had their address already.
several-live = The name servers have the new addresses of { $hosts }.
several-halted = { $hosts } aren't updated any more. Dyntray says for each what to do.
several-troubled = { $hosts } couldn't be updated just now; it is tried again.
several-lasting = { $hosts } couldn't be updated for over an hour.
several-keyring = { $hosts } can't be updated without the keyring. Unlock it so that updates can go on.
several-another-updater = Another program seems to update { $hosts } too. Switch it off, or the hosts may be locked.
several-changed-elsewhere = The addresses of { $hosts } were changed elsewhere. If another program updates these hosts too, switch it off.
several-elsewhere = This is not the network known as home, so { $hosts } keep their addresses. Back home, updates go on by themselves.
several-new-router = This is not the network known as home, but its internet provider seems to be the same. If your router is new, press “This is my home too”. Until then { $hosts } keep their addresses.
several-unrecognised = This computer doesn't let Dyntray see which router this is. If you are at home, press “This is my home too”. Until then { $hosts } keep their addresses.

## Command line
report-none-service = No host name set up yet. To add one, run as root: { $program } add HOSTNAME
report-command = Then run as root: { $command }
report-service-runs = The service of this computer is running, too, and has its own host names. Its commands have --system: dyntray --system status
report-none = No host name set up yet. Open Dyntray to enter one, or run: dyntray add HOSTNAME
report-paused = Paused.
report-paused-until = Paused until { $time }.
report-diagnosis = { $what } { $way }
report-family = { $family }: { $detected } → { $published } → { $live }
report-not-published = not published yet
report-published = published { $address } (since { $since })
report-detected = detected { $address }
report-held = { $address } held back ({ $hold })
report-not-asked = not looked up yet
report-live = in DNS: { $state }
report-next = { $what }: { $when }, { $why }.
report-next-plain = { $what }: { $when }.
report-next-none = Next: nothing by itself, only once an answer comes or you act.
report-said = { $source }, { $when } – { $weight }: { $said }
report-source-host = { $origin } { $host }
report-update-asked = Looking up the address now; whatever differs is updated.
report-not-running = Dyntray is not running.
failure-running = Dyntray is running already.
failure-elsewhere = Dyntray runs on the computer { $machine } already, with the same settings.
failure-starting = Dyntray is just starting or ending; please try again.
failure-still-ending = Dyntray was told to end and hasn't ended yet.
failure-lost = The connection to the running Dyntray broke: { $why }
failure-service = The service isn't running. `systemctl start dyntray` starts it.
failure-settings = The settings { $path } can't be read: { $why }. Dyntray runs as soon as its user may read the file; moved away, it starts without any host name.
failure-settings-mistake = Correct the file, and start Dyntray again. Moved away, it starts without any host name.
failure-history = The history can't be opened: { $why }
failure-secrets = Tokens and passwords can't be read: { $why }
failure-socket = The socket for commands and the window can't be made: { $why }
failure-foreign-owner = { $path } belongs to another user (number { $owner }), so nothing is done there. If it was left behind there, its owner or root can remove it.
failure-fault = Dyntray has ended because of a fault of its own. Nothing keeps your host names up to date until it is started again; its log says more.
failure-cancelled = Cancelled. Nothing was saved. A dialog of the keyring that is still open can be closed.
failure-shared-console = The shell would read along what is typed here. Please run "dyntray" without ".exe".
failure-other-version = The running Dyntray has another version.
report-already-running = Dyntray is already running; its window is opened.
report-import-entry = { $hostname }: { $effect } ({ $login }, { $server }, { $protocol })
report-import-left-out = Left out:
report-import-line = Line { $line }: { $why }
report-import-line-what = Line { $line }, { $what }: { $why }
report-import-more = { $count ->
    [one] and 1 more line
   *[other] and { $count } more lines
}
report-import-remarks = Different in Dyntray:
report-import-elsewhere = { $count ->
    [one] This name points to another internet connection today. It is left out; --all imports it, too; --off imports it switched off.
   *[other] These { $count } names point to other internet connections today. They are left out; --all imports them, too; --off imports them switched off.
}
report-import-off = { $count ->
    [one] This name points to another internet connection today. It is imported switched off.
   *[other] These { $count } names point to other internet connections today. They are imported switched off.
}
report-import-elsewhere-name = {"  "}{ $hostname } points to { $addresses }
report-import-ask = Import these entries? Their names will then point to this internet connection. [y/N]
report-import-needs-yes = Nothing was imported. With --yes these entries are imported.
report-import-nothing = Nothing was imported.
report-import-done = { $count ->
    [one] 1 entry was imported.
   *[other] { $count } entries were imported.
}
report-import-delete = The file still holds the tokens. Please delete it, and from the trash as well.
report-import-keep = { $count ->
    [one] Only the file may have the token of the name that was left out: please keep it in a safe place.
   *[other] Only the file may have the tokens of the { $count } names that were left out: please keep it in a safe place.
}
report-import-left-lines = { $count ->
    [one] 1 line was left out. Delete the file once you no longer need it: it still holds the tokens.
   *[other] { $count } lines were left out. Delete the file once you no longer need them: it still holds the tokens.
}
report-no-history = Nothing has been sent yet.
report-hostname-spelling = In DNS { $hostname } is spelt { $spelling }. That is how it is saved.
report-no-credential = systemd hands over no token of { $hostname }. Add a line LoadCredential={ $hostname }:FILE to the service's unit and restart it, or leave --credential out and enter the token.
report-secret-ask = Token or password of { $hostname } (it isn't shown):
report-waiting-keyring = Waiting for the keyring ({ $program }): please answer its dialog, which may be behind another window. Ctrl+C cancels; nothing is saved then.
report-waiting-some-keyring = Waiting for the keyring: please answer its dialog, which may be behind another window. Ctrl+C cancels; nothing is saved then.
report-waiting = Still saving. Ctrl+C cancels; nothing is saved then.
report-waiting-turn = Waiting until another dyntray command has ended. Ctrl+C cancels.
report-secrets-file = With --secrets-file FILE they are kept in a file that only you can read.
refusal-no-such-service = There is no service { $service } in the table. It has: { $known }.
refusal-no-such-host = There is no host name { $hostname } in the settings.
report-no-log = There is no log yet.

## Diagnostics
diagnostics-program = Dyntray { $version } on { $system }
diagnostics-made = Created { $when }
diagnostics-state = State
diagnostics-why = Why this address?
diagnostics-ailments = The program's own faults
diagnostics-keyring = Keyring
diagnostics-network = Network
diagnostics-settings = Settings
diagnostics-history = History
diagnostics-log = Log
diagnostics-none = none
network-unread = not read yet
network-unreadable = the system's tables couldn't be read
network-since = unchanged since { $since }
network-interface = { $name } ({ $kind }): { $addresses }
network-kind-lan = local network
network-kind-dialled = dial-up connection
network-kind-tunnel = tunnel
network-kind-virtual = virtual
network-life-temporary = temporary
network-life-deprecated = deprecated
network-life-tentative = tentative
network-way-out = Way out: { $addresses }
network-gateway = Router: { $addresses }
network-firewall = No rule of Windows' firewall lets Dyntray hear the router by itself. So it only asks the router at its regular look-ups.
history-table-time = Time
history-table-host = Host name
history-table-addresses = Sent
history-table-result = Result

## Command line: backups
report-passphrase-new = Passphrase for the file (it isn't shown):
report-passphrase-again = The same passphrase again:
report-passphrase-known = Passphrase of the file (it isn't shown):
report-passphrase-empty = There is no passphrase. Nothing was done.
report-passphrase-differs = These are two different passphrases. Nothing was done.
report-import-backup = { $path } is a backup of Dyntray: dyntray restore takes it over.
report-export-done = Written to { $path }.
report-export-without = { $hostname } has no token or password here; the file has it without one.
report-export-exists = { $path } is there already and stays as it is. With --replace it is replaced.
report-export-no-file = { $path } is a link, a folder or something else that is no file. Nothing was written.
report-export-not-written = { $path } couldn't be written: { $why }
report-restore-new = { $hostname }: new
report-restore-new-without = { $hostname }: new and switched off, because the file has no token or password for it
report-restore-replaces = { $hostname }: replaces what is here, with its token or password
report-restore-stays = { $hostname }: is here already and stays as it is; --replace replaces it
report-restore-others-taken = All other settings: taken from the file
report-restore-others-stay = All other settings: differ, and stay as they are here; --replace replaces them
report-restore-ask = Restore this? [y/N]
report-restore-needs-yes = Nothing was restored. With --yes this is restored.
report-restore-nothing-done = Nothing was restored.
report-restore-same = There is nothing to restore. Nothing was changed.
report-restore-done = Restored.
report-restore-plain = { $path } is a settings file without tokens. It is put in its place by hand, as the chapter "Backup and moving" says.
report-restore-no-backup = { $path } was not written by "dyntray export --with-secrets". "dyntray import" reads other programs' files.
report-restore-wrong-passphrase = { $path } can't be opened with this passphrase. Nothing was changed.
report-restore-damaged = { $path } is cut off or damaged. Nothing was changed.
report-restore-newer = { $path } was written by a newer Dyntray. Nothing was changed.
report-restore-unusable = The settings in { $path } can't be used: { $why } Nothing was changed.
