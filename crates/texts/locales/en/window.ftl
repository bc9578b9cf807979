# The window: captions, descriptions, buttons, pages.

## Frame
app-name = Dyntray
nav-label = Pages
nav-status = Status
nav-settings = Settings
nav-diagnostics = Diagnostics
nav-about = About
nav-help = Help
title-status = Status – Dyntray
title-settings = Settings – Dyntray
title-new-token = New token – Dyntray
title-diagnostics = Log and diagnostics – Dyntray
title-about = About Dyntray
title-help = Help – Dyntray
connection-lost = No connection to Dyntray, which does the updates. Your input is kept; the window reconnects by itself.
connection-not-understood = The running Dyntray has another version, and this window doesn't understand it. Close the window and open it again. If that doesn't help, quit Dyntray and start it.
version-window-older = This window is still of version { $window }, and Dyntray of version { $program }. Close the window and open it again.
version-program-older = This window is of version { $window }, and the running Dyntray still of version { $program }. Restart Dyntray.
connection-not-running = Dyntray is not running.
connection-not-running-about = Nothing is updated until it runs again. Your input is kept.
program-start = Start Dyntray
program-starting = Starting…
program-not-started = Dyntray could not be started: { $why }
tray-help = Extension for GNOME
quit = Quit Dyntray (updates stop)
loading = Loading…
not-done = That didn't work. Please try again.

