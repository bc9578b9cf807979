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
tray-update-now = Update now
tray-copy = Copy { $address }
tray-copy-which = Copy address
tray-pause = Pause
tray-pause-hour = For 1 hour
tray-pause-tomorrow = Until tomorrow
tray-pause-open = Until I resume
tray-resume = Resume
tray-resume-until = Resume (paused until { $time })
tray-enter-token = Enter new token for { $hostname }…
tray-this-is-home = This is home too
tray-open = Open Dyntray
tray-quit = Quit (updates stop)

## Notifications: title; the body is the cause's sentence
notice-published = Address updated
notice-halted = Updates have stopped
notice-lasting = Still no update
notice-keyring = Keyring needed
notice-another-updater = Another updater
notice-changed-elsewhere = Changed by somebody else
notice-elsewhere = Not at home
notice-recovered = Updates work again
notice-unchanged = Nothing to change
notice-live = Live in DNS
notice-troubled = Update postponed
notice-still-running = Dyntray keeps running
notice-new-version = New version of Dyntray
notice-third-party = Another web resolver is asked
notice-action-this-is-home = This is home too
notice-action-enter-token = Enter new token
notice-action-enter-password = Enter password
notice-action-open = Open Dyntray
notice-action-settings = Open settings

## Notifications: the same news about several host names
several-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
several-published = { $hosts } now lead to this line's address.
several-unchanged = { $hosts } had their address already.
several-live = The name servers have the new addresses of { $hosts }.
several-halted = { $hosts } aren't updated any more. Dyntray says for each what to do.
several-troubled = { $hosts } couldn't be updated just now; it is tried again.
several-lasting = { $hosts } couldn't be updated for over an hour.
several-keyring = { $hosts } can't be updated without the keyring. Unlock it so that updates can go on.
several-another-updater = Another program seems to update { $hosts } too. Switch it off, or the hosts may be locked.
several-changed-elsewhere = Somebody else changed the addresses of { $hosts }. If another program updates these hosts too, switch it off.
several-elsewhere = This is another network, not the one at home, so { $hosts } keep their addresses. Back home, updates go on by themselves.

## Command line
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
report-next = Next step: { $when }, { $why }.
report-next-none = Next step: none until something is done or a request has ended.
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
failure-settings = The settings can't be read: { $why }
failure-history = The history can't be opened: { $why }
failure-secrets = Tokens and passwords can't be read: { $why }
failure-socket = The socket for commands and the window can't be made: { $why }
failure-foreign-owner = { $path } belongs to another user (number { $owner }), so nothing is done there. If it was left behind there, its owner or root can remove it.
failure-fault = Dyntray has ended because of a fault of its own. Nothing keeps your host names up to date until it is started again; its log says more.
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
report-import-ask = Take these entries over? [y/N]
report-import-needs-yes = Nothing taken over. With --yes these entries are taken over.
report-import-nothing = Nothing taken over.
report-import-done = { $count ->
    [one] 1 entry taken over.
   *[other] { $count } entries taken over.
}
report-import-delete = The file still holds the tokens. Please delete it, and from the trash too.
report-no-history = Nothing has been sent yet.
report-hostname-spelling = In DNS { $hostname } is spelt { $spelling }. That is how it is saved.
report-secret-ask = Token or password of { $hostname } (it isn't shown):
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
network-kind-dialled = dial-up line
network-kind-tunnel = tunnel
network-kind-virtual = virtual
network-life-temporary = temporary
network-life-deprecated = deprecated
network-life-tentative = tentative
network-way-out = Way out: { $addresses }
network-gateway = Router: { $addresses }
history-table-time = Time
history-table-host = Host name
history-table-addresses = Sent
history-table-result = Result