## Settings
settings-heading = Settings
settings-jump = On this page:
settings-welcome-heading = Welcome to Dyntray
settings-welcome = Enter a host name and its update token and save. While Dyntray runs, the name points to your internet connection.
settings-welcome-others = Another service, an account or a file?
entry-heading = Entry { $number }
entry-new = New entry
add-entry = Add entry
entry-remove = Remove
entry-remove-label = Remove entry { $number }
entry-removed = { $name } will be removed when you save.
entry-undo = Undo
field-enabled-about = Keep this host name up to date.
hostname-spelling = In DNS this name is spelt { $spelling }.
hostname-spell = Use this spelling
field-hostname-about = The host name that should point to your internet connection, for example home.spdns.de.
field-user-about-token = With an update token the user name is always the host name, so it is filled in for you.
field-user-about-account = The account's user name.
field-user-about-token-spdyn = With an update token, the user is always the host name; it is filled in for you. An account that is linked to a reseller needs an update token.
field-user-about-account-spdyn = The account's user name. If the account is linked to a reseller, the host name with an update token is needed instead.
field-user-about-host = With { $name } the user name is always the host name, so it is filled in for you.
field-user-about-none = { $name } knows the host name by its token or key alone.
field-user-none = not needed
field-login-about-account = The account's password opens the whole account. An update token is safer: it can update only this one host, and it can be replaced alone.
field-secret = Password / Update token
field-secret-password = Password
field-secret-token = Token
field-secret-key = Key
field-secret-about-service = The one that { $name } gives you for dynamic DNS. It is kept in the system's keyring and is never shown again.
field-secret-about-token = The host's update token. It is kept in the system's keyring and is never shown again.
field-secret-about-token-spdyn = This host's update token; an account that is linked to a reseller needs one. It is kept in the system's keyring and is never shown again.
field-secret-about-account-spdyn = The account's password. If the account is linked to a reseller, the host's update token is needed instead. It is kept in the system's keyring and is never shown again.
field-secret-about-account = The account's password. It is kept in the system's keyring and is never shown again.
field-secret-looks-like-token = This looks like an update token: choose “Update token” above.
field-server-about = The update server. SPDYN's is update.spdyn.de.
provider-other = Other dyndns2 server
provider-custom = Own update URL
field-server-about-service = The requests for { $name } go to this server.
field-update-url-about = As the service gives it, with placeholders: {"{host}"} for the host name, {"{ip4}"} and {"{ip6}"} for the addresses, or {"{ips}"} for both, {"{prefix}"} for the IPv6 prefix, {"{user}"} and {"{password}"}. Without {"{password}"}, user and password are sent by HTTP Basic. A FRITZ!Box's placeholders are understood, too.
field-webresolver-about = Must be on when a router with NAT stands between this computer and the internet.
entry-more = { $choice }
entry-source = Address and device
entry-device = Device { $device }
field-address-from-about = With “Webresolver” on: web resolver and router together; off: this computer's network interfaces.
field-fixed-ipv4-about = Always published, whatever address your connection has.
field-fixed-ipv6-about = Always published, whatever address your connection has.
field-device-about = For a NAS, for example: its interface ID as the router shows it (::1a2b:3cff:fe4d:5e6f), its MAC address, or a lasting IPv6 address of it that begins with 2 (not a temporary one). The name's IPv6 address is then that device's. Empty: this computer's. The IPv4 address is your connection's either way.
field-protocol-about = The addresses that the host name should have. With DS-Lite, only IPv6 can be reached from outside, and an IPv6 address is this computer's alone. For another device, such as a NAS, see “Address and device” below.
secret-none = none saved yet
secret-saved-never-used = saved { $when }, never used yet
secret-saved-accepted = saved, last accepted { $when }
secret-will-be-removed = will be removed when you save
secret-of-other-host = The saved token belongs to { $before }. { $hostname } needs its own: press “Replace”.
secret-show = Show
secret-hide = Hide
secret-show-label = Show what is being typed
secret-replace = Replace
secret-replace-label = Replace the saved token or password of entry { $number }
secret-remove = Remove
secret-remove-label = Remove the saved token or password of entry { $number }
secret-keep = Keep the saved one
secret-undo = Undo
more = Advanced
more-about = Applies to all entries: where addresses come from, home network, servers and proxy
field-resolver-about = A web service that answers with the address it is asked from.
fall-backs-about = Asked in this order when the one above doesn't answer. None of them alone is believed at once.
fall-back-number = Further web resolver { $number }
fall-back-ipv4 = IPv4, web resolver { $number }
fall-back-ipv6 = IPv6, web resolver { $number }
fall-back-remove = Remove
fall-back-remove-label = Remove web resolver { $number }
fall-back-add = Add web resolver
field-home-lock-about = A laptop in another network doesn't take the host name along. The first network with an update counts as home.
homes-known = { $count ->
    [0] No network is known as home yet.
    [one] 1 network is known as home.
   *[other] { $count } networks are known as home.
}
homes-forget = Forget
homes-forget-label = Forget the networks known as home
homes-forgotten = Forgotten. The next network with an update counts as home.
homes-no-identity = This network can't become known: this computer doesn't let Dyntray see which router it has.
field-publish-vpn-about = Also publishes the address that a VPN or a proxy gives this computer.
field-publish-shared-about = Also publishes an IPv4 address that the provider shares among customers, although your connection can't be reached by it.
field-name-server-about = The name server that is asked whether an update has arrived. If empty, the host's own name servers are asked.
field-autostart = Start with the computer
field-autostart-on = On: Dyntray starts when you log in.
field-autostart-off = Off: after a restart of the computer, nothing is updated until you start Dyntray.
autostart-failed = That couldn't be changed.
autostart-another = Another Dyntray starts when you log in: { $program }. Turn the switch on to have this one start instead.
autostart-move-first = Dyntray can't start from here later on. Move it to the Applications folder, open it there, and turn the switch on.
field-interval-about = Time between two look-ups, for example 10 min or 1 h.
field-language-about = The language of all texts.
field-notices-about = The news that the desktop shows as notifications.
save = Save
save-saving = Saving…
saving-long = Still saving. If the keyring asks for its password or for access, please answer there; its dialog may be behind this window. To cancel, cancel that dialog: nothing is saved then.
save-hint = Ctrl+S
saved = Saved
saved-see-status = See the status
unsaved = Unsaved changes
leave-heading = Save before leaving?
leave-about = Your changes are not saved yet.
leave-save = Save
leave-discard = Discard
leave-stay = Keep editing

## First steps
first-hostname = Host name
first-hostname-from = SPDYN's website has a list of your hosts. None yet? Create an account there and add a host.
first-service = This host name belongs to { $name }. It needs a little more than a token.
first-to-service = Enter it in the form
first-token = Update token
first-token-where = How to get a token
first-open-spdyn = Open SPDYN's website
first-spdyn-address = www.spdyn.de
first-token-website = Host names and their tokens are made on the website of the service. There:
first-token-kept = A token is saved. Leave this empty to keep it.
first-token-refused = The saved token was refused. Paste it again in full, or a new one.
first-token-saved = Saved in the system's keyring.
first-password = A password, or for another service? The form has a field for the user name and a list of services.
first-account = Log in with an account instead
first-all-settings = All settings
first-save = Save and test
first-change = Change
first-cancel = Cancel
first-test = Test
first-test-about = Looks up your public address, sends one real update, and asks the name servers.
first-look-up = Look-up
first-look-up-asking = Looking up your public address…
first-look-up-found = Found: { $addresses }
first-again = Next attempt { $when }.
first-update = Update
first-update-sending = Sending the address…
first-update-waits = The update waits, { $why }.
first-update-paused = Updates are paused.
first-update-disabled = The entry is switched off.
first-dns = DNS check
first-dns-pending = On its way: the name servers don't have the address yet. That can take some minutes; there is no need to wait for it.
first-dns-live = Live since { $since }: { $hostname } now points to your internet connection. Whether a device behind it can be reached is up to the router (port forwarding).
first-dns-foreign = The name servers have another address: { $there }.
first-dns-gone = The name servers have no address for { $hostname }.
first-dns-foreign-way-out = Dyntray sends the address once more by itself. If that doesn't help, another program probably updates this host.
first-dns-cant-verify = Can't be checked: { $why }.
first-dns-cant-verify-way-out = That doesn't matter for the update: the server has accepted it.
first-dns-not-checked = Not checked. What counts is the server's answer.
first-last = Finally
first-last-about = Here you choose whether Dyntray starts with the computer.
first-done = Show the status
first-other-token = Enter new token
first-correct = Correct the entry

## Entries of the form
entry-label = Entry { $number }, { $name }
entry-unsaved = not saved yet
entry-duplicate = Duplicate
entry-duplicate-label = Duplicate entry { $number }
entry-up-label = Move entry { $number } up
entry-down-label = Move entry { $number } down
entry-moved = { $name } is now number { $number } of { $count }.

## Many entries
list-search = Search
list-found = { $shown } of { $all }
list-none-found = Nothing matches.
list-more = Show { $next } more of { $rest }
list-rest = Show the other { $rest }
status-search-hint = Name, address, state
hosts-label = Host names
states-label = By state
count-needs-you = { $count ->
    [one] 1 needs help
   *[other] { $count } need help
}
count-paused = { $count } paused
count-waiting = { $count ->
    [one] 1 waiting
   *[other] { $count } waiting
}
count-working = { $count } updating
count-fine = { $count } up to date
count-empty = { $count } switched off
line-next = next check { $when }
line-try = next attempt { $when }
settings-search-hint = Name, user, server
entries-label = Entries
kinds-label = By condition
count-mistaken = { $count } with mistakes
count-unsaved = { $count } not saved yet
count-leaving = { $count } to be removed
count-off = { $count } switched off
entry-line = { $login } · { $protocol }
entry-line-user = { $login } { $user } · { $protocol }
entry-mistakes = { $count ->
    [one] 1 mistake
   *[other] { $count } mistakes
}
entry-leaving = will be removed
entry-enabled-label = { $name }: enabled
history-search-hint = Name, address, result
history-newest = the newest { $count }
history-found = { $shown } of the newest { $all }
hosts-more = { $count } more

## Import of many entries
import-taking-about = { $count ->
    [one] The token or password is being put into the keyring.
   *[other] { $count } tokens and passwords are being put into the keyring. With many entries that may take a minute or two.
}
import-taking-for = { $seconds ->
    [one] 1 second so far
   *[other] { $seconds } seconds so far
}
import-taking-stays = The window stays open until the entries are imported. Closing it once more closes it anyway.
import-lost = No answer came. Some of the entries may have been imported: the settings show which.

## Import
import = Import…
import-about = Imports host names and their tokens from spdyn_update_token.csv, ddclient.conf, inadyn.conf or a router's update URLs. You can also drop a file on this window.
import-file-label = File to import
import-drop = Drop the file to see what can be imported
import-heading = Import from { $name }
import-reading = Reading the file…
import-count = { $count ->
    [0] Nothing in this file can be imported.
    [one] 1 entry can be imported.
   *[other] { $count } entries can be imported.
}
import-to-here = Every name that is ticked in the list will then point to this internet connection.
import-untick = Untick names that belong to other homes or customers.
import-elsewhere = { $count ->
    [one] One name points to another internet connection today. It isn't ticked. Tick it only if it belongs here, for example because it points to an old address of this connection.
   *[other] { $count } names point to other internet connections today. They aren't ticked. Tick one only if it belongs here, for example because it points to an old address of this connection.
}
import-elsewhere-off = { $count ->
    [one] One name points to another internet connection today. It will be imported switched off and stays as it is. A tick would point it here.
   *[other] { $count } names point to other internet connections today. They will be imported switched off and stay as they are. A tick would point a name here.
}
import-none-elsewhere = Checked: none of the names points to another internet connection today.
import-off = Import these, too, but switched off: their tokens are saved, their addresses stay as they are
import-leads = points to { $addresses } today
import-leads-off = points to { $addresses } today; will be imported switched off
import-locating = Checking where the names point today…
import-all = All
import-all-here = All that don't point elsewhere
import-entry = { $login } · { $server } · { $protocol }
import-left-out = { $count ->
    [one] 1 line is left out
   *[other] { $count } lines are left out
}
import-left-out-file = Left out
import-remarks = Different in Dyntray
import-line = Line { $line }: { $why }
import-line-what = Line { $line }, { $what }: { $why }
import-left-out-more = { $count ->
    [one] and 1 more line
   *[other] and { $count } more lines
}
import-take = { $count ->
    [one] Import 1 entry
   *[other] Import { $count } entries
}
import-take-off = { $count ->
    [one] Import 1 entry, switched off
   *[other] Import { $count } entries ({ $off } switched off)
}
import-hidden = { $count ->
    [one] also 1 that isn't shown
   *[other] also { $count } that aren't shown
}
import-taking = Importing…
import-cancel = Cancel
import-done = { $count ->
    [one] 1 entry was imported; its token or password is in the keyring.
   *[other] { $count } entries were imported; their tokens and passwords are in the keyring.
}
import-done-off = { $count ->
    [one] 1 of them is switched off.
   *[other] { $count } of them are switched off.
}
import-keep = { $count ->
    [one] 1 name was not imported. Its token or password may be only in { $name }: keep the file in a safe place.
   *[other] { $count } names were not imported. Their tokens and passwords may be only in { $name }: keep the file in a safe place.
}
import-keep-off = Or import it again, and take these in switched off.
import-delete = { $name } still holds these tokens and passwords. Please delete the file, and from the trash as well.
import-left-lines = { $count ->
    [one] 1 line was left out. Delete { $name } once you no longer need it: it still holds the tokens and passwords.
   *[other] { $count } lines were left out. Delete { $name } once you no longer need them: it still holds the tokens and passwords.
}
import-close = Close

## Status
status-heading = Status
status-empty = A host name and its update token are all it takes.
status-set-up = Set up a host name
update-now = Update now
update-now-done = Looking up the address…
pause = Pause
pause-for = How long to pause
pause-until-resumed = until resumed
pause-one-hour = for 1 hour
pause-until-tomorrow = until tomorrow at 06:00
resume = Resume
paused-until = Paused until { $when }.
paused-until-resumed = Paused until resumed.
chain-detected = Detected
chain-published = Published
chain-live = Live in DNS
chain-changed = changed elsewhere, seen { $when }
chain-gone = seen { $when }
chain-not-yet = not yet
chain-absent = This connection has no { $family } address.
chain-seen = { $when }, by { $source }
chain-accepted = accepted { $when }
next-step-at = { $when }, { $why }
why = Why this address?
why-source = Source
why-said = Answer
why-weight = Assessment
why-none = No source was asked.
this-is-home = This is my home too
changed-elsewhere-retry = Try again
open-switch = Publish it anyway…
last-reply = Last update
last-reply-accepted = { $how }, { $when }
last-reply-not-accepted = not accepted, { $when }
last-reply-none = none yet
enter-token = Enter new token
enter-password = Enter password
try-again = Try again
open-website = Open website
open-settings = Open settings
halted-since = Stopped { $when }. Nothing is sent until something is done here.
history-heading = History
history-empty = Nothing has been sent yet.
history-when = Time
history-host = Host name
history-addresses = Sent
history-result = Result
history-why = Why?
history-save = Save as a table (CSV)
chart-summary = Since { $from }: { $changes ->
    [0] no change of address.
    [one] 1 change of address.
   *[other] { $changes } changes of address, at most { $most } a day.
}
chart-changes = { $count ->
    [0] no change
    [one] 1 change
   *[other] { $count } changes
}
chart-outages = { $count ->
    [one] 1 outage ({ $time })
   *[other] { $count } outages ({ $time })
}
chart-period = { $from } to { $to }
chart-now = now
chart-stay = { $address }: { $period }
chart-outage = Without a successful update: { $period }
chart-per-day = Changes per day
chart-day = { $day }: { $count ->
    [one] 1 change
   *[other] { $count } changes
}

## New token
new-token-heading = New update token for { $hostname }
new-token-heading-account = Password for { $hostname }
new-token-refused = The service refused the token of { $hostname }.
new-token-refused-account = The service refused user “{ $user }” with this password for { $hostname }.
new-token-check = Do you still have the token? Then copy it once more: a letter may be missing.
new-token-about = A lost token can't be recovered: the service keeps no copy. A new one takes a minute and replaces the old one.
new-token-about-account = Try user and password by logging in on the website, then enter the password here. If the account is linked to a reseller, SPDYN accepts no password: press “Change the user, or use a token”. A token is safer in any case.
new-token-change-login = Change the user, or use a token
new-token-steps = Four steps on the website
step-log-in = Log in
step-log-in-about = Open the website and log in. If the account is linked to a reseller, use “Login with Reseller Account”.
step-host = Click the host
step-host-about = Click { $hostname } in the list of hosts.
step-create = Make the token
step-create-about = Choose “Update Token” in the Token column's drop-down, then press “+ Create Token”. A new token replaces the old one: enter it wherever that is used, for example in the router.
step-copy = Copy it now
step-copy-about = The token is shown only once. Copy it and paste it into the field on this page.
portal-log-in = Log in
portal-user = User
portal-password = Password
portal-host = Host
portal-token = Token
portal-update-token = Update Token
portal-create-token = + Create Token
portal-example-token = abcd-efgh-ijkl
portal-other-host = shop.spdns.de
portal-copy = Copy
new-token-field = Update token
new-token-field-account = Password
save-token = Save and update
save-token-waiting = Saved. Waiting for the server's answer…
save-token-accepted = Accepted: the service now has { $addresses } for { $hostname }.
save-token-accepted-plain = Accepted: { $hostname } is up to date.
save-token-refused-again = Refused again: this token isn't the current one of { $hostname }. Copy the newest one.
save-token-refused-again-account = Refused again: user name and password don't match. At SPDYN, an account that is linked to a reseller needs the host name as user and its update token as password.
save-token-state = Saved. { $hostname }: { $state }.
save-token-troubled = Saved, not confirmed yet. { $trouble } Next attempt { $when }.
save-token-unused = Saved. It is used for the next change of address.
new-token-done = Show the status
new-token-gone = This entry doesn't exist any more.

## Log and diagnostics
diagnostics-page-heading = Log and diagnostics
copy = Copy
copied = Copied
copy-what = Copy { $text }
copied-what = { $text } was copied.
open-host = Open { $hostname } in the browser
copy-failed = Copying isn't possible here.
save-file = Save as a file
save-file-done = Saved: { $path }
log-heading = Log
log-about = What Dyntray does, in English. The log never contains tokens.
log-level-label = Show
log-level-all = everything
log-level-from-info = information and above
log-level-from-warn = warnings and errors
log-level-from-error = errors only
log-filter = Search
log-filter-hint = part of a line
log-pause = Pause
log-resume = Resume
log-details = Details
log-open-folder = Open folder
log-count = { $shown } of { $all } lines
log-paused = paused
log-empty = The log is empty.
log-none-found = No line matches.
report-heading = Report a problem
report-help = Check the help first: it explains every message.
report-copy = Copy or save the text below. Add what you expected, and what happened instead.
report-where = Send both to the place you got Dyntray from: the issue list of its source code, or whoever set it up for you, for example your reseller. Dyntray itself sends nothing.
diagnostics-heading = Diagnostics
diagnostics-about = All that helps to find a fault, in one text: settings, state, network, the last lines of history and log. It contains host names and addresses, but no tokens or passwords. Nothing is sent; passing it on is up to you.
diagnostics-renew = Refresh

## More: groups, connections, appearance
more-addresses = Addresses
more-network = Home network and VPN
more-connections = Servers and proxy
more-program = Program
field-theme-about = Light or dark. High contrast follows the system.
field-proxy-about = Only updates, and the question about new versions, go through it. Look-ups go directly, because a proxy's address is not your own. Proxies that need a login and configuration scripts (PAC) can't be used.
field-proxy-address-about = Name or address, and port, for example proxy.example.org:3128.
field-releases-about = The web address where new versions of Dyntray are announced. Once a day, only the version number there is read; nothing is installed. If empty, nobody is asked.

## Changed elsewhere while it was typed here
conflict-newer = Saved meanwhile: { $value }
conflict-newer-nothing = Saved meanwhile: nothing
conflict-newer-many = Other values were saved meanwhile.
conflict-on = on
conflict-off = off
conflict-take = Take over the newer values
conflict-keep = Keep mine, and save

## Who is contacted
contacts = Dyntray contacts only: { $servers }.
contacts-none = Dyntray contacts nobody: no entry is enabled.
contacts-router = the router at home
contacts-name-servers = the host names' name servers
contacts-more = What for, and when?
contacts-heading = Who is contacted
contacts-about = These, with the saved settings, and nobody else.
contacts-who = Server
contacts-what = What for
contacts-when = When
contact-update = Updates { $hostnames }
contact-update-when = When an address has changed
contact-resolver = Your public address ({ $families })
contact-resolver-when = Every { $interval }, and when the network changes
contact-fall-back = Your public address ({ $families }), instead
contact-fall-back-when = Only when the first web resolver doesn't answer
contact-router-who = The router at home
contact-router = The address that the provider gave it
contact-router-when = All the time; nothing of it leaves the home network
contact-name-servers-who = The host names' name servers
contact-name-servers = Whether an update has arrived in DNS
contact-name-servers-when = After every update, then every few hours
contact-name-server = Whether an update has arrived in DNS
contact-name-server-when = After every update, then every few hours
contact-releases = The newest version's number
contact-releases-when = Once a day
contact-proxy = Passes on updates and the question about new versions
contact-proxy-when = With each of these
contact-system-proxy-who = The system's proxy
contact-system-proxy = Passes on updates and the question about new versions
contact-system-proxy-when = With each of these, where the system has a proxy set
contacts-notes = These servers are found through the system's own name servers. If a sign-in page seems to be in the way, the web resolver is asked once without encryption; the answer is used for nothing else.

## About
about-heading = About Dyntray
about-what = Keeps host names pointing to your internet connection.
about-version = Version
about-system = System
about-independent = Dyntray is an independent program. It is not a product of Securepoint, and SPDYN is a service of Securepoint.
about-places = Where things are kept
about-settings-folder = Settings
about-data-folder = State, history and log
about-secrets = Tokens and passwords
about-secrets-where = In the system's keyring, and nowhere else
about-never = What Dyntray never does
about-never-telemetry = Send usage data, statistics or crash reports to anybody.
about-never-others = Contact a server that isn't in the list above.
about-never-install = Download or install anything by itself.
about-never-show = Show a saved token or password again, or write one into the log.
keyboard-heading = Keyboard
keyboard-ctrl = Ctrl+{ $key }
newer = Dyntray { $version } has been announced.
newer-about = Nothing is installed automatically. The website that announced it says where to get it.
newer-open = Open website
newer-more = About Dyntray
licences = Licences
licences-own = Dyntray is free software, under the MIT licence or the Apache License 2.0, whichever you prefer.
licences-others = All licences, Dyntray's and those of everything it is made of
licences-about = Click a line to read the texts that come with that part.
licences-filter = Search
licences-filter-hint = name or licence
licences-count = { $shown } of { $all }
licences-none-found = Nothing matches.
licences-no-text = This part comes without a text; its licence is the one named here.

## Help
help-heading = Help
help-key = F1
help-about = These pages come with Dyntray and need no internet connection.
help-chapters = Chapters
help-all = All chapters
help-back = Back
help-search = Search
help-search-hint = For example DS-Lite, token, NAS
help-found = { $count ->
    [0] Nothing matches.
    [one] 1 place
   *[other] { $count } places
}
help-in-chapter = In this chapter
help-mean = What does this mean?

## Times
when-just-now = just now
when-any-moment = any moment now
when-on = on { $date }
